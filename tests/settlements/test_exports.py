"""Exports: a plain csv reader re-adds the trailer, the hash covers every byte before it, nothing attacks the reader."""

import csv
import errno
import hashlib
import io
from decimal import Decimal
from uuid import UUID

import pytest

from domain.ledger import Account, Leg, LineType, Purpose, capture_legs
from foundation import db, ids
from foundation.jobs import LeaseLost
from settlements.models import Export
from settlements.selectors import lines
from settlements.services import booking, export_file, export_run, exports
from settlements.services.exports import Options
from tests.settlements import world as w

pytestmark = pytest.mark.usefixtures("database")

COLUMNS = [
    "schema_version",
    "statement_id",
    "statement_version",
    "party_type",
    "party_id",
    "period_start",
    "period_end",
    "line_no",
    "line_type",
    "transfer_id",
    "reverses_id",
    "event_id",
    "effective_at",
    "booked_on",
    "order_id",
    "order_reference",
    "item_id",
    "sku",
    "store_id",
    "campaign_id",
    "campaign_version",
    "rule_set",
    "claim_id",
    "term",
    "counterparty_type",
    "counterparty_id",
    "account",
    "currency",
    "gross_debit",
    "gross_credit",
    "subsidy_government",
    "subsidy_brand",
    "subsidy_merchant",
    "subsidy_platform",
    "lender_fee",
    "platform_fee",
    "tax_code",
    "tax_amount",
    "net_debit",
    "net_credit",
    "balance_after",
    "payout_id",
    "end_to_end_id",
    "bank_value_date",
    "prior_period",
    "reason_code",
    "note",
]
SUMMED = [
    "gross_debit", "gross_credit", "subsidy_government", "subsidy_brand", "subsidy_merchant", "subsidy_platform",
    "lender_fee", "platform_fee", "net_debit", "net_credit",
]  # fmt: skip
KINDS = SUMMED[:8]


def statement_of(database, party: UUID) -> UUID:
    return database.execute("SELECT id FROM settlements_statement WHERE party_id = %s", (party,)).fetchone()[0]


def export(world, *, party=None, kind="statement_lines", statement=None, options=None, tenant=None, **rest) -> UUID:
    tenant = tenant or party or world.merchant
    with db.tenant_transaction(tenant):
        row = exports.request_export(
            tenant_id=tenant,
            person_id=w.MAKER,
            kind=kind,
            format="csv",
            now=w.NOW,
            statement_id=statement,
            options=options,
            **rest,
        )
    return row.id


def made(world, database, party, **options) -> bytes:
    key = export(world, party=party, statement=statement_of(database, party), options=Options(**options))
    assert export_run.run_export(export_id=key, lease=None, now=w.NOW)
    return exports.path_of(key).read_bytes()


def read(data: bytes):
    """What an auditor does with nothing but a csv reader: rows, trailer, and the bytes before the trailer."""
    text = data.decode("utf-8-sig")
    *rows, trailer = list(csv.DictReader(io.StringIO(text, newline="")))
    cut = data.rindex(b"TRAILER,")
    return rows, trailer, data[:cut]


def check_proof(data: bytes):
    rows, trailer, before = read(data)
    assert trailer["schema_version"] == "TRAILER"
    assert int(trailer["line_no"]) == len(rows)
    assert trailer["note"] == hashlib.sha256(before).hexdigest()
    for name in SUMMED:
        assert Decimal(trailer[name]) == sum((Decimal(row[name]) for row in rows), Decimal(0)), name
    for row in rows:
        assert sum(Decimal(row[name]) for name in KINDS) == Decimal(row["net_debit"]) + Decimal(row["net_credit"])
        assert 0 in {Decimal(row["net_debit"]), Decimal(row["net_credit"])}
    return rows


def test_the_columns_are_those_of_the_contract_in_their_order(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)

    header = made(world, database, world.merchant).split(b"\r\n", 1)[0].decode()

    assert header.split(",") == COLUMNS == list(lines.COLUMNS)


