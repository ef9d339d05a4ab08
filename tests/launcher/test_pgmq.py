"""Messages sent through the queue in PostgreSQL reach a worker, headers, long names and all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import pgmq

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def tiny(own_roles, tmp_path, monkeypatch):
    notes = tmp_path / "notes"
    notes.touch()
    monkeypatch.setenv("TINY_FILE", str(notes))
    monkeypatch.setenv("TINY_BROKER_URL", pgmq.broker_url(own_roles["broker"]))
    from tests.launcher import tiny_celery

    tiny_celery.app.conf.broker_url = os.environ["TINY_BROKER_URL"]
    return tiny_celery, notes


@pytest.fixture
def worker(tiny):
    command = [sys.executable, "-m", "celery", "-A", "tests.launcher.tiny_celery", "worker", "-c", "1", "-l", "warning"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # Without Django's settings: this worker is of the test, not of the product.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(
        [*command, *quiet], cwd=ROOT, env={**environment, "C_FORCE_ROOT": "1"}, start_new_session=True
    )
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_task_reaches_a_worker_and_the_worker_sends_one_itself(tiny, worker):
    celery, notes = tiny

    celery.note.delay("hello")

    deadline = time.monotonic() + 30
    while len(notes.read_text().splitlines()) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert notes.read_text().splitlines() == ["hello", "hello again"]


def test_two_long_names_that_begin_alike_stay_apart():
    class Bare(pgmq.Channel):
        def __init__(self):
            self.__dict__["queue_name_prefix"] = ""

    first = Bare().canonical_queue_name("x" * 60 + "1")
    second = Bare().canonical_queue_name("x" * 60 + "2")

    assert first != second
    assert max(len(first), len(second)) <= 47


def test_an_address_in_a_log_hides_the_password():
    url = "pgmq://fenqi_broker:secret@/fenqi?host=/a%20b"

    assert pgmq.Transport.as_uri(url) == "pgmq://fenqi_broker:**@/fenqi?host=/a%20b"
