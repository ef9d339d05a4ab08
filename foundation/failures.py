"""Counts of failures that all processes share, so that a brake holds however many of them serve.

A name (an e-mail, an address) is kept as a keyed hash only. A window begins with the first failure and ends by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from foundation import crypto, db
from foundation.models import FailureCount

_MOST: Final = 1_000_000
_COUNT: Final = """
INSERT INTO failure_count AS kept (key, count, since)
SELECT key, 1, %(now)s FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS named (key, place) ORDER BY place
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.since <= %(over)s THEN 1 ELSE least(kept.count + 1, %(most)s) END,
    since = CASE WHEN kept.since <= %(over)s THEN EXCLUDED.since ELSE kept.since END
"""


def key_of(*, kind: str, name: str) -> str:
    """The key of a name: the same in every process, and no way back."""
    return crypto.keyed_hash(f"{kind}/{name}", purpose="failures").hex()


def count(*, keys: Sequence[str], window: timedelta, now: datetime) -> None:
    """Count one failure of each key, in one statement; a window that is over begins anew."""
    # In one order everywhere: two statements with the same keys cannot wait for each other in a circle.
    facts: dict[str, Any] = {"keys": sorted(set(keys)), "now": now, "over": now - window, "most": _MOST}
    with db.cursor() as cursor:
        cursor.execute(_COUNT, facts)


def counted(*, keys: Sequence[str], window: timedelta, now: datetime) -> dict[str, tuple[int, datetime]]:
    """How many failures each key has in its window, and since when; keys without any are left out."""
    rows = FailureCount.objects.filter(key__in=keys, since__gt=now - window)
    return {key: (number, since) for key, number, since in rows.values_list("key", "count", "since")}


def forget(*, key: str | None = None) -> None:
    """Forget one key, or all of them."""
    rows = FailureCount.objects.all() if key is None else FailureCount.objects.filter(key=key)
    rows.delete()
