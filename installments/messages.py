"""Every sentence a quote says to a person, in zh-CN and en: plans and verdicts. The domain gives codes and figures only."""

from typing import Final

from domain.money import format_decimal
from domain.priced import PlanOption, Withheld

Sentence = dict[str, str]

_SYMBOLS: Final[dict[str, str]] = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "JP¥",
    "INR": "₹",
    "HKD": "HK$",
}


def money(minor: int, currency: str) -> str:
    """`¥416.62`, `¥4,999.00`, `JP¥500`; a currency without a sign of its own is named: `KWD 1.500`."""
    sign = _SYMBOLS.get(currency) or f"{currency} "
    whole, dot, fraction = format_decimal(minor=minor, currency=currency).partition(".")
    return f"{sign}{int(whole):,}{dot}{fraction}"


# --- plans -----------------------------------------------------------------------------------------------------------


def plan_sentence(plan: PlanOption, *, currency: str) -> Sentence:
    """What the buyer pays and when, with the odd instalment named.

    499,900 interest-free over 12 is "12期免息，首期¥416.62，其后每期¥416.58".
    """
    rhythm_zh, rhythm_en = _rhythm(plan, currency)
    if plan.buyer_fee_minor == 0:
        return {"zh-CN": f"{plan.term}期免息，{rhythm_zh}", "en": f"{plan.term} interest-free payments{rhythm_en}"}
    fee = money(plan.buyer_fee_minor, currency)
    if plan.waived_fee_minor:
        return {
            "zh-CN": f"{plan.term}期低息，{rhythm_zh}，息费共{fee}",
            "en": f"{plan.term} payments at reduced interest{rhythm_en}; {fee} interest in total",
        }
    return {
        "zh-CN": f"分{plan.term}期，{rhythm_zh}，息费共{fee}",
        "en": f"{plan.term} payments{rhythm_en}; {fee} interest in total",
    }


def _rhythm(plan: PlanOption, currency: str) -> tuple[str, str]:
    regular, first, last = plan.installment_minor, plan.first_installment_minor, plan.last_installment_minor
    if first == regular == last:
        each = money(regular, currency)
        return f"每期{each}", f" of {each}"
    if last == regular:
        head, then = money(first, currency), money(regular, currency)
        return f"首期{head}，其后每期{then}", f": first {head}, then {then}"
    if first == regular:
        each, tail = money(regular, currency), money(last, currency)
        return f"每期{each}，末期{tail}", f" of {each}, the last {tail}"
    head, tail = money(first, currency), money(last, currency)
    return f"首期{head}，末期{tail}", f": first {head}, last {tail}"


def short_plan_sentence(plan: PlanOption, *, currency: str) -> Sentence:
    """For a listing page: the dearest month and how often. "¥416.62 × 12期 免息"."""
    most = money(max(plan.installment_minor, plan.first_installment_minor, plan.last_installment_minor), currency)
    free = plan.buyer_fee_minor == 0
    return {
        "zh-CN": f"{most} × {plan.term}期{' 免息' if free else ''}",
        "en": f"{plan.term} × {most}{', interest-free' if free else ''}",
    }


# --- verdicts --------------------------------------------------------------------------------------------------------

