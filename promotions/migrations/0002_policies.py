"""Who may see and write campaigns, their versions and budgets, rule sets and subsidy uses.

A co-funder (a brand) is shown the campaigns it was asked to fund, their versions and the campaign's own totals: the row in
`promotions_funderacceptance` that names it opens them. Budgets by buyer, store, serial and day stay the merchant's.
"""

from django.db import migrations

from foundation import rls

STAFF = "current_setting('app.staff', true) = 'on'"


def asked(column: str) -> str:
    """Whether the tenant was asked to fund the campaign named by `column`."""
    waiting = f"f.campaign_id = {column} AND f.party_id = {rls.TENANT}"
    return f"EXISTS (SELECT 1 FROM promotions_funderacceptance f WHERE {waiting})"  # noqa: S608 - our own column names


def co_funder_reads(table: str, using: str) -> migrations.RunSQL:
    return rls.policy(table, name=f"{table}_funder", role="fenqi_app", using=using, command="SELECT")


def own_rows(table: str) -> list[migrations.RunSQL]:
    return [rls.enable_rls(table), rls.tenant_policy(table), rls.worker_policy(table)]


BOTH_SIDES = f"tenant_id = {rls.TENANT} OR party_id = {rls.TENANT}"


class Migration(migrations.Migration):
    dependencies = [
        ("promotions", "0001_tables"),
        ("foundation", "__first__"),
        ("merchants", "0002_policies"),
    ]

    operations = [
        *own_rows("promotions_campaign"),
        co_funder_reads("promotions_campaign", asked("promotions_campaign.id")),
        rls.grant("promotions_campaign"),
        *own_rows("promotions_campaignversion"),
        co_funder_reads("promotions_campaignversion", asked("promotions_campaignversion.campaign_id")),
        rls.append_only("promotions_campaignversion"),
        rls.grant("promotions_campaignversion", app="SELECT, INSERT", worker="SELECT, INSERT"),
        *own_rows("promotions_campaignevent"),
        rls.append_only("promotions_campaignevent"),
        rls.grant("promotions_campaignevent", app="SELECT, INSERT", worker="SELECT, INSERT"),
        rls.enable_rls("promotions_funderacceptance"),
        # Only the merchant may ask: a row opens its campaign to the party it names.
        rls.policy(
            "promotions_funderacceptance",
            name="funderacceptance_ask",
            role="fenqi_app",
            using=f"tenant_id = {rls.TENANT}",
            command="INSERT",
        ),
        *(
            rls.policy(
                "promotions_funderacceptance",
                name=f"funderacceptance_{command.lower()}",
                role="fenqi_app",
                using=BOTH_SIDES,
                command=command,
            )
            for command in ("SELECT", "UPDATE")
        ),
        rls.policy(
            "promotions_funderacceptance",
            name="funderacceptance_reader",
            role="fenqi_reader",
            using=f"{BOTH_SIDES} OR {STAFF}",
            command="SELECT",
        ),
        rls.worker_policy("promotions_funderacceptance"),
        rls.grant("promotions_funderacceptance", app="SELECT, INSERT, UPDATE (state, person_id, decided_at)"),
        *own_rows("promotions_budgetcounter"),
        co_funder_reads(
            "promotions_budgetcounter",
            f"kind IN ('total', 'funder') AND {asked('promotions_budgetcounter.campaign_id')}",
        ),
        rls.grant("promotions_budgetcounter"),
        *own_rows("promotions_budgetentry"),
        rls.append_only("promotions_budgetentry"),
        rls.grant("promotions_budgetentry", app="SELECT, INSERT", worker="SELECT, INSERT"),
        rls.append_only("promotions_rulesetversion"),
        rls.grant("promotions_rulesetversion", app="SELECT", worker="SELECT, INSERT"),
        rls.grant("promotions_subsidyuse", reader=""),
    ]