def test_the_merchants_file_of_the_worked_example_re_adds_in_yuan_and_in_fen(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)

    yuan = check_proof(made(world, database, world.merchant))
    fen = check_proof(made(world, database, world.merchant, money="minor", newline="lf", bom=True))

    assert [(row["line_type"], row["net_debit"], row["net_credit"], row["balance_after"]) for row in yuan] == [
        ("sale", "0.00", "5100.00", "5100.00"),
        ("lender_fee", "220.32", "0.00", "4879.68"),
        ("subsidy", "0.00", "900.00", "900.00"),
        ("platform_fee", "30.60", "0.00", "4849.08"),
    ]
    assert [row["net_credit"] for row in fen] == ["510000", "0", "90000", "0"]
    assert [row["subsidy_merchant"] for row in fen] == ["0", "22032", "0", "0"]
    assert yuan[0]["account"] == f"{ids.public_id('mer', world.merchant)}/merchant_pending/CNY"
    assert yuan[0]["counterparty_id"] == ids.public_id("len", world.lender)
    assert yuan[2]["claim_id"].startswith("clm_")


def test_every_party_of_the_example_gets_a_file_that_proves_itself(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)

    lender = check_proof(made(world, database, world.lender))
    brand = check_proof(made(world, database, world.brand))

    assert [row["lender_fee"] for row in lender] == ["0.00", "220.32", "110.16", "36.72"]
    assert [(row["subsidy_brand"], row["net_debit"]) for row in brand] == [("110.16", "110.16")]


def test_two_exports_of_one_statement_are_the_same_bytes(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)

    assert made(world, database, world.merchant) == made(world, database, world.merchant)


def test_the_statements_own_hash_is_the_export_in_fen_with_the_chain_line_before_it(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    rows, _, before = read(made(world, database, world.merchant, money="minor", newline="lf"))
    previous, opening, closing, stored = database.execute(
        "SELECT previous_sha256, opening_minor, closing_minor, sha256 FROM settlements_statement WHERE party_id = %s",
        (world.merchant,),
    ).fetchone()

    body = before.split(b"\n", 1)[1]
    chain = f"{previous},{opening},{closing},{len(rows)}\n".encode()

    assert hashlib.sha256(chain + body).hexdigest() == stored


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋"])
def test_text_that_would_be_a_formula_is_neutralised_and_numbers_never_are(database, start):
    world = w.make_world()
    with db.tenant_transaction(world.merchant):
        legs = capture_legs(facts=w.worked_example(world))
        booking.book([w.event_of(world, legs, key="c", order_reference=f'{start}cmd|"/c calc",x')])
    w.close_and_settle(world)

    rows = check_proof(made(world, database, world.merchant))

    assert rows[0]["order_reference"] == f'\'{start}cmd|"/c calc",x'
    assert all(not row["net_debit"].startswith("'") for row in rows)


def test_a_balance_below_zero_keeps_its_minus_sign(database):
    world = w.make_world()
    mer, plt = world.contract.merchant_id, world.contract.platform_id
    leg = Leg(
        debit=Account(mer, Purpose.MERCHANT_AVAILABLE),
        credit=Account(plt, Purpose.PLATFORM_FEE_INCOME),
        amount_minor=101,
        line_type=LineType.PLATFORM_FEE,
    )
    with db.tenant_transaction(world.merchant):
        booking.book([w.event_of(world, [leg], key="fee")])
    w.close_and_settle(world)

    (row,) = check_proof(made(world, database, world.merchant))

    assert row["balance_after"] == "-1.01"


def test_a_full_disk_gives_a_failed_export_with_a_reason_and_no_file(database, monkeypatch, export_root):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key = export(world, statement=statement_of(database, world.merchant))

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export_run, "make_durable", full)
    export_run.run_export(export_id=key, lease=None, now=w.NOW)

    state, error = database.execute("SELECT state, error FROM settlements_export WHERE id = %s", (key,)).fetchone()
    assert (state, error) == ("failed", "file_not_written: No space left on device")
    assert list(export_root.iterdir()) == []


