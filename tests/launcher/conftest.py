"""One embedded server of the launcher's own tests, in a path with spaces."""

from pathlib import Path

import pytest

from config import embedded, roles

SECRET = "launcher-tests"


@pytest.fixture(scope="session")
def spaced_data_dir(tmp_path_factory):
    data_dir = tmp_path_factory.mktemp("fenqi") / "a folder" / "pg"
    yield data_dir
    embedded.stop(data_dir)


@pytest.fixture(scope="session")
def own_roles(spaced_data_dir: Path):
    return roles.provision(embedded.start(spaced_data_dir, durable=False), database="fenqi", secret=SECRET)
