"""The two big tables, partitioned by month, and the rules the database itself keeps.

- A transfer's amount is positive and its two accounts differ; rows are only added (see the policies).
- A transfer lands on the open day of its book and on no other: the trigger takes the book's shared lock before it looks,
  so that a close running at the same moment is either over or has not begun (docs/locking.md).
- Months are made ahead by `settlements_ensure_partitions`; a default partition takes what nobody foresaw.
"""

from django.db import migrations

PURPOSES = """
    'merchant_pending', 'merchant_available', 'merchant_reserve', 'merchant_contingent', 'merchant_receivable',
    'brand_receivable', 'brand_payable', 'carrier_receivable', 'lender_receivable', 'lender_payable', 'lender_contribution',
    'government_accrued', 'government_submitted', 'government_disputed', 'government_payable', 'platform_subsidy_cost',
    'platform_fee_income', 'platform_claim_loss', 'platform_bad_debt', 'bank', 'in_transit', 'unapplied_cash'
"""

TRANSFER = f"""
CREATE SEQUENCE settlements_transfer_seq AS bigint;
CREATE TABLE settlements_transfer (
    id uuid NOT NULL,
    seq bigint NOT NULL DEFAULT nextval('settlements_transfer_seq'),
    amount_minor bigint NOT NULL CONSTRAINT transfer_amount_positive CHECK (amount_minor > 0),
    effective_at timestamptz NOT NULL,
    book_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    debit_party_id uuid NOT NULL,
    credit_party_id uuid NOT NULL,
    reverses_id uuid,
    booked_on date NOT NULL,
    bank_value_date date,
    campaign_version integer,
    term smallint,
    leg_no smallint NOT NULL,
    prior_period boolean NOT NULL DEFAULT false,
    debit_purpose varchar(24) NOT NULL,
    credit_purpose varchar(24) NOT NULL,
    currency varchar(3) NOT NULL,
    line_type varchar(32) NOT NULL,
    event_key varchar(96) NOT NULL,
    order_id varchar(40) NOT NULL DEFAULT '',
    order_reference varchar(255) NOT NULL DEFAULT '',
    item_id varchar(64) NOT NULL DEFAULT '',
    sku varchar(64) NOT NULL DEFAULT '',
    store_id varchar(40) NOT NULL DEFAULT '',
    campaign_id varchar(40) NOT NULL DEFAULT '',
    rule_set varchar(40) NOT NULL DEFAULT '',
    claim_id varchar(40) NOT NULL DEFAULT '',
    payout_id varchar(40) NOT NULL DEFAULT '',
    end_to_end_id varchar(35) NOT NULL DEFAULT '',
    reason_code varchar(40) NOT NULL DEFAULT '',
    note varchar(200) NOT NULL DEFAULT '',
    CONSTRAINT settlements_transfer_pkey PRIMARY KEY (booked_on, id),
    CONSTRAINT transfer_purposes_known CHECK (debit_purpose IN ({PURPOSES}) AND credit_purpose IN ({PURPOSES})),
    CONSTRAINT transfer_between_two_accounts
        CHECK (debit_party_id <> credit_party_id OR debit_purpose <> credit_purpose)
) PARTITION BY RANGE (booked_on);
CREATE INDEX transfer_by_debit_party ON settlements_transfer (debit_party_id, booked_on, seq);
CREATE INDEX transfer_by_credit_party ON settlements_transfer (credit_party_id, booked_on, seq);
CREATE INDEX transfer_by_order ON settlements_transfer (order_id) WHERE order_id <> '';
CREATE TABLE settlements_transfer_rest PARTITION OF settlements_transfer DEFAULT;
ALTER TABLE settlements_transfer_rest ALTER COLUMN booked_on SET STATISTICS 0;
"""

LINE = """
CREATE TABLE settlements_statementline (
    statement_id uuid NOT NULL,
    party_id uuid NOT NULL,
    transfer_id uuid NOT NULL,
    line_no bigint NOT NULL CONSTRAINT line_numbered_from_one CHECK (line_no > 0),
    balance_after_minor bigint NOT NULL,
    booked_on date NOT NULL,
    side varchar(6) NOT NULL CONSTRAINT line_side_known CHECK (side IN ('debit', 'credit')),
    CONSTRAINT settlements_statementline_pkey PRIMARY KEY (booked_on, statement_id, line_no)
) PARTITION BY RANGE (booked_on);
-- Every transfer stands on exactly one statement per side.
CREATE UNIQUE INDEX line_once_per_side ON settlements_statementline (booked_on, transfer_id, side);
CREATE TABLE settlements_statementline_rest PARTITION OF settlements_statementline DEFAULT;
ALTER TABLE settlements_statementline_rest ALTER COLUMN booked_on SET STATISTICS 0;
"""

# 64 signed bits of the book's id, whose tail is random; booking takes it shared, closing exclusively.
BOOK_LOCK = """
CREATE FUNCTION settlements_book_lock(book uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ('x' || right(replace(book::text, '-', ''), 16))::bit(64)::bigint;
"""

