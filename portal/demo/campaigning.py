"""Carries the demo's campaigns to the states they are shown in, step by step as people would."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from foundation import db
from portal.demo.cast import Cast, Tenant
from promotions import shapes
from promotions.selectors.campaigns import campaign_page
from promotions.services import campaigns
from promotions.services.campaigns import Actor

_BEYOND_DRAFT: Final = ("in_review", "scheduled", "live", "paused", "ended")
_BEYOND_REVIEW: Final = ("scheduled", "live", "paused", "ended")


def carry(*, cast: Cast, tenant: Tenant, wanted: Sequence[tuple[str, dict[str, Any]]], now: datetime) -> None:
    """Make each campaign that is not there yet and move it to its state. Opens its own transactions.

    A campaign that shall be `ended` is launched here and ends by itself when its window is over.
    """
    with db.tenant_transaction(tenant.id):
        there = {row.draft.name.en for row in campaign_page(tenant_id=tenant.id, limit=100)}
    for state, document in wanted:
        if document["name"]["en"] not in there:
            _carry(cast, tenant, state, document, now)


def _carry(cast: Cast, tenant: Tenant, state: str, document: dict[str, Any], now: datetime) -> None:
    maker, checker = Actor(person_id=tenant.maker), Actor(person_id=tenant.checker)
    owner = tenant.id
    with db.tenant_transaction(tenant.id, user=maker.person_id):
        draft = msgspec.convert(document, shapes.Draft)
        campaign_id = campaigns.create_draft(draft=draft, actor=maker, tenant_id=owner, now=now)
        if state in _BEYOND_DRAFT:
            campaigns.submit(campaign_id=campaign_id, actor=maker, tenant_id=owner, now=now)
    if state not in _BEYOND_REVIEW:
        return
    if "brand" in str(document.get("funders")):
        with db.tenant_transaction(cast.brand.id, user=cast.brand.maker):
            campaigns.accept_share(
                party_id=cast.brand.id, campaign_id=campaign_id, version=1, person_id=cast.brand.maker, now=now
            )
    with db.tenant_transaction(tenant.id, user=checker.person_id):
        campaigns.approve(campaign_id=campaign_id, actor=checker, tenant_id=owner, now=now)
        campaigns.launch(campaign_id=campaign_id, actor=maker, tenant_id=owner, now=now)
        if state == "paused":
            campaigns.pause(campaign_id=campaign_id, actor=maker, note="等待新一批库存", tenant_id=owner, now=now)
