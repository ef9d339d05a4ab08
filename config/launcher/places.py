"""Where a start keeps its files, all under `var/` of the project."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Places:
    """The folders and files of one checkout."""

    root: Path

    @property
    def var(self) -> Path:
        """Everything that is not in git."""
        return self.root / "var"

    @property
    def data(self) -> Path:
        """The embedded PostgreSQL's data directory."""
        return self.var / "pg"

    @property
    def run(self) -> Path:
        """What belongs to the present start: locks, addresses, process numbers."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        """One log per child."""
        return self.var / "log"

    @property
    def demo(self) -> Path:
        """What the demo command tells the banner."""
        return self.var / "demo.json"

    def make(self) -> None:
        """Create the folders."""
        for folder in (self.var, self.run, self.log):
            folder.mkdir(parents=True, exist_ok=True)


def write_private(path: Path, value: dict[str, Any]) -> None:
    """Replace a JSON file at once, readable by its owner only."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(value, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object from a file; an absent or broken one counts as empty."""
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def kept_secrets(places: Places) -> dict[str, str]:
    """Return the secrets of this checkout, made at random on the first start and kept from then on."""
    path = places.var / "secrets.json"
    kept = {name: str(value) for name, value in read_json(path).items()}
    missing = {name: secrets.token_urlsafe(48) for name in ("secret_key", "database_secret") if name not in kept}
    if missing:
        write_private(path, kept | missing)
    return kept | missing
