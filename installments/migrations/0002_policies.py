"""The second wall of installments: who sees which row, who may write, and what only grows."""

from django.db import migrations

from foundation.rls import (
    TENANT,
    append_only,
    enable_rls,
    grant,
    policy,
    tenant_policy,
    worker_policy,
)

OWNED = ("installments_plan", "installments_planevent", "installments_refund", "installments_spentquote")
GROWS = ("installments_planevent", "installments_refund", "installments_spentquote")


def _owned(table: str) -> list[migrations.RunSQL]:
    rights = "SELECT, INSERT" if table in GROWS else "SELECT, INSERT, UPDATE"
    grows = [append_only(table)] if table in GROWS else []
    return [
        enable_rls(table),
        tenant_policy(table),
        worker_policy(table),
        grant(table, app=rights, worker=rights),
        *grows,
    ]


class Migration(migrations.Migration):
    dependencies = [("installments", "0001_tables"), ("foundation", "__first__")]

    operations = [
        *[operation for table in OWNED for operation in _owned(table)],
        # A lender's prices are public to every merchant of the platform; staff write them.
        grant("installments_ratecard", app="SELECT", worker="SELECT, INSERT"),
        append_only("installments_ratecard"),
        enable_rls("installments_lenderagreement"),
        tenant_policy("installments_lenderagreement"),
        worker_policy("installments_lenderagreement"),
        grant("installments_lenderagreement", app="SELECT"),
        # One row a serial, whoever sells it: a released one may be taken over by another merchant, a held one is not even seen.
        enable_rls("installments_serial"),
        policy(
            "installments_serial",
            name="installments_serial_app_read",
            role="fenqi_app",
            using=f"tenant_id = {TENANT} OR state = 'released'",
            command="SELECT",
        ),
        policy(
            "installments_serial",
            name="installments_serial_app_add",
            role="fenqi_app",
            using=f"tenant_id = {TENANT}",
            command="INSERT",
        ),
        migrations.RunSQL(
            f"CREATE POLICY installments_serial_app_move ON installments_serial FOR UPDATE TO fenqi_app "
            f"USING (tenant_id = {TENANT} OR state = 'released') WITH CHECK (tenant_id = {TENANT});",
            "DROP POLICY installments_serial_app_move ON installments_serial;",
        ),
        policy(
            "installments_serial",
            name="installments_serial_reader",
            role="fenqi_reader",
            using=f"tenant_id = {TENANT} OR current_setting('app.staff', true) = 'on'",
            command="SELECT",
        ),
        worker_policy("installments_serial"),
        grant("installments_serial"),
    ]
