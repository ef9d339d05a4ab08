"""The chart of accounts as SQL needs it: which accounts grow by debits, and what kind of money a line is.

# Note [One amount, one kind]
Each line's amount stands once in `net_debit` or `net_credit`, and once in the column of its kind. The kind follows from the
line type and, for shares of fees and discounts, from who funds them; on the lender's own lines a fee share is its fee.
"""

from typing import Final

from domain.accounts import PURPOSES, LineType, Purpose

DEBIT_NORMAL: Final = [purpose.value for purpose, facts in PURPOSES.items() if facts.normal == "debit"]
"""Purposes whose balance grows by debits."""

KINDS_OF_MONEY: Final = (
    "gross",
    "subsidy_government",
    "subsidy_brand",
    "subsidy_merchant",
    "subsidy_platform",
    "lender_fee",
    "platform_fee",
)

_FEES: Final = (LineType.LENDER_FEE, LineType.LENDER_FEE_REBATE, LineType.PAYOFF_REBATE)
_DISCOUNTS: Final = (LineType.DISCOUNT, LineType.DISCOUNT_REFUND)
_SUBSIDIES: Final = (LineType.SUBSIDY, LineType.SUBSIDY_REVERSAL)
_PLATFORM_FEES: Final = (LineType.PLATFORM_FEE, LineType.PLATFORM_FEE_REFUND)

_BRAND: Final = (Purpose.BRAND_RECEIVABLE, Purpose.BRAND_PAYABLE)
_GOVERNMENT: Final = tuple(purpose for purpose in Purpose if purpose.startswith("government_"))


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _touches(purposes: tuple[str, ...]) -> str:
    listed = _texts(purposes)
    return f"(t.debit_purpose IN ({listed}) OR t.credit_purpose IN ({listed}))"


KIND_SQL: Final = f"""CASE
    WHEN t.line_type IN ({_texts(_PLATFORM_FEES)}) THEN 'platform_fee'
    WHEN t.line_type IN ({_texts(_SUBSIDIES)}) THEN 'subsidy_government'
    WHEN t.line_type IN ({_texts(_FEES)}) THEN CASE
        WHEN own.kind = 'lender' THEN 'lender_fee'
        WHEN {_touches(_BRAND)} THEN 'subsidy_brand'
        WHEN {_touches((Purpose.PLATFORM_SUBSIDY_COST,))} THEN 'subsidy_platform'
        WHEN {_touches(_GOVERNMENT)} THEN 'subsidy_government'
        WHEN {_touches((Purpose.CARRIER_RECEIVABLE,))} THEN 'gross'
        WHEN {_touches((Purpose.LENDER_RECEIVABLE,))} THEN 'lender_fee'
        ELSE 'subsidy_merchant' END
    WHEN t.line_type IN ({_texts(_DISCOUNTS)}) THEN CASE
        WHEN {_touches(_BRAND)} THEN 'subsidy_brand'
        WHEN {_touches((Purpose.PLATFORM_SUBSIDY_COST,))} THEN 'subsidy_platform'
        WHEN {_touches(_GOVERNMENT)} THEN 'subsidy_government'
        ELSE 'gross' END
    ELSE 'gross' END"""
"""Over `t` (the transfer) and `own` (the holder whose line it is)."""
