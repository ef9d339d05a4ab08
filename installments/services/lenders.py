"""Lenders' rate cards and what a merchant agreed with a lender. Staff keep both; quotes know within two seconds."""

import hashlib
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import msgspec

from domain.errors import DomainError
from domain.offers import LenderProduct, RateStep
from domain.rates import PPM, parse_percent
from domain.rounding_profiles import profile_named
from foundation import db, ids
from installments.models import LenderAgreement, RateCard
from merchants.services import changes

PRESETS: Final = Path(__file__).resolve().parent.parent / "presets"
_canonical = msgspec.json.Encoder(order="deterministic").encode


class InvalidRateCard(DomainError):
    """The rate card contradicts itself or does not read."""

    code = "invalid_rate_card"
    status = 422


class _Term(msgspec.Struct, forbid_unknown_fields=True):
    term: int
    merchant: str
    buyer: str


class _Preset(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A rate card as people write it: percentages as text. `cost_cap` is the most the buyer's annual cost may be."""

    code: str
    name_zh: str
    name_en: str
    method: Literal["flat_fee", "annuity", "equal_principal", "interest_only_discount"]
    rounding: str
    currency: str
    min_minor: int
    max_minor: int
    cost_cap: str
    source: str
    terms: list[_Term]
    valid_from: date | None = None
    valid_to: date | None = None
    first_due_days: int | None = None
    lender_share: str = "0"


@db.transaction_required
def create_rate_card(*, product: LenderProduct, source: str, now: datetime) -> UUID:
    """Store the next version of a lender's product and tell everybody; returns the card's id. Staff transaction.

    `product.lender_id` is the lender's public id; its `version` is replaced by the next number. The new prices hold for
    quotes from now on, never for one already given. Raises InvalidRateCard, UnknownRoundingProfile.
    """
    _check(product)
    lender_id = ids.parse_public_id("len", product.lender_id)
    latest = (
        RateCard.objects.filter(lender_id=lender_id, code=product.code)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    versioned = msgspec.structs.replace(product, version=(latest or 0) + 1)
    document = _canonical(versioned)
    card = RateCard.objects.create(
        id=ids.uuid7(now=now),
        lender_id=lender_id,
        code=versioned.code,
        version=versioned.version,
        document=document.decode(),
        sha256=hashlib.sha256(document).hexdigest(),
        source=source,
        created_at=now,
    )
    changes.announce(party_id=lender_id, now=now)
    return card.id


def _check(product: LenderProduct) -> None:
    profile_named(product.rounding)
    terms = [step.term for step in product.terms]
    if not terms or len(set(terms)) != len(terms) or min(terms) < 1:
        raise InvalidRateCard(reason="terms must be given, once each", product=product.code)
    if not 0 < product.min_minor <= product.max_minor:
        raise InvalidRateCard(reason="minimum above maximum", product=product.code)
    rates = [rate for step in product.terms for rate in (step.buyer_rate_ppm, step.merchant_rate_ppm)]
    if any(not 0 <= rate <= PPM for rate in rates) or not 0 <= product.funder_share_lender_ppm <= PPM:
        raise InvalidRateCard(reason="rates lie between 0 and 100 %", product=product.code)


def preset(name: str, *, lender_id: UUID) -> tuple[LenderProduct, str]:
    """The product and the source of a file of `installments/presets` (`huabei`, `bank_annuity`) for a lender.

    Raises InvalidRateCard when there is no such preset or it does not read.
    """
    path = PRESETS / f"{name}.toml"
    if name not in preset_names():
        raise InvalidRateCard(reason="no such preset", preset=name)
    try:
        card = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Preset)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidRateCard(reason=str(error), preset=name) from error
    terms = tuple(
        RateStep(
            term=step.term, buyer_rate_ppm=parse_percent(step.buyer), merchant_rate_ppm=parse_percent(step.merchant)
        )
        for step in card.terms
    )
    product = LenderProduct(
        lender_id=ids.public_id("len", lender_id),
        code=card.code,
        version=0,
        name_zh=card.name_zh,
        name_en=card.name_en,
        method=card.method,
        terms=terms,
        rounding=card.rounding,
        currency=card.currency,
        min_minor=card.min_minor,
        max_minor=card.max_minor,
        first_due_days=card.first_due_days,
        cost_cap_ppm=parse_percent(card.cost_cap),
        valid_from=card.valid_from,
        valid_to=card.valid_to,
        funder_share_lender_ppm=parse_percent(card.lender_share),
    )
    return product, card.source


def preset_names() -> tuple[str, ...]:
    """Names of the rate cards that come with the product."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


@db.transaction_required
def load_preset(name: str, *, lender_id: UUID, now: datetime) -> UUID:
    """Make a preset the lender's rate card; a staff transaction. Raises InvalidRateCard."""
    product, source = preset(name, lender_id=lender_id)
    return create_rate_card(product=product, source=source, now=now)


@db.transaction_required
def agree(
    *,
    tenant_id: UUID,
    lender_id: UUID,
    now: datetime,
    collection: Literal["platform", "direct"] = "platform",
    remits: Literal["gross", "net"] = "gross",
    rebate: Literal["none", "pro_rata", "actuarial", "sum_of_digits"] = "pro_rata",
    release_days: int = 1,
) -> UUID:
    """Let a merchant offer a lender's products on these terms, or change the terms for plans to come. Staff transaction."""
    row, _ = LenderAgreement.objects.update_or_create(
        tenant_id=tenant_id,
        lender_id=lender_id,
        defaults={
            "collection": collection,
            "remits": remits,
            "rebate": rebate,
            "release_days": release_days,
            "is_active": True,
        },
        create_defaults={
            "id": ids.uuid7(now=now),
            "collection": collection,
            "remits": remits,
            "rebate": rebate,
            "release_days": release_days,
            "created_at": now,
        },
    )
    changes.announce(party_id=tenant_id, now=now)
    return row.id
