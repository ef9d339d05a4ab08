"""The chart of accounts: every purpose with its type, its normal side and its Beancount name; accounts and legs.

An account is (party, purpose) in one currency. A purpose belongs to the party whose claim or debt it is: what a lender
still has to remit is the lender's `lender_receivable`. Assets and expenses grow by debits, the others by credits.
"""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

Kind = Literal["asset", "liability", "income", "expense"]
Side = Literal["debit", "credit"]


class Purpose(StrEnum):
    """What an account is for, spelled as stored."""

    MERCHANT_PENDING = "merchant_pending"
    MERCHANT_AVAILABLE = "merchant_available"
    MERCHANT_RESERVE = "merchant_reserve"
    MERCHANT_CONTINGENT = "merchant_contingent"
    MERCHANT_RECEIVABLE = "merchant_receivable"
    BRAND_RECEIVABLE = "brand_receivable"
    BRAND_PAYABLE = "brand_payable"
    CARRIER_RECEIVABLE = "carrier_receivable"
    LENDER_RECEIVABLE = "lender_receivable"
    LENDER_PAYABLE = "lender_payable"
    LENDER_CONTRIBUTION = "lender_contribution"
    GOVERNMENT_ACCRUED = "government_accrued"
    GOVERNMENT_SUBMITTED = "government_submitted"
    GOVERNMENT_DISPUTED = "government_disputed"
    GOVERNMENT_PAYABLE = "government_payable"
    PLATFORM_SUBSIDY_COST = "platform_subsidy_cost"
    PLATFORM_FEE_INCOME = "platform_fee_income"
    PLATFORM_CLAIM_LOSS = "platform_claim_loss"
    PLATFORM_BAD_DEBT = "platform_bad_debt"
    BANK = "bank"
    IN_TRANSIT = "in_transit"
    UNAPPLIED_CASH = "unapplied_cash"


class PurposeFacts(Struct, frozen=True, gc=False):
    """`normal` is the side on which the account grows."""

    kind: Kind
    normal: Side
    beancount: str


_P = Purpose
PURPOSES: dict[Purpose, PurposeFacts] = {
    _P.MERCHANT_PENDING: PurposeFacts("liability", "credit", "Liabilities:Merchant:Pending"),
    _P.MERCHANT_AVAILABLE: PurposeFacts("liability", "credit", "Liabilities:Merchant:Available"),
    _P.MERCHANT_RESERVE: PurposeFacts("liability", "credit", "Liabilities:Merchant:Reserve"),
    _P.MERCHANT_CONTINGENT: PurposeFacts("liability", "credit", "Liabilities:Merchant:Contingent"),
    _P.MERCHANT_RECEIVABLE: PurposeFacts("asset", "debit", "Assets:Merchant:Receivable"),
    _P.BRAND_RECEIVABLE: PurposeFacts("asset", "debit", "Assets:Brand:Receivable"),
    _P.BRAND_PAYABLE: PurposeFacts("liability", "credit", "Liabilities:Brand:Payable"),
    _P.CARRIER_RECEIVABLE: PurposeFacts("asset", "debit", "Assets:Carrier:Receivable"),
    _P.LENDER_RECEIVABLE: PurposeFacts("asset", "debit", "Assets:Lender:Receivable"),
    _P.LENDER_PAYABLE: PurposeFacts("liability", "credit", "Liabilities:Lender:Payable"),
    # The lender's own share of its fee: it owes it to itself, so it is set off when the lender is settled.
    _P.LENDER_CONTRIBUTION: PurposeFacts("asset", "debit", "Assets:Lender:Contribution"),
    _P.GOVERNMENT_ACCRUED: PurposeFacts("asset", "debit", "Assets:Government:Accrued"),
    _P.GOVERNMENT_SUBMITTED: PurposeFacts("asset", "debit", "Assets:Government:Submitted"),
    _P.GOVERNMENT_DISPUTED: PurposeFacts("asset", "debit", "Assets:Government:Disputed"),
    _P.GOVERNMENT_PAYABLE: PurposeFacts("liability", "credit", "Liabilities:Government:Payable"),
    _P.PLATFORM_SUBSIDY_COST: PurposeFacts("expense", "debit", "Expenses:Platform:Subsidy"),
    _P.PLATFORM_FEE_INCOME: PurposeFacts("income", "credit", "Income:Platform:Fees"),
    _P.PLATFORM_CLAIM_LOSS: PurposeFacts("expense", "debit", "Expenses:Platform:ClaimLoss"),
    _P.PLATFORM_BAD_DEBT: PurposeFacts("expense", "debit", "Expenses:Platform:BadDebt"),
    _P.BANK: PurposeFacts("asset", "debit", "Assets:Bank"),
    # Payouts on their way: instructed, not yet booked by the bank.
    _P.IN_TRANSIT: PurposeFacts("liability", "credit", "Liabilities:InTransit"),
    _P.UNAPPLIED_CASH: PurposeFacts("liability", "credit", "Liabilities:UnappliedCash"),
}


class LineType(StrEnum):
    """What a leg is about, as statements print it. A mirror has a type of its own, so totals by type never net."""

    SALE = "sale"
    LENDER_FEE = "lender_fee"
    DISCOUNT = "discount"
    SUBSIDY = "subsidy"
    PLATFORM_FEE = "platform_fee"
    REFUND = "refund"
    LENDER_FEE_REBATE = "lender_fee_rebate"
    DISCOUNT_REFUND = "discount_refund"
    SUBSIDY_REVERSAL = "subsidy_reversal"
    PLATFORM_FEE_REFUND = "platform_fee_refund"
    RELEASE = "release"
    REMITTANCE = "remittance"
    SET_OFF = "set_off"
    CLAIM_SUBMITTED = "claim_submitted"
    CLAIM_PAID = "claim_paid"
    CLAIM_REJECTED = "claim_rejected"
    CLAIM_DISPUTED = "claim_disputed"
    CLAIM_RETURNED = "claim_returned"
    PAYOFF_REBATE = "payoff_rebate"
    PAYOUT = "payout"
    PAYOUT_BOOKED = "payout_booked"
    PAYOUT_REJECTED = "payout_rejected"
    PAYOUT_RETURNED = "payout_returned"
    RECEIPT = "receipt"
    CARRIED = "carried"
    WRITE_OFF = "write_off"
    CORRECTION = "correction"


class Account(Struct, frozen=True, gc=False):
    """Whose account and what for."""

    party_id: str
    purpose: Purpose


class Leg(Struct, frozen=True, gc=False, kw_only=True):
    """One transfer to be booked: a positive amount from a debit account to a credit account, minor units."""

    debit: Account
    credit: Account
    amount_minor: int
    line_type: LineType
    item_id: str = ""
    sku: str = ""
    campaign_id: str = ""
    campaign_version: int | None = None
    rule_set: str = ""
    reason: str = ""
