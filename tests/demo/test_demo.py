"""The demo is made by the product's own rules: what it leaves must prove itself like any other history."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg import Connection

from portal.demo import document, history, loading
from portal.demo.cast import Cast
from portal.proofs import problems

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)  # 15:30 in Shanghai


def _load(days: int) -> Cast:
    return loading.load(now=NOW, days=days, say=lambda _line: None)


def _count(database: Connection, table: str) -> int:
    row = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return row[0]


def test_three_days_close_two_and_every_statement_proves_itself_and_a_second_load_adds_nothing(
    database: Connection, tmp_path: Path
):
    cast = _load(days=3)

    closed = database.execute("SELECT day::text FROM settlements_closedday ORDER BY day").fetchall()
    assert closed == [("2026-11-19",), ("2026-11-20",)]
    plans = _count(database, "installments_plan")
    assert plans > 500
    assert _count(database, "settlements_claim") > 100
    kinds = {row[0] for row in database.execute("SELECT DISTINCT party_type FROM settlements_statement").fetchall()}
    assert kinds == {"merchant", "brand", "lender", "government", "platform"}
    assert problems() == []

    assert _load(days=3) == cast
    assert _count(database, "installments_plan") == plans
    _the_document_is_whole_and_keeps_its_keys(cast, tmp_path / "demo.json")


def _the_document_is_whole_and_keeps_its_keys(cast: Cast, path: Path) -> None:
    document.write(path=path, cast=cast, base_url="http://127.0.0.1:8000", now=NOW)
    first = json.loads(path.read_text())
    document.write(path=path, cast=cast, base_url="http://127.0.0.1:8001", now=NOW + timedelta(hours=1))
    second = json.loads(path.read_text())

    assert [len(row["stores"]) for row in first["merchants"]] == [50, 1]
    for row in first["merchants"]:
        assert sorted(row["keys"]) == ["checker", "expired", "publishable", "read_only", "revoked", "secret"]
    people = [*first["merchants"][0]["sign_ins"], *first["operator"]["sign_ins"]]
    assert {row["role"] for row in people} == {
        "owner", "marketing", "finance", "clerk", "developer", "viewer", "operator", "risk", "auditor",
    }  # fmt: skip
    states = {row["state"] for row in first["merchants"][0]["campaigns"]}
    assert states == {"live", "paused", "ended", "scheduled", "in_review", "draft"}
    assert path.stat().st_mode & 0o077 == 0
    assert second["merchants"][0]["keys"] == first["merchants"][0]["keys"]
    assert second["base_url"] == "http://127.0.0.1:8001"


def test_a_load_cut_off_in_the_middle_of_a_day_goes_on_and_doubles_nothing(
    database: Connection, monkeypatch: pytest.MonkeyPatch
):
    _load(days=2)
    whole = database.execute(
        "SELECT order_reference, payable_minor, state FROM installments_plan ORDER BY 1"
    ).fetchall()
    tables = database.execute(
        "SELECT string_agg(format('DELETE FROM %I', relname), ';') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'django_migrations'"
    ).fetchone()
    assert tables is not None
    database.execute(tables[0])

    class CutOffError(Exception):
        """Stands for a kill in the middle of a day."""

    calls = 0
    buy = history.buy

    def cut_off(**facts: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise CutOffError
        buy(**facts)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "buy", cut_off)
    with pytest.raises(CutOffError):
        _load(days=2)
    monkeypatch.setattr(history, "buy", buy)
    _load(days=2)

    again = database.execute(
        "SELECT order_reference, payable_minor, state FROM installments_plan ORDER BY 1"
    ).fetchall()
    assert again == whole
    assert problems() == []
