"""Every reason why an offer, a coupon or a plan does not apply: the code and the names of its figures.

The API's table of verdicts is generated from this list, and the message tables are checked against it. A code is never
renamed. Figures ending in `_minor` in the code base are given without the ending: amounts are minor units all the same.
"""

from typing import Literal

from msgspec import Struct

About = Literal["offer", "plan", "coupon"]


class Verdict(Struct, frozen=True, gc=False):
    """One code: what it is about, the figures that come with it, and what it means."""

    code: str
    about: tuple[About, ...]
    figures: tuple[str, ...]
    meaning: str


_OFFER: tuple[About, ...] = ("offer",)
_PLAN: tuple[About, ...] = ("plan",)
_BOTH: tuple[About, ...] = ("offer", "plan")

VERDICTS: tuple[Verdict, ...] = (
    Verdict("not_started", _BOTH, ("starts_at",), "The window has not begun."),
    Verdict("ended", _BOTH, ("ended_at",), "The window is over; its end is not part of it."),
    Verdict("outside_weekly_hours", _OFFER, ("weekday", "minute"), "Not in the campaign's hours of the week."),
    Verdict("campaign_paused", _OFFER, (), "The campaign is paused."),
    Verdict("budget_exhausted", _OFFER, (), "The campaign's budget is spent."),
    Verdict("currency_mismatch", _BOTH, ("required", "actual"), "Another currency than the basket's."),
    Verdict("store_not_covered", _OFFER, ("store",), "The store is not in scope."),
    Verdict("region_not_covered", _OFFER, ("region",), "The region is not in scope."),
    Verdict("channel_not_covered", _OFFER, ("channel",), "The sales channel is not in scope."),
    Verdict("buyer_group_not_covered", _OFFER, (), "The buyer is in no group in scope, or in an excluded one."),
    Verdict("product_not_covered", _OFFER, (), "No line of the basket is in scope."),
    Verdict("coupon_missing", _OFFER, (), "The offer needs a code that was not given."),
    Verdict("coupon_unknown", ("coupon",), ("coupon",), "No offer of this merchant has this code."),
    Verdict("below_minimum_quantity", _OFFER, ("required", "actual"), "Too few units in scope."),
    Verdict("below_minimum_amount", _OFFER, ("required", "actual"), "The amount that counts is below the minimum."),
    Verdict("above_maximum_amount", _OFFER, ("allowed", "actual"), "The amount that counts is above the maximum."),
    Verdict("old_item_missing", _OFFER, (), "The offer adds to the credit for an old item; none is handed in."),
    Verdict("not_with_trade_in", _OFFER, (), "Not together with the government's trade-in subsidy."),
    Verdict("excluded_by", _OFFER, ("campaign",), "Excluded by an offer that applies."),
    Verdict("group_limit", _OFFER, ("group", "limit", "campaign"), "Its group is full; `campaign` is in its place."),
    Verdict("zero_effect", _OFFER, (), "It would change nothing, so it uses nothing."),
    Verdict("lost_to_better_combination", _OFFER, (), "The buyer pays less without it."),
    Verdict("not_claimed", _OFFER, (), "The buyer did not ask for the trade-in subsidy."),
    Verdict(
        "outside_effective_dates",
        _OFFER,
        ("sold_on", "valid_from", "valid_to"),
        "No rule set is in force on the day of sale here.",
    ),
    Verdict("category_not_covered", _OFFER, ("category", "sold_on"), "The programme does not cover the category."),
    Verdict("energy_grade_not_covered", _OFFER, ("covered", "actual"), "The grade is not covered."),
    Verdict("price_above_ceiling", _OFFER, ("ceiling", "actual"), "One unit's base is above the price ceiling."),
    Verdict("per_person_limit", _OFFER, ("limit", "claimed"), "The person's units of the category are used up."),
    Verdict("term_not_offered", _PLAN, ("term",), "The product has no such term."),
    Verdict("lender_not_requested", _PLAN, ("lender",), "The request named other lenders."),
    Verdict("below_lender_minimum", _PLAN, ("required", "actual"), "The financed amount is below the minimum."),
    Verdict("above_lender_maximum", _PLAN, ("allowed", "actual"), "The financed amount is above the maximum."),
    Verdict(
        "annual_cost_above_cap",
        _PLAN,
        ("cap", "actual"),
        "The buyer's simple annual cost, in percent, is above the cap.",
    ),
)
FIGURES: dict[str, tuple[str, ...]] = {verdict.code: verdict.figures for verdict in VERDICTS}
