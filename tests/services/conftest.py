"""One outside PostgreSQL and one copy of the tree's place for all tests of this folder."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.outside import Postgres, RabbitMQ, Redis, Server

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # Not below pytest's own folder: every start of pytest closes that to other users, and PostgreSQL is one under root.
    with tempfile.TemporaryDirectory(prefix="fenqi-postgres15-") as folder:
        server = Postgres(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request, tmp_path) -> Iterator[Server]:
    server = {"redis": Redis, "rabbitmq": RabbitMQ}[request.param](tmp_path / request.param)
    server.start()
    yield server
    server.kill()
    if isinstance(server, RabbitMQ):
        server.names.kill()