# The public spelling of a key (foundation.ids.public_id), so that files are streamed by the database itself: 26 groups of
# 5 bits, the first one of 3, each a byte of the alphabet.
PUBLIC_ID = """
CREATE FUNCTION settlements_public_id(prefix text, id uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT prefix || '_' || {groups} $$;
"""


def _five_bits(group: int) -> str:
    first = 5 * group - 2
    if first < 0:
        return "get_byte(uuid_send(id), 0) >> 5"
    byte, offset = divmod(first, 8)
    if offset + 5 <= 8:  # noqa: PLR2004 - bits of a byte
        return f"(get_byte(uuid_send(id), {byte}) >> {3 - offset}) & 31"
    high = f"get_byte(uuid_send(id), {byte}) << {offset - 3}"
    low = f"get_byte(uuid_send(id), {byte + 1}) >> {11 - offset}"
    return f"(({high}) | ({low})) & 31"


def _public_id_sql() -> str:
    alphabet = b"0123456789abcdefghjkmnpqrstvwxyz".hex()
    groups = (f"chr(get_byte('\\x{alphabet}'::bytea, {_five_bits(group)}))" for group in range(26))
    return PUBLIC_ID.format(groups=" || ".join(groups))


# Volatile, so that the second query sees what was committed while the first one waited.
OPEN_DAY = """
CREATE FUNCTION settlements_refuse_other_days() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    wrong record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(settlements_book_lock(b.book_id))
    FROM (SELECT DISTINCT book_id FROM added ORDER BY book_id) b;
    SELECT d.book_id, d.booked_on, book.open_day INTO wrong
    FROM (SELECT DISTINCT book_id, booked_on FROM added) d
    LEFT JOIN public.settlements_book book ON book.id = d.book_id
    WHERE book.open_day IS DISTINCT FROM d.booked_on LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a transfer of % is refused: the open day of the book is %', wrong.booked_on, wrong.open_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_on_open_day', TABLE = 'settlements_transfer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settlements_transfer_open_day AFTER INSERT ON settlements_transfer
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlements_refuse_other_days();
CREATE TRIGGER settlements_transfer_rest_open_day AFTER INSERT ON settlements_transfer_rest
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlements_refuse_other_days();
"""

# The newest day is the one that is asked for, and the one the last ANALYZE has not seen: with statistics the planner would
# take it for empty and join it row against row. Without them it assumes a share of the month.
#
# Triggers for each statement are not copied to partitions by PostgreSQL, hence by us. A month of which the default
# partition already holds rows stays there: slower to drop one day, and correct.
PARTITIONS = """
CREATE FUNCTION settlements_ensure_partitions(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    parent text;
    part text;
    month date := date_trunc('month', first_day)::date;
    following date;
    taken boolean;
    made integer := 0;
BEGIN
    IF last_day > first_day + 3700 THEN
        RAISE EXCEPTION 'more than ten years of partitions at once';
    END IF;
    WHILE month <= last_day LOOP
        following := (month + interval '1 month')::date;
        FOREACH parent IN ARRAY ARRAY['settlements_transfer', 'settlements_statementline'] LOOP
            part := parent || '_' || to_char(month, 'YYYYMM');
            CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
            PERFORM pg_advisory_xact_lock(7305101);
            CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I WHERE booked_on >= %L AND booked_on < %L)',
                           parent || '_rest', month, following) INTO taken;
            CONTINUE WHEN taken;
            EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
            EXECUTE format('ALTER TABLE public.%I ALTER COLUMN booked_on SET STATISTICS 0', part);
            EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
            EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', part);
            EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT '
                           'EXECUTE FUNCTION public.fenqi_refuse_change()', part || '_no_truncate', part);
            IF parent = 'settlements_transfer' THEN
                EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON public.%I REFERENCING NEW TABLE AS added '
                               'FOR EACH STATEMENT EXECUTE FUNCTION public.settlements_refuse_other_days()',
                               part || '_open_day', part);
            END IF;
            EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                           parent, part, month, following);
            made := made + 1;
        END LOOP;
        month := following;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION settlements_ensure_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settlements_ensure_partitions(date, date) TO fenqi_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("settlements", "0001_tables"), ("foundation", "0001_initial")]

    operations = [
        migrations.RunSQL(TRANSFER, "DROP TABLE settlements_transfer; DROP SEQUENCE settlements_transfer_seq;"),
        migrations.RunSQL(LINE, "DROP TABLE settlements_statementline;"),
        migrations.RunSQL(BOOK_LOCK, "DROP FUNCTION settlements_book_lock(uuid);"),
        migrations.RunSQL(_public_id_sql(), "DROP FUNCTION settlements_public_id(text, uuid);"),
        migrations.RunSQL(
            OPEN_DAY,
            "DROP TRIGGER settlements_transfer_rest_open_day ON settlements_transfer_rest;"
            "DROP TRIGGER settlements_transfer_open_day ON settlements_transfer;"
            "DROP FUNCTION settlements_refuse_other_days();",
        ),
        migrations.RunSQL(PARTITIONS, "DROP FUNCTION settlements_ensure_partitions(date, date);"),
    ]
