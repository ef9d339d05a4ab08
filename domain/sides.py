"""Which two accounts a part of a captured line moves between, given where the money stands now.

At capture the part moves from `debit` to `credit`; its mirror in a refund moves back, against the accounts of the day.
"""

from msgspec import Struct

from domain.accounts import Account, Leg, LineType, Purpose
from domain.claim_states import ClaimState
from domain.frozen import Contract, LineFacts, Part


class MoneyNow(Struct, frozen=True, gc=False, kw_only=True):
    """Where an order's money stands. At capture all is at its default.

    `released`: the merchant's pending money became available. `remitted`: the lender paid. `paid_funders`: brands that
    settled their part already. `claims`: line id to the state of its claim; `platform_fault`: lines whose claim was
    rejected by the platform's fault (it bears the loss, the merchant was paid).
    """

    released: bool = False
    remitted: bool = False
    claims: dict[str, str] = {}
    platform_fault: frozenset[str] = frozenset()
    paid_funders: frozenset[str] = frozenset()


AT_CAPTURE = MoneyNow()
_CLAIMED = {
    ClaimState.COLLECTING: Purpose.GOVERNMENT_ACCRUED,
    ClaimState.SUBMITTED: Purpose.GOVERNMENT_SUBMITTED,
    ClaimState.ACCEPTED: Purpose.GOVERNMENT_SUBMITTED,
    ClaimState.DISPUTED: Purpose.GOVERNMENT_DISPUTED,
}
LINE_TYPES = {
    "principal": (LineType.SALE, LineType.REFUND),
    "fee": (LineType.LENDER_FEE, LineType.LENDER_FEE_REBATE),
    "discount": (LineType.DISCOUNT, LineType.DISCOUNT_REFUND),
    "subsidy": (LineType.SUBSIDY, LineType.SUBSIDY_REVERSAL),
    "service_fee": (LineType.PLATFORM_FEE, LineType.PLATFORM_FEE_REFUND),
}


def merchant_account(contract: Contract, now: MoneyNow) -> Account:
    """The merchant's money of an order: pending until released. With direct collection nothing is ever pending."""
    direct = contract.collection == "direct"
    purpose = Purpose.MERCHANT_AVAILABLE if direct or now.released else Purpose.MERCHANT_PENDING
    return Account(contract.merchant_id, purpose)


def sides(*, part: Part, line: str, contract: Contract, now: MoneyNow) -> tuple[Account, Account] | None:
    """(debit, credit) of the part as captured, on today's accounts; None when the books do not see it."""
    merchant = merchant_account(contract, now)
    direct = contract.collection == "direct"
    if part.role == "principal":
        purpose = Purpose.LENDER_PAYABLE if now.remitted else Purpose.LENDER_RECEIVABLE
        return None if direct else (Account(part.party_id, purpose), merchant)
    if part.role == "fee":
        # Direct: the lender took the whole fee from the merchant, who gets the others' shares back from us.
        credit = merchant if direct else Account(contract.lender_id, Purpose.LENDER_PAYABLE)
        payer = _payer(part, contract, now)
        return None if payer == credit else (payer, credit)
    if part.role == "discount":
        return _payer(part, contract, now, of_discount=True), merchant
    if part.role == "subsidy":
        return _subsidy_sides(part, line, contract, now)
    if part.role == "service_fee":
        return merchant, Account(contract.platform_id, Purpose.PLATFORM_FEE_INCOME)
    return None


def _payer(part: Part, contract: Contract, now: MoneyNow, *, of_discount: bool = False) -> Account:
    if part.party == "merchant":
        return merchant_account(contract, now)
    if part.party == "lender":
        owed = of_discount or contract.collection == "direct"
        return Account(part.party_id, Purpose.LENDER_RECEIVABLE if owed else Purpose.LENDER_CONTRIBUTION)
    if part.party == "brand":
        settled = part.party_id in now.paid_funders
        return Account(part.party_id, Purpose.BRAND_PAYABLE if settled else Purpose.BRAND_RECEIVABLE)
    return Account(
        part.party_id,
        {
            "platform": Purpose.PLATFORM_SUBSIDY_COST,
            "carrier": Purpose.CARRIER_RECEIVABLE,
            "government": Purpose.GOVERNMENT_ACCRUED,
        }[part.party],
    )


def _subsidy_sides(part: Part, line: str, contract: Contract, now: MoneyNow) -> tuple[Account, Account] | None:
    """The subsidy follows its claim: contingent until paid, then the merchant's own, and owed back when goods return."""
    state = ClaimState(now.claims.get(line, ClaimState.COLLECTING))
    contingent = Account(contract.merchant_id, Purpose.MERCHANT_CONTINGENT)
    available = Account(contract.merchant_id, Purpose.MERCHANT_AVAILABLE)
    if state in _CLAIMED:
        return Account(part.party_id, _CLAIMED[state]), contingent
    if state in {ClaimState.PAID, ClaimState.RETURNED}:
        return Account(part.party_id, Purpose.GOVERNMENT_PAYABLE), available
    if state is ClaimState.REJECTED and line in now.platform_fault:
        return Account(contract.platform_id, Purpose.PLATFORM_CLAIM_LOSS), available
    return None


def leg(*, part: Part, line: LineFacts, amount_minor: int, debit: Account, credit: Account, line_type: LineType) -> Leg:
    """A leg of one part of one line; a negative amount runs the other way."""
    if amount_minor < 0:
        debit, credit, amount_minor = credit, debit, -amount_minor
    return Leg(
        debit=debit,
        credit=credit,
        amount_minor=amount_minor,
        line_type=line_type,
        item_id=line.line,
        sku=line.sku,
        campaign_id=part.campaign_id,
        campaign_version=part.version,
        rule_set=part.rule_set,
    )
