"""The words for codes: kinds, lanes, roles, moves. One glossary (docs/glossary.md), the same words everywhere."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise


KINDS: Final[dict[str, Text]] = {
    "interest_free": _("Interest-free instalments"),
    "instant_discount": _("Instant discount"),
    "spend_and_save": _("Spend and save"),
    "coupon": _("Coupon code"),
    "brand_rebate": _("Brand rebate"),
    "platform_coupon": _("Platform coupon"),
    "carrier_discount": _("Carrier discount"),
    "trade_in": _("Trade-in subsidy"),
    "old_item_credit": _("Old-item credit"),
    "interest_voucher": _("Interest-free voucher"),
}
LANES: Final[dict[str, Text]] = {
    "merchant": _("Merchant reductions"),
    "brand": _("Brand money"),
    "platform": _("Platform coupons"),
    "carrier": _("Carrier discounts"),
    "old_item": _("Old-item credit"),
    "government": _("Trade-in subsidy"),
    "channel": _("Payment-channel offers"),
    "interest": _("Interest"),
}
PARTY_KINDS: Final[dict[str, Text]] = {
    "merchant": _("Merchant"),
    "brand": _("Brand"),
    "platform": _("Platform"),
    "lender": _("Lender"),
    "government": _("Government"),
    "carrier": _("Carrier"),
    "buyer": _("Buyer"),
}
ROLES: Final[dict[str, Text]] = {
    "owner": _("Owner"),
    "marketing": _("Marketing"),
    "finance": _("Finance"),
    "clerk": _("Clerk"),
    "developer": _("Developer"),
    "viewer": _("Viewer"),
    "operator": _("Operator"),
    "risk": _("Risk"),
    "auditor": _("Auditor"),
}
CHANNELS: Final[dict[str, Text]] = {
    "online": _("Online"),
    "pos": _("In store"),
    "live_stream": _("Live stream"),
    "mini_program": _("Mini program"),
}
METHODS: Final[dict[str, Text]] = {
    "flat_fee": _("flat fee"),
    "annuity": _("equal payments"),
    "equal_principal": _("equal principal"),
    "interest_only_discount": _("discount instead of interest"),
}
JOBS: Final[dict[str, Text]] = {
    "settlements.close_day": _("Close the day"),
    "settlements.settle_day": _("Make statements"),
    "settlements.run_export": _("Make a file"),
    "installments.expire_plans": _("Expire plans"),
}
CHECKS: Final[dict[str, Text]] = {
    "database": _("Database"),
    "outbox": _("Messages to be sent"),
    "sweeper": _("Background clock"),
}
PERMISSIONS: Final[dict[str, Text]] = {
    "campaigns:write": _("Make campaigns"),
    "campaigns:approve": _("Approve campaigns"),
    "campaigns:launch": _("Launch, pause and end campaigns"),
    "plans:write": _("Capture and cancel plans"),
    "refunds:write": _("Refund"),
    "statements:approve": _("Approve statements"),
    "exports:write": _("Export files"),
    "keys:write": _("Manage API keys"),
}
EXPORTS: Final[dict[str, Text]] = {
    "statement_lines": _("Statement lines"),
    "transfers": _("Transfers"),
    "claims": _("Claims"),
    "plans": _("Plans"),
    "refunds": _("Refunds"),
    "campaigns": _("Campaigns"),
}
PURPOSES: Final[dict[str, Text]] = {
    "merchant_pending": _("pending"),
    "merchant_available": _("available"),
    "merchant_reserve": _("reserve"),
    "merchant_contingent": _("waiting for the government"),
    "merchant_receivable": _("owed by the merchant"),
    "brand_receivable": _("owed by the brand"),
    "brand_payable": _("owed to the brand"),
    "carrier_receivable": _("owed by the carrier"),
    "lender_receivable": _("to be remitted by the lender"),
    "lender_payable": _("owed to the lender"),
    "lender_contribution": _("the lender's own share"),
    "government_accrued": _("subsidy to be claimed"),
    "government_submitted": _("subsidy claimed"),
    "government_disputed": _("subsidy disputed"),
    "government_payable": _("owed to the government"),
    "platform_subsidy_cost": _("the platform's subsidies"),
    "platform_fee_income": _("the platform's fees"),
    "platform_claim_loss": _("lost claims"),
    "platform_bad_debt": _("bad debt"),
    "bank": _("bank"),
    "in_transit": _("payouts on their way"),
    "unapplied_cash": _("money not yet assigned"),
}
LINE_TYPES: Final[dict[str, Text]] = {
    "sale": _("Sale"),
    "lender_fee": _("Waived interest"),
    "discount": _("Discount"),
    "subsidy": _("Trade-in subsidy"),
    "platform_fee": _("Service fee"),
    "refund": _("Refund"),
    "lender_fee_rebate": _("Waived interest returned"),
    "discount_refund": _("Discount returned"),
    "subsidy_reversal": _("Trade-in subsidy returned"),
    "platform_fee_refund": _("Service fee returned"),
    "release": _("Released to available"),
    "remittance": _("Remitted by the lender"),
    "set_off": _("Set off"),
    "claim_submitted": _("Claim submitted"),
    "claim_paid": _("Claim paid"),
    "claim_rejected": _("Claim rejected"),
    "claim_disputed": _("Claim disputed"),
    "claim_returned": _("Claim returned"),
    "payoff_rebate": _("Early-payoff rebate"),
    "payout": _("Payout"),
    "payout_booked": _("Payout booked"),
    "payout_rejected": _("Payout rejected"),
    "payout_returned": _("Payout returned"),
    "receipt": _("Receipt"),
    "carried": _("Carried forward"),
    "write_off": _("Write-off"),
    "correction": _("Correction"),
}
CATEGORIES: Final[dict[str, Text]] = {
    "phone": _("Phones"),
    "tablet": _("Tablets"),
    "smart_watch_band": _("Smart watches and bands"),
    "smart_glasses": _("Smart glasses"),
    "computer": _("Computers"),
    "refrigerator": _("Refrigerators"),
    "washing_machine": _("Washing machines"),
    "television": _("Televisions"),
    "air_conditioner": _("Air conditioners"),
    "water_heater": _("Water heaters"),
    "gas_stove": _("Gas stoves"),
    "range_hood": _("Range hoods"),
    "water_purifier": _("Water purifiers"),
    "dishwasher": _("Dishwashers"),
    "rice_cooker": _("Rice cookers"),
    "microwave": _("Microwave ovens"),
}
DOSSIER: Final[dict[str, Text]] = {
    "buyer_name": _("buyer's name"),
    "buyer_id_number": _("buyer's ID number"),
    "buyer_phone": _("buyer's phone"),
    "order_reference": _("order number"),
    "payment_reference": _("payment number"),
    "paid_at": _("time of payment"),
    "channel": _("sales channel"),
    "brand": _("brand"),
    "model": _("model"),
    "barcode": _("barcode"),
    "energy_grade": _("energy grade"),
    "serial": _("serial number"),
    "imei1": _("IMEI"),
    "seller_credit_code": _("seller's credit code"),
    "delivery_region": _("delivery region"),
    "delivery_address": _("delivery address"),
    "waybill": _("waybill"),
    "invoice_number": _("invoice number"),
    "invoice_date": _("invoice date"),
    "invoice_title": _("invoice title"),
    "invoice_total": _("invoice total"),
    "price_proof": _("price proof"),
    "photo_serial": _("photo of the serial number"),
    "photo_activated": _("photo of the activated device"),
}
WEEKDAYS: Final[tuple[Text, ...]] = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
MOVES: Final[dict[str, Text]] = {
    "create": pgettext_lazy("move", "Draft made"),
    "edit": pgettext_lazy("move", "New version saved"),
    "activate": pgettext_lazy("move", "New version in force"),
    "submit": pgettext_lazy("move", "Submitted for review"),
    "return_to_draft": pgettext_lazy("move", "Sent back to draft"),
    "approve": pgettext_lazy("move", "Approved"),
    "reject": pgettext_lazy("move", "Rejected"),
    "launch": pgettext_lazy("move", "Launched"),
    "pause": pgettext_lazy("move", "Paused"),
    "resume": pgettext_lazy("move", "Resumed"),
    "exhaust": pgettext_lazy("move", "Budget used up"),
    "replenish": pgettext_lazy("move", "Budget has money again"),
    "end": pgettext_lazy("move", "Ended"),
    "archive": pgettext_lazy("move", "Archived"),
    "confirm": pgettext_lazy("move", "Confirmed"),
    "authorise": pgettext_lazy("move", "Approved by the lender"),
    "decline": pgettext_lazy("move", "Declined by the lender"),
    "cancel": pgettext_lazy("move", "Cancelled"),
    "expire": pgettext_lazy("move", "Expired"),
    "capture": pgettext_lazy("move", "Captured"),
    "refund_part": pgettext_lazy("move", "Partly refunded"),
    "refund_whole": pgettext_lazy("move", "Refunded in full"),
    "complete": pgettext_lazy("move", "Completed"),
    "compute": pgettext_lazy("move", "Computing begun"),
    "finish": pgettext_lazy("move", "Computed"),
    "pay": pgettext_lazy("move", "Payment begun"),
    "carry": pgettext_lazy("move", "Carried forward"),
    "accept": pgettext_lazy("move", "Accepted"),
    "dispute": pgettext_lazy("move", "Disputed"),
    "return": pgettext_lazy("move", "Returned"),
    "withdraw": pgettext_lazy("move", "Withdrawn"),
}


def word(table: dict[str, Text], code: str) -> Text:
    """The word for a code, or the code itself."""
    return table.get(code, code.replace("_", " "))