def test_a_device_that_is_really_full_fails_the_same_way():
    # /dev/full takes no byte: the write itself fails, as on a full disk.
    with open("/dev/full", "wb", buffering=0) as handle:
        file = export_file.ProvenFile(handle, newline="lf", bom=False)

        with pytest.raises(OSError, match="No space left"):
            file.header(COLUMNS)


def test_left_overs_of_a_killed_run_are_removed_by_the_next(database, export_root):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key = export(world, statement=statement_of(database, world.merchant))
    export_root.mkdir(parents=True)
    (export_root / f".{key.hex}.1.part").write_bytes(b"half")

    export_run.run_export(export_id=key, lease=None, now=w.NOW)

    assert [path.name for path in export_root.iterdir()] == [f"{key.hex}.csv"]


def test_a_worker_that_lost_its_job_puts_nothing_in_place(database, monkeypatch, export_root):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key = export(world, statement=statement_of(database, world.merchant))

    def lost(_lease):
        raise LeaseLost(epoch=1)

    monkeypatch.setattr(export_run.jobs, "fence", lost)
    monkeypatch.setattr(export_run.jobs, "progress", lambda *_a, **_k: None)
    with pytest.raises(LeaseLost):
        export_run.run_export(export_id=key, lease=object(), now=w.NOW)

    assert list(export_root.iterdir()) == []


def test_another_merchants_statement_is_unknown_and_an_unknown_kind_refused(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)

    with pytest.raises(ids.UnknownId):
        export(world, tenant=world.other, statement=statement_of(database, world.merchant))
    with pytest.raises(exports.StatementRequired):
        export(world)
    with pytest.raises(exports.ExportKindUnsupported):
        export(world, kind="plans")


def test_transfers_of_closed_days_export_with_each_party_seeing_its_own(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    w.capture(world, key="tomorrow")

    counts = {}
    for name in ("merchant", "brand", "other", "platform"):
        key = export(world, kind="transfers", tenant=getattr(world, name))
        export_run.run_export(export_id=key, lease=None, now=w.NOW)
        rows, trailer, before = read(exports.path_of(key).read_bytes())
        assert trailer["note"] == hashlib.sha256(before).hexdigest()
        counts[name] = len(rows)

    assert counts == {"merchant": 4, "brand": 1, "other": 0, "platform": 6}


def test_a_link_opens_for_its_person_until_ten_minutes_later(database):
    from datetime import timedelta

    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key = export(world, statement=statement_of(database, world.merchant))
    export_run.run_export(export_id=key, lease=None, now=w.NOW)
    mine = {"export_id": key, "tenant_id": world.merchant, "person_id": w.MAKER}
    token = exports.token_for(**mine, now=w.NOW)

    def opened(*, at=w.NOW, token=token, **changes):
        asked = mine | changes
        with db.tenant_transaction(asked["tenant_id"]):
            return exports.open_download(token=token, now=at, **asked)

    assert opened(at=w.NOW + timedelta(minutes=9, seconds=59)).name.endswith("_2026-11-21_v1.csv")
    for refused in (
        {"at": w.NOW + timedelta(minutes=10)},
        {"person_id": w.CHECKER},
        {"person_id": None},
        {"tenant_id": world.other},
        {"token": token[:-1] + ("A" if token[-1] != "A" else "B")},
    ):
        with pytest.raises(exports.LinkRefused):
            opened(**refused)


def test_a_finished_export_is_not_made_again(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key = export(world, statement=statement_of(database, world.merchant))
    export_run.run_export(export_id=key, lease=None, now=w.NOW)

    assert not export_run.run_export(export_id=key, lease=None, now=w.NOW)
    with db.tenant_transaction(world.merchant):
        row = Export.objects.get(pk=key)
    data = exports.path_of(key).read_bytes()
    assert (row.rows_done, row.size_bytes, row.sha256) == (4, len(data), hashlib.sha256(data).hexdigest())
