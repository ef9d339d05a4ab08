"""A child that dies is replaced, with what it left of its own ended first."""

import os
import signal
import sys
import time

import psutil
import pytest

from config.launcher import supervisor as supervisor_module
from config.launcher.processes import ChildSpec
from config.launcher.supervisor import Supervisor

pytestmark = pytest.mark.faults

SLEEPER = "import time; time.sleep(600)"
PARENT = f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); print(p.pid, flush=True); time.sleep(600)"


def spec(name, code):
    return ChildSpec(name=name, command=(sys.executable, "-c", code))


@pytest.fixture
def supervise(tmp_path):
    made = []

    def make(*specs):
        supervisor = Supervisor(specs, log_folder=tmp_path)
        made.append(supervisor)
        supervisor.start()
        return supervisor

    yield make
    for supervisor in made:
        supervisor.stop()


def poll_until(supervisor, question, limit_s=30.0):
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline and not question():
        supervisor.poll()
        time.sleep(0.05)
    return question()


def test_a_killed_child_is_replaced_within_30_seconds_and_the_other_is_left_alone(supervise):
    supervisor = supervise(spec("a", SLEEPER), spec("b", SLEEPER))
    first = supervisor.pids()

    os.kill(first["a"], signal.SIGKILL)

    assert poll_until(supervisor, lambda: supervisor.pids().get("a") not in {None, first["a"]})
    assert supervisor.pids()["b"] == first["b"]


def test_orphans_of_a_killed_child_are_ended_before_its_successor_starts(supervise, tmp_path):
    supervisor = supervise(spec("a", PARENT))
    assert poll_until(supervisor, lambda: (tmp_path / "a.log").read_text().strip())
    orphan = int((tmp_path / "a.log").read_text())

    os.kill(supervisor.pids()["a"], signal.SIGKILL)

    assert poll_until(supervisor, lambda: not psutil.pid_exists(orphan))


def test_a_child_that_keeps_dying_is_started_ever_more_slowly(supervise, monkeypatch, tmp_path):
    monkeypatch.setattr(supervisor_module, "FIRST_WAIT_S", 0.2)
    supervisor = supervise(spec("a", "print('born', flush=True)"))

    deadline = time.monotonic() + 6
    while time.monotonic() < deadline:
        supervisor.poll()
        time.sleep(0.05)

    assert 2 <= (tmp_path / "a.log").read_text().count("born") <= 6


def test_a_child_that_ignores_the_stop_is_killed(supervise, tmp_path):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    supervisor = supervise(spec("a", deaf))
    assert poll_until(supervisor, lambda: "deaf" in (tmp_path / "a.log").read_text())
    pid = supervisor.pids()["a"]

    supervisor.stop(limit_s=0.5)

    assert not psutil.pid_exists(pid)


def test_a_log_that_grew_too_long_keeps_one_older_part(supervise, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor_module, "LOG_LIMIT_BYTES", 100)
    supervisor = supervise(spec("a", f"print('x' * 500, flush=True); {SLEEPER}"))

    assert poll_until(supervisor, (tmp_path / "a.log.1").exists)
    assert (tmp_path / "a.log").stat().st_size == 0
    assert (tmp_path / "a.log.1").stat().st_size == 501
