"""What the database itself refuses, whatever the code does."""

import psycopg
import pytest
from django.db import connections
from django.db.utils import DatabaseError, ProgrammingError

from foundation import clock, db
from foundation.ids import uuid7
from promotions.selectors import campaigns as reads
from promotions.selectors import rulesets

pytestmark = pytest.mark.usefixtures("database")

TENANT_TABLES = [
    "promotions_campaign",
    "promotions_campaignversion",
    "promotions_campaignevent",
    "promotions_funderacceptance",
    "promotions_budgetcounter",
    "merchants_store",
    "merchants_apikey",
    "merchants_membership",
]
GROWING = [
    "promotions_campaignversion",
    "promotions_campaignevent",
    "promotions_budgetentry",
    "promotions_rulesetversion",
]


def count(table):
    with db.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_rows_of_one_are_nothing_to_two_and_to_nobody(world, table):
    with db.tenant_transaction(world.one.id):
        own = count(table)
    with db.tenant_transaction(uuid7()):
        strangers = count(table)
    with db.staff_transaction():
        everything = count(table)

    assert own > 0
    assert strangers == 0
    assert everything >= own
    assert count(table) == 0, "without a tenant nothing is seen"


def test_one_cannot_write_into_twos_campaigns(world):
    with db.tenant_transaction(world.one.id), db.cursor() as cursor:
        cursor.execute("UPDATE promotions_campaign SET state = 'ended' WHERE tenant_id = %s", [world.two.id])
        assert cursor.rowcount == 0
    with pytest.raises(DatabaseError), db.tenant_transaction(world.one.id), db.cursor() as cursor:
        cursor.execute(
            "INSERT INTO promotions_campaignevent (id, tenant_id, campaign_id, move, from_state, to_state, note, at) "
            "VALUES (%s, %s, %s, 'x', '', '', '', now())",
            [uuid7(), world.two.id, world.campaign_id("discount")],
        )


@pytest.mark.parametrize("table", GROWING)
@pytest.mark.parametrize("alias", ["default", "worker", "owner"])
def test_a_version_an_event_an_entry_and_a_rule_set_cannot_be_changed_or_removed(world, table, alias):
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DatabaseError):
            change(statement, alias=alias, tenant=world.one.id)
    connections[alias].close()


def change(statement, *, alias, tenant):
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])
        cursor.execute(statement)
        if cursor.rowcount == 0:  # the owner sees no rows behind FORCE, so it has none to change
            raise DatabaseError("no row was in reach")


def test_even_a_superuser_is_refused_by_the_trigger(world, admin_url, database):
    with psycopg.connect(admin_url, dbname=database.info.dbname, autocommit=True) as superuser:
        assert superuser.info.dbname == database.info.dbname
        with pytest.raises(psycopg.errors.RestrictViolation):
            superuser.execute("UPDATE promotions_campaignversion SET document = '{}'")


def test_merchants_see_other_kinds_of_party_but_no_other_merchant(world):
    with db.tenant_transaction(world.one.id), db.cursor() as cursor:
        cursor.execute("SELECT kind, count(*) FROM merchants_party GROUP BY kind ORDER BY kind")
        seen = dict(cursor.fetchall())
    assert seen == {"brand": 1, "government": 1, "lender": 2, "merchant": 1, "platform": 1}


def test_the_web_role_cannot_make_parties_people_or_rule_sets(world):
    for statement in (
        "INSERT INTO merchants_party SELECT * FROM merchants_party LIMIT 1",
        "UPDATE merchants_party SET service_fee_ppm = 0",
        "UPDATE merchants_person SET is_active = false",
        "INSERT INTO promotions_rulesetversion SELECT * FROM promotions_rulesetversion LIMIT 1",
        "UPDATE merchants_apikey SET secret_hash = 'x'",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            db.tenant_transaction(world.one.id),
            db.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_brand_sees_the_campaigns_it_was_asked_to_fund_and_their_totals_only(world):
    with db.tenant_transaction(world.brand):
        funded = {view.public_id for _, view in reads.co_funded(party_id=world.brand)}
        versions = reads.versions_of(campaign_id=world.campaign_id("interest_free"))
        assert reads.versions_of(campaign_id=world.campaign_id("discount")) == ()
        assert count("promotions_campaignevent") == 0
        assert count("promotions_budgetentry") == 0
        assert count("promotions_budgetcounter") == 2
    assert funded == {world.campaigns["rebate"], world.campaigns["interest_free"]}
    assert [version.number for version in versions] == [1]


def test_a_brand_cannot_ask_itself_into_anothers_campaign(world):
    with pytest.raises(DatabaseError), db.tenant_transaction(world.brand), db.cursor() as cursor:
        cursor.execute(
            "INSERT INTO promotions_funderacceptance (id, tenant_id, party_id, campaign_id, version, state, created_at) "
            "VALUES (%s, %s, %s, %s, 1, 'accepted', now())",
            [uuid7(), world.one.id, world.brand, world.campaign_id("discount")],
        )


def test_rule_sets_come_from_presets_once_and_a_new_version_is_read_back(world):
    from promotions.services import rulesets as service

    with db.staff_transaction():
        again = service.load_presets(programme_id=world.programme, now=clock.now())
    with db.tenant_transaction(world.one.id):
        current = {row.ruleset.id: row for row in rulesets.current()}
    digital = current["cn-2026-digital"].ruleset
    assert again == 0
    assert digital.categories["phone"].ceiling_minor == 600_000
    assert current["cn-2026-appliance"].ruleset.categories["refrigerator"].grade_rates_ppm == {1: 150_000}
    with db.staff_transaction():
        number = service.add_version(ruleset=digital, programme_id=world.programme, now=clock.now())
    with db.tenant_transaction(world.one.id):
        first, second = rulesets.pinned([("cn-2026-digital", 1), ("cn-2026-digital", number)])
    assert (number, first, second) == (2, digital, digital)


def test_the_rule_set_api_shows_dates_and_percentages_as_text(api):
    page = api.get("rule_sets?on=2026-11-21").json()

    assert [row["id"] for row in page["data"]] == ["cn-2026-appliance", "cn-2026-digital"]
    phone = next(row for row in page["data"][1]["categories"] if row["category"] == "phone")
    assert (phone["rate"], phone["cap"], phone["ceiling"]) == ("15", 50_000, 600_000)
    assert api.get("rule_sets/cn-2025-digital").json()["valid_from"] == "2025-01-20"
    assert api.get("rule_sets/cn-1999").status_code == 404
