"""What the figures were measured on: no names of hosts, no paths."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

PACKAGES = ("django", "djangorestframework", "granian", "msgspec", "psycopg", "celery")


def facts(admin_url: str) -> dict[str, Any]:
    """Cores, memory, load and versions."""
    with psycopg.connect(admin_url) as connection:
        server = connection.info.server_version
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load_before": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "postgresql": f"{server // 10_000}.{server % 10_000}",
        **{name: version(name) for name in PACKAGES},
    }


def cpu_seconds(pids: list[int]) -> float:
    """User and system time that these processes have used, from /proc."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children_of(pid: int) -> list[int]:
    """A process and all that came of it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += children_of(int(child))
    return found


def cores() -> tuple[int, int]:
    """A core for the server and one for the load (the same one where there is only one)."""
    mine = sorted(os.sched_getaffinity(0))
    return mine[0], mine[-1]
