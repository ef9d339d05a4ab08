"""What is looked at before anything is started."""

import errno
import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.launcher.errors import LAST_PORT, BadSetting, DiskFull, NotWritable, PortTaken

ROOM_FIRST_BYTES = 300_000_000  # cluster, write-ahead log, demo
ROOM_LATER_BYTES = 50_000_000


@dataclass(frozen=True)
class Settings:
    """The environment variables that the launcher itself obeys."""

    host: str
    port: int
    web_workers: int
    worker_processes: int
    database_url: str
    broker_url: str
    wants_demo: bool

    @property
    def base_url(self) -> str:
        """The address to type into a browser on this machine."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", ""} else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read HOST, PORT, WEB_WORKERS, WORKERS, DATABASE_URL, CELERY_BROKER_URL and FENQI_DEMO. Raises BadSetting."""
    return Settings(
        host=environment.get("HOST") or "127.0.0.1",
        port=_number(environment, "PORT", default=8000, most=LAST_PORT),
        web_workers=_number(environment, "WEB_WORKERS", default=2, most=64),
        worker_processes=_number(environment, "WORKERS", default=2, most=64),
        database_url=environment.get("DATABASE_URL", ""),
        broker_url=environment.get("CELERY_BROKER_URL", ""),
        wants_demo=environment.get("FENQI_DEMO", "on").lower() not in {"off", "0", "no", "false"},
    )


def check_port(*, host: str, port: int) -> None:
    """Raise PortTaken if another program listens there, BadSetting if the host is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError as error:
            raise BadSetting(
                f"Port {port} is reserved for root: choose one above 1023, such as `PORT=8000`."
            ) from error
        except socket.gaierror as error:
            raise BadSetting(f"HOST={host} is not an address: leave it out to listen on 127.0.0.1.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(port=port) from error
            raise BadSetting(f"HOST={host} is not an address of this machine: leave it out for 127.0.0.1.") from error


def check_room(folder: Path, *, is_first: bool) -> None:
    """Raise DiskFull or NotWritable if the folder cannot hold what a start writes."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NotWritable(where=folder)
    if shutil.disk_usage(folder).free < (ROOM_FIRST_BYTES if is_first else ROOM_LATER_BYTES):
        raise DiskFull(where=folder)


def _number(environment: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
        raise BadSetting(f"{name}={text} is not a number from 1 to {most}: leave it out for {default}.")
    return int(text)