_VERDICTS: Final[dict[str, tuple[str, str]]] = {
    "not_started": ("活动尚未开始，{starts_at}开始", "The campaign has not started; it starts at {starts_at}"),
    "ended": ("活动已于{ended_at}结束", "The campaign ended at {ended_at}"),
    "outside_weekly_hours": ("当前不在活动时段内", "Not in the campaign's hours of the week"),
    "campaign_paused": ("活动已暂停", "The campaign is paused"),
    "budget_exhausted": ("活动预算已用完", "The campaign's budget is spent"),
    "currency_mismatch": ("仅支持{required}，本单为{actual}", "Only in {required}; this basket is in {actual}"),
    "store_not_covered": ("本门店不参加该活动", "This store does not take part"),
    "region_not_covered": ("本地区不参加该活动", "This region is not covered"),
    "channel_not_covered": ("本渠道不参加该活动", "This sales channel is not covered"),
    "buyer_group_not_covered": ("不在活动人群范围内", "The buyer is not in a group this is for"),
    "product_not_covered": ("没有商品参加该活动", "No item of the basket takes part"),
    "coupon_missing": ("需要优惠码", "A coupon code is needed"),
    "coupon_unknown": ("优惠码{coupon}不存在", "There is no coupon {coupon}"),
    "below_minimum_quantity": ("需购买{required}件，当前{actual}件", "Needs {required} units; the basket has {actual}"),
    "below_minimum_amount": ("需满{required}，当前{actual}", "Needs {required}; the amount that counts is {actual}"),
    "above_maximum_amount": (
        "不得超过{allowed}，当前{actual}",
        "At most {allowed}; the amount that counts is {actual}",
    ),
    "old_item_missing": ("需交旧换新", "An old item must be handed in"),
    "not_with_trade_in": ("不与国家以旧换新补贴同享", "Not together with the government's trade-in subsidy"),
    "excluded_by": ("与已享受的活动互斥", "Excluded by a campaign that applies"),
    "group_limit": ("同组活动最多享受{limit}个", "At most {limit} campaigns of its group apply"),
    "zero_effect": ("优惠金额为零", "It would change nothing"),
    "lost_to_better_combination": ("已为您选择更优惠的组合", "Another combination costs the buyer less"),
    "not_claimed": ("未申请国家补贴", "The trade-in subsidy was not asked for"),
    "outside_effective_dates": ("{sold_on}不在补贴政策有效期内", "No subsidy rules are in force on {sold_on}"),
    "category_not_covered": ("该品类不在补贴范围内", "The category is not subsidised"),
    "energy_grade_not_covered": ("能效或水效等级不符合补贴要求", "The energy grade is not subsidised"),
    "price_above_ceiling": (
        "单件价格{base}超过补贴上限{ceiling}",
        "A unit costs {base}, above the ceiling of {ceiling}",
    ),
    "per_person_limit": (
        "该品类每人限补{limit}件，已用{claimed}件",
        "{limit} a person in this category; {claimed} used",
    ),
    "term_not_offered": ("不提供{term}期", "There are no {term} terms"),
    "lender_not_requested": ("未选择该机构", "The request named other lenders"),
    "below_lender_minimum": (
        "分期金额需满{required}，当前{actual}",
        "The lender finances from {required}; this is {actual}",
    ),
    "above_lender_maximum": (
        "分期金额不得超过{allowed}，当前{actual}",
        "The lender finances to {allowed}; this is {actual}",
    ),
    "annual_cost_above_cap": (
        "年化综合成本{actual}%超过上限{cap}%",
        "The annual cost of {actual} % is above the cap of {cap} %",
    ),
}
# Money figures by code; every other figure is shown as it is.
_MONEY: Final[dict[str, tuple[str, ...]]] = {
    "below_minimum_amount": ("required", "actual"),
    "above_maximum_amount": ("allowed", "actual"),
    "price_above_ceiling": ("ceiling", "base"),
    "below_lender_minimum": ("required", "actual"),
    "above_lender_maximum": ("allowed", "actual"),
}
# Instants by code, ISO text in the merchant's zone: shown as `2026-12-01 00:00`; a date stays as it is.
_INSTANTS: Final[dict[str, str]] = {"not_started": "starts_at", "ended": "ended_at"}
_TO_THE_MINUTE: Final = len("2026-12-01T00:00")
_UNNAMED: Final = ("当前不可用（{code}）", "Does not apply ({code})")


def verdict_sentence(verdict: Withheld, *, currency: str) -> Sentence:
    """Why an offer, coupon or plan does not apply. A code this table does not know names itself."""
    zh, en = _VERDICTS.get(verdict.code, _UNNAMED)
    figures: dict[str, int | str] = {"code": verdict.code, **verdict.figures}
    for name in _MONEY.get(verdict.code, ()):
        value = figures.get(name)
        if isinstance(value, int):
            figures[name] = money(value, currency)
    if (instant := _INSTANTS.get(verdict.code)) in figures:
        figures[instant] = str(figures[instant])[:_TO_THE_MINUTE].replace("T", " ")
    try:
        return {"zh-CN": zh.format_map(figures), "en": en.format_map(figures)}
    except KeyError:  # A figure is missing: the sentence is a help, the code is the contract.
        zh, en = _UNNAMED
        return {"zh-CN": zh.format_map(figures), "en": en.format_map(figures)}


def codes_with_sentences() -> frozenset[str]:
    """The verdict codes this table speaks about; a test compares them with domain/verdicts."""
    return frozenset(_VERDICTS)
