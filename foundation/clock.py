"""The one reader of the clock. Everything else is told what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant, aware and in UTC. Read it once at the edge (view, task, command) and pass it in."""
    return datetime.now(UTC)
