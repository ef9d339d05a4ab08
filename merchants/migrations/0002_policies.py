"""Who may see and write parties, stores, people, memberships and keys; and the two functions that look past the wall.

A key is found, and a person's memberships are listed, before any tenant is known: two SECURITY DEFINER functions answer
exactly that question. They run as the owner, who (FORCE) needs a policy of its own to read the rows.
"""

from django.db import migrations

from foundation import rls

PARTY_SEEN = f"kind <> 'merchant' OR id = {rls.TENANT}"

FIND_KEY = migrations.RunSQL(
    """
    CREATE FUNCTION fenqi_find_key(hash text) RETURNS TABLE (
        key_id uuid, tenant_id uuid, person_id uuid, kind varchar, livemode boolean, scopes varchar[],
        expires_at timestamptz, revoked_at timestamptz, party_kind varchar, party_active boolean
    ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        SELECT k.id, k.tenant_id, k.person_id, k.kind, k.livemode, k.scopes, k.expires_at, k.revoked_at, p.kind, p.is_active
        FROM public.merchants_apikey k JOIN public.merchants_party p ON p.id = k.tenant_id
        WHERE k.secret_hash = hash
    $$;
    REVOKE ALL ON FUNCTION fenqi_find_key(text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION fenqi_find_key(text) TO fenqi_app, fenqi_worker;
    """,
    "DROP FUNCTION fenqi_find_key(text);",
)

MEMBERSHIPS_OF = migrations.RunSQL(
    """
    CREATE FUNCTION fenqi_memberships_of(person uuid) RETURNS TABLE (
        tenant_id uuid, party_kind varchar, name_zh varchar, name_en varchar, role varchar, livemode boolean
    ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        SELECT m.tenant_id, p.kind, p.name_zh, p.name_en, m.role, p.livemode
        FROM public.merchants_membership m JOIN public.merchants_party p ON p.id = m.tenant_id
        WHERE m.person_id = person AND m.is_active AND p.is_active
        ORDER BY p.name_en, p.id
    $$;
    REVOKE ALL ON FUNCTION fenqi_memberships_of(uuid) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION fenqi_memberships_of(uuid) TO fenqi_app, fenqi_worker;
    """,
    "DROP FUNCTION fenqi_memberships_of(uuid);",
)


def owner_reads(table: str) -> migrations.RunSQL:
    """The functions above run as the owner."""
    return rls.policy(table, name=f"{table}_definer", role="fenqi_owner", using="true", command="SELECT")


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0001_tables"),
        ("foundation", "__first__"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        rls.enable_rls("merchants_party"),
        rls.policy("merchants_party", name="merchants_party_app", role="fenqi_app", using=PARTY_SEEN, command="SELECT"),
        rls.policy(
            "merchants_party",
            name="merchants_party_reader",
            role="fenqi_reader",
            using=f"{PARTY_SEEN} OR current_setting('app.staff', true) = 'on'",
            command="SELECT",
        ),
        rls.worker_policy("merchants_party"),
        owner_reads("merchants_party"),
        rls.grant("merchants_party", app="SELECT"),
        rls.enable_rls("merchants_store"),
        rls.tenant_policy("merchants_store"),
        rls.worker_policy("merchants_store"),
        rls.grant("merchants_store"),
        rls.enable_rls("merchants_membership"),
        rls.tenant_policy("merchants_membership"),
        rls.worker_policy("merchants_membership"),
        owner_reads("merchants_membership"),
        rls.grant("merchants_membership"),
        rls.enable_rls("merchants_apikey"),
        rls.tenant_policy("merchants_apikey"),
        rls.worker_policy("merchants_apikey"),
        owner_reads("merchants_apikey"),
        rls.grant(
            "merchants_apikey",
            app="SELECT, INSERT, UPDATE (name, scopes, expires_at, revoked_at, last_used_at)",
            reader="",
        ),
        # People belong to no tenant. The web signs them in and keeps their own settings; staff makes them.
        rls.grant(
            "merchants_person",
            app="SELECT, UPDATE (password, last_login, name, locale, theme)",
            reader="SELECT (id, name)",
        ),
        rls.append_only("merchants_cataloguechange"),
        rls.grant("merchants_cataloguechange", app="SELECT, INSERT", worker="SELECT, INSERT", reader=""),
        rls.grant("django_session", app="SELECT, INSERT, UPDATE, DELETE", worker="SELECT, DELETE", reader=""),
        rls.grant("django_migrations", app="SELECT", worker="SELECT", reader="SELECT"),
        rls.grant("django_content_type", app="SELECT", worker="SELECT", reader=""),
        rls.grant("auth_permission", app="SELECT", worker="SELECT", reader=""),
        rls.grant("auth_group", app="SELECT", worker="SELECT", reader=""),
        rls.grant("auth_group_permissions", app="SELECT", worker="SELECT", reader=""),
        FIND_KEY,
        MEMBERSHIPS_OF,
    ]
