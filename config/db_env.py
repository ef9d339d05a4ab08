"""Where the databases are: the environment first, then the file the launcher leaves for other shells.

Reading this starts nothing. Without either, a placeholder address is returned whose use fails with a plain
connection error, so that `manage.py check` and the lint tools need no database.
"""

import json
import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS_FILE = ROOT / "var" / "run" / "connections.json"
_NOWHERE = "postgresql://fenqi@127.0.0.1:1/fenqi"


def _left_by_launcher() -> dict[str, str]:
    try:
        values = json.loads(CONNECTIONS_FILE.read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in values.items()}


def read(name: str, default: str = "") -> str:
    """The value of `name` from the environment, else from the launcher's file, else `default`."""
    return os.environ.get(name) or _left_by_launcher().get(name) or default


def database(url: str) -> dict[str, object]:
    """Django's database settings for a libpq URL; a `host` in the query (socket folder) wins."""
    parts = urlsplit(url or _NOWHERE)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", "") or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "OPTIONS": {**query, "application_name": "fenqi"},
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
