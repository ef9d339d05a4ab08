"""Servers of the tests' own: on loopback ports, with their data in a temporary folder, ended with the test."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from config.launcher.processes import die_with_parent
from config.launcher.system_user import let_walk_to, runner

PASSWORD = "outside"
LIMIT_S = 60


def program(name: str, *places: str) -> str:
    """The path of an installed program; skips the test where it is not."""
    found = next((f"{place}/{name}" for place in places if Path(place, name).exists()), None) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: bin/setup-services")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def within(limit_s: float, question: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.2)
    return question()


class Server:
    """One program that can be killed and started again on the same data and port."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}

    def user(self) -> dict[str, object]:
        return {}

    def ready(self) -> bool:
        return answers(self.port)

    def start(self) -> None:
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - the test has one thread here
                **self.user(),
            )
        if not within(LIMIT_S, self.ready):
            self.kill()
            raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """kill -9 of the server and all it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Postgres(Server):
    """Debian's PostgreSQL 15, with passwords over TCP."""

    PLACE = "/usr/lib/postgresql/15/bin"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        secret = folder / "password"
        secret.write_text(PASSWORD)
        let_walk_to(self.data)
        self.runner = runner()
        if self.runner.is_other:
            os.chown(folder, self.runner.uid, self.runner.gid)
            os.chown(secret, self.runner.uid, self.runner.gid)
        subprocess.run(
            [
                program("initdb", self.PLACE),
                "-D",
                str(self.data),
                "-U",
                "postgres",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                f"--pwfile={secret}",
            ],
            check=True,
            capture_output=True,
            **self.user(),
        )

    def user(self) -> dict[str, object]:
        return self.runner.drop()

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [program("postgres", self.PLACE), "-D", str(self.data), *words]

    def ready(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}"


class Redis(Server):
    """Debian's Redis, keeping what it acknowledged."""

    def command(self) -> list[str]:
        return [
            program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
            "--save", "", "--appendonly", "yes", "--appendfsync", "always",
        ]  # fmt: skip

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


class NameServer(Server):
    """Erlang's port mapper, which RabbitMQ would else leave behind."""

    def command(self) -> list[str]:
        return [program("epmd"), "-address", "127.0.0.1", "-port", str(self.port)]


class RabbitMQ(Server):
    """Debian's RabbitMQ, one node."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.distribution = free_port()
        self.names = NameServer(folder / "epmd")
        (folder / "enabled_plugins").write_text("[].\n")
        (folder / "advanced.conf").write_text("loopback_users = none\n")

    def command(self) -> list[str]:
        return [program("rabbitmq-server", "/usr/lib/rabbitmq/bin")]

    def environment(self) -> dict[str, str]:
        return super().environment() | {
            "RABBITMQ_NODENAME": "fenqi@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.distribution),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "advanced.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.names.port),
        }

    def start(self) -> None:
        if self.names.process is None:
            self.names.start()
        super().start()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"


class Fenqi(Server):
    """The product as `make run` starts it, from a copy of the tree."""

    LEFT_OUT = (".git", ".venv", "var", ".mypy_cache", ".ruff_cache", ".hypothesis", "__pycache__")

    def __init__(self, folder: Path, *, root: Path, **variables: str) -> None:
        shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*self.LEFT_OUT))
        super().__init__(folder)
        self.variables = variables

    def command(self) -> list[str]:
        return [sys.executable, "-m", "config.launcher"]

    def environment(self) -> dict[str, str]:
        return super().environment() | {
            "PORT": str(self.port),
            "FENQI_DEMO": "off",
            "WEB_WORKERS": "1",
            "WORKERS": "1",
            **self.variables,
        }

    def ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
        return "ready in" in (self.folder / "log").read_text(errors="replace")

    def stop(self) -> int:
        """Ctrl-C."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        self.process = None
        return code
