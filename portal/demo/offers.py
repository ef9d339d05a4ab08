"""The demo's campaigns, spelled as the API spells them. Instants are relative to the day the demo is loaded."""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from foundation import ids
from portal.demo.cast import Cast

HISTORY_DAYS: Final = 90
ZONE: Final = ZoneInfo("Asia/Shanghai")


def _campaign(kind: str, zh: str, en: str, window: tuple[datetime, datetime], **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # the API's JSON
    return {
        "currency": "CNY",
        "kind": kind,
        "name": {"zh-CN": zh, "en": en},
        "starts_at": _midnight(window[0]).isoformat(),
        "ends_at": _midnight(window[1]).isoformat(),
        **fields,
    }


def _midnight(instant: datetime) -> datetime:
    return instant.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _terms(*shares: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"term": term, "waived_share": share} for term, share in shares]


def _merchant(share: str) -> dict[str, str]:
    return {"party": "merchant", "share": share}


def _brand(cast: Cast, share: str) -> dict[str, str]:
    return {"party": "brand", "id": cast.brand.public_id, "share": share}


def of_the_chain(*, cast: Cast, now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """(state to reach, campaign) of the chain: what runs, what ran, what waits."""
    ever = (now - timedelta(days=HISTORY_DAYS + 5), now + timedelta(days=40))
    return _running(cast, ever) + _others(cast, now, ever)


def _running(cast: Cast, ever: tuple[datetime, datetime]) -> list[tuple[str, dict[str, Any]]]:
    programme = ids.public_id("gov", cast.programme_id)
    brand_phones = {"include": {"categories": ["phone", "tablet"], "brands": ["obsidian"]}}
    return [
        (
            "live",
            _campaign(
                "interest_free",
                "曜石手机 3/6/12 期免息",
                "Obsidian phones, 3/6/12 interest-free",
                ever,
                terms=_terms((3, "100"), (6, "100"), (12, "100")),
                funders=[_merchant("60"), _brand(cast, "40")],
                scope=brand_phones,
                min_amount=100_000,
                budget={"total": 600_000_000, "per_buyer": 200_000},
                alerts=[{"percent": "80"}],
                priority=10,
            ),
        ),
        (
            "live",
            _campaign(
                "interest_free",
                "全店 3/6 期免息、12 期半息",
                "Whole shop: 3/6 interest-free, 12 at half",
                ever,
                terms=_terms((3, "100"), (6, "100"), (12, "50")),
                funders=[_merchant("90"), {"party": "platform", "share": "10"}],
                min_amount=60_000,
                budget={"total": 500_000_000, "daily": 12_000_000},
            ),
        ),
        (
            "live",
            _campaign(
                "instant_discount",
                "旗舰手机立减 500",
                "500 off flagship phones",
                ever,
                value={"amount": 50_000},
                scope={"include": {"skus": ["OBS-X9-256", "OBS-X9-512", "OBS-FOLD-3"]}},
                min_amount=500_000,
                budget={"total": 900_000_000},
                group="flagship",
            ),
        ),
        (
            "live",
            _campaign(
                "brand_rebate",
                "曜石平板厂补 5%",
                "Obsidian tablets, 5 % from the brand",
                ever,
                value={"percent": "5"},
                cap=20_000,
                funders=[_brand(cast, "100")],
                scope={"include": {"categories": ["tablet"], "brands": ["obsidian"]}},
                budget={"total": 60_000_000},
            ),
        ),
        (
            "live",
            _campaign(
                "trade_in",
                "2026 国补",
                "2026 trade-in subsidy",
                ever,
                programme=programme,
                budget={"total": 2_000_000_000},
            ),
        ),
        (
            "live",
            _campaign(
                "spend_and_save",
                "家电满减",
                "Appliances: spend and save",
                ever,
                value={"steps": [{"from": 300_000, "off": 10_000}, {"from": 800_000, "off": 40_000}]},
                scope={
                    "include": {
                        "categories": [
                            "refrigerator",
                            "washing_machine",
                            "air_conditioner",
                            "television",
                            "water_heater",
                            "dishwasher",
                        ]
                    }
                },
                budget={"total": 300_000_000},
            ),
        ),
        (
            "live",
            _campaign(
                "coupon",
                "会员券 立减 88",
                "Member coupon, 88 off",
                ever,
                value={"amount": 8_800},
                codes=["VIP88"],
                min_amount=80_000,
                budget={"total": 40_000_000, "per_buyer": 26_400},
            ),
        ),
    ]


def _others(cast: Cast, now: datetime, ever: tuple[datetime, datetime]) -> list[tuple[str, dict[str, Any]]]:
    soon = (now + timedelta(days=9), now + timedelta(days=21))
    eleven = (now - timedelta(days=HISTORY_DAYS + 5), now)
    return [
        (
            "paused",
            _campaign(
                "instant_discount",
                "手环立减 30",
                "30 off bands",
                ever,
                value={"amount": 3_000},
                scope={"include": {"categories": ["smart_watch_band"]}},
                budget={"total": 2_000_000},
            ),
        ),
        (
            "ended",
            _campaign(
                "platform_coupon",
                "双11 平台券 满 2000 减 100",
                "Double 11 platform coupon, 100 off 2,000",
                eleven,
                value={"amount": 10_000},
                min_amount=200_000,
                funders=[{"party": "platform", "share": "100"}],
                scope={"include": {"channels": ["live_stream", "mini_program"]}},
                budget={"total": 80_000_000},
            ),
        ),
        (
            "scheduled",
            _campaign(
                "interest_free",
                "双12 24 期免息",
                "Double 12: 24 interest-free payments",
                soon,
                terms=_terms((24, "100")),
                funders=[_merchant("50"), _brand(cast, "50")],
                scope={"include": {"brands": ["obsidian"]}},
                min_amount=300_000,
                budget={"total": 100_000_000, "daily": 10_000_000},
            ),
        ),
        (
            "in_review",
            _campaign(
                "instant_discount",
                "笔记本立减 300",
                "300 off laptops",
                soon,
                value={"amount": 30_000},
                scope={"include": {"categories": ["computer"]}},
                budget={"total": 30_000_000},
            ),
        ),
        (
            "draft",
            _campaign(
                "spend_and_save",
                "年末耳机满减",
                "Year-end earphones",
                soon,
                value={"steps": [{"from": 80_000, "off": 8_000}]},
                scope={"include": {"categories": ["earphones"]}},
                budget={"total": 5_000_000},
            ),
        ),
    ]


def of_the_shop(*, cast: Cast, now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """What the single shop runs."""
    ever = (now - timedelta(days=HISTORY_DAYS + 5), now + timedelta(days=40))
    return [
        (
            "live",
            _campaign(
                "interest_free",
                "老周 6 期免息",
                "Lao Zhou: 6 interest-free payments",
                ever,
                terms=_terms((3, "100"), (6, "100")),
                funders=[_merchant("100")],
                min_amount=50_000,
                budget={"total": 30_000_000},
            ),
        ),
        (
            "live",
            _campaign(
                "trade_in",
                "2026 国补",
                "2026 trade-in subsidy",
                ever,
                programme=ids.public_id("gov", cast.programme_id),
                budget={"total": 60_000_000},
            ),
        ),
        (
            "live",
            _campaign(
                "instant_discount",
                "满 2000 立减 50",
                "50 off from 2,000",
                ever,
                value={"amount": 5_000},
                min_amount=200_000,
                budget={"total": 10_000_000},
            ),
        ),
    ]
