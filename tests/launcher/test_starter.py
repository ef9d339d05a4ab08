"""However a starter ends, nothing of it is left; and only one starts at a time."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config import embedded
from config.launcher import checks, errors, places, processes
from config.launcher.start import Start

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-m", "tests.launcher.starter_of_the_test"]


def marked(mark):
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(processes.MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def within(limit_s, question):
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.1)
    return question()


@pytest.fixture
def free_port(monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    return port


@pytest.fixture
def starter(tmp_path, free_port):
    started = []

    def begin():
        process = subprocess.Popen([*COMMAND, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        words = process.stdout.readline().split()
        assert words[:1] == ["up"]
        assert within(5, lambda: len(marked(words[1])) == 4)
        return process, words[1]

    yield begin
    for process in started:
        process.kill()
        process.wait()
    embedded.stop(places.Places(root=tmp_path).data)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_after_an_orderly_end_nothing_is_left(starter, tmp_path, ending):
    process, mark = starter()

    process.send_signal(ending)

    assert process.wait(timeout=20) == 0
    assert marked(mark) == []
    assert not embedded.is_running(places.Places(root=tmp_path).data)


def test_after_kill_9_of_the_starter_nothing_is_left(starter, tmp_path):
    process, mark = starter()

    process.kill()

    assert within(15, lambda: marked(mark) == [])
    assert within(15, lambda: not embedded.is_running(places.Places(root=tmp_path).data))


def test_what_a_killed_starter_and_reaper_left_is_ended_by_the_next(starter, tmp_path):
    process, mark = starter()
    reapers = [child for child in psutil.Process(process.pid).children() if "config.launcher.reaper" in child.cmdline()]
    assert len(reapers) == 1
    reapers[0].kill()
    process.kill()
    process.wait()

    second, second_mark = starter()

    assert within(5, lambda: marked(mark) == [])
    second.terminate()
    assert second.wait(timeout=20) == 0
    assert marked(second_mark) == []


def test_a_second_starter_says_that_one_is_running(starter, tmp_path):
    process, _ = starter()

    with pytest.raises(errors.AlreadyRunning, match=f"already running from this folder .process {process.pid}"):
        Start(root=tmp_path)._take_over()


def test_a_taken_port_is_named_with_a_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]

        with pytest.raises(errors.PortTaken, match=rf"Port {port} is taken .* `PORT={port + 1} make run`"):
            checks.check_port(host="127.0.0.1", port=port)


@pytest.mark.parametrize("text", ["0", "65536", "http", "8000.5", "٨٠٠٠"])
def test_a_port_that_is_no_port_is_refused(text):
    with pytest.raises(errors.BadSetting, match="is not a number from 1 to 65535"):
        checks.read_settings({"PORT": text})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file system of its own")
@pytest.mark.full
def test_a_full_disk_is_said_in_one_sentence(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)], check=False).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(errors.DiskFull, match="is full: free some space"):
            embedded.start(small / "pg", durable=False)
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_too_little_room_is_noticed_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "ROOM_FIRST_BYTES", 10**18)

    with pytest.raises(errors.DiskFull):
        checks.check_room(tmp_path, is_first=True)
