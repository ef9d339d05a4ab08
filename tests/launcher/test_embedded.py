"""The embedded PostgreSQL starts wherever it is, and after whatever happened to it."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from config import embedded
from config.launcher import errors, postmaster

pytestmark = pytest.mark.faults


def pid_of(data_dir):
    return postmaster.read(data_dir).pid


def one(url, query):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def test_a_server_in_a_path_with_spaces_listens_on_no_network(spaced_data_dir, own_roles):
    url = embedded.start(spaced_data_dir)

    assert one(url, "SHOW listen_addresses") == ""
    assert one(url, "SHOW data_checksums") == "on"


def test_a_running_server_is_used_again(spaced_data_dir, own_roles):
    before = pid_of(spaced_data_dir)

    embedded.start(spaced_data_dir)

    assert pid_of(spaced_data_dir) == before


def test_only_its_owner_can_enter_the_folder_of_the_socket(spaced_data_dir, own_roles):
    assert spaced_data_dir.stat().st_mode & 0o777 == 0o700


def test_a_killed_server_comes_back_with_its_data(tmp_path):
    data_dir = tmp_path / "pg"
    url = embedded.start(data_dir)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")

    os.kill(pid_of(data_dir), signal.SIGKILL)
    url = embedded.start(data_dir)

    assert one(url, "SELECT n FROM kept") == 42
    embedded.stop(data_dir)
    assert not embedded.is_running(data_dir)


def test_a_process_number_given_to_another_program_does_not_hold_the_server_back(tmp_path):
    data_dir = tmp_path / "pg"
    embedded.start(data_dir, durable=False)
    words = (data_dir / "postmaster.pid").read_text().splitlines()
    embedded.stop(data_dir)
    (data_dir / "postmaster.pid").write_text("\n".join([str(os.getpid()), *words[1:]]) + "\n")

    url = embedded.start(data_dir, durable=False)

    assert one(url, "SELECT 1") == 1
    embedded.stop(data_dir)


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path):
    data_dir = tmp_path / ("long" * 30) / "pg"

    url = embedded.start(data_dir, durable=False)

    assert one(url, "SHOW fsync") == "off"
    embedded.stop(data_dir)


def test_an_interrupted_creation_is_begun_afresh(tmp_path):
    half_made = tmp_path / "pg.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")

    url = embedded.start(tmp_path / "pg", durable=False)

    assert one(url, "SELECT 1") == 1
    embedded.stop(tmp_path / "pg")


def test_data_of_an_older_postgresql_are_refused_in_one_sentence(tmp_path):
    data_dir = tmp_path / "pg"
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("16\n")

    with pytest.raises(errors.DataFromOtherVersion, match="made by PostgreSQL 16 and this release runs PostgreSQL 18"):
        embedded.start(data_dir)


def test_two_starters_at_once_share_one_server(tmp_path):
    code = "import sys; from pathlib import Path; from config import embedded; embedded.start(Path(sys.argv[1]), durable=False)"
    command = [sys.executable, "-c", code, str(tmp_path / "pg")]

    both = [subprocess.Popen(command) for _ in range(2)]
    codes = [process.wait(timeout=60) for process in both]

    assert codes == [0, 0]
    assert one(embedded.start(tmp_path / "pg"), "SELECT 1") == 1
    began = time.monotonic()
    embedded.stop(tmp_path / "pg")
    assert time.monotonic() - began < 30
