"""Registers the operator reads: merchants, lenders with their rate cards, rule sets with their sources."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from msgspec import Struct

from domain.offers import LenderProduct
from domain.rulesets import RuleSet
from installments.selectors import lenders as cards
from merchants.selectors import parties, stores
from merchants.selectors import people as people_selectors
from merchants.selectors.parties import PartyView
from portal import formats
from portal.access import PortalRequest, page
from promotions.selectors import desk, rulesets
from settlements.selectors import books


class Merchant(Struct, frozen=True, kw_only=True):
    """A merchant and its size."""

    party: PartyView
    name: str
    stores: int
    people: int
    campaigns: int
    lenders: str


class Lender(Struct, frozen=True, kw_only=True):
    """A lender and its products."""

    party: PartyView
    name: str
    products: tuple[LenderProduct, ...]


class Rules(Struct, frozen=True, kw_only=True):
    """A rule set in force or past."""

    rules: RuleSet
    version: int
    programme: str


def _name(party: PartyView) -> str:
    return formats.name(party.name_zh, party.name_en)


@require_GET
@page(permission="staff:read", kinds=("platform",))
def merchants(request: PortalRequest) -> HttpResponse:
    """Every merchant of every book."""
    with request.seat.open():
        rows = [_merchant(party) for book in books.books() for party in parties.merchants_of_book(book.id)]
    return render(request, "operator/merchants.html", {"rows": rows})


def _merchant(party: PartyView) -> Merchant:
    agreed = parties.parties(list(cards.agreements_of(party.id)))
    return Merchant(
        party=party,
        name=_name(party),
        stores=len(stores.stores(party.id)),
        people=len(people_selectors.people_of(party.id)),
        campaigns=sum(desk.counts(tenant_id=party.id).values()),
        lenders=" · ".join(_name(one) for one in agreed.values()),
    )


@require_GET
@page(permission="staff:read", kinds=("platform",))
def lenders(request: PortalRequest) -> HttpResponse:
    """Lenders and the newest version of each rate card."""
    with request.seat.open():
        found = parties.lenders()
        rows = [Lender(party=party, name=_name(party), products=cards.current_products([party.id])) for party in found]
    return render(request, "operator/lenders.html", {"rows": rows})


@require_GET
@page(permission="staff:read", kinds=("platform",))
def rule_sets(request: PortalRequest) -> HttpResponse:
    """The newest version of every rule set, the latest first."""
    with request.seat.open():
        found = rulesets.current()
        names = {row.programme_id: "" for row in found}
        known = parties.parties(list(names))
        rows = [
            Rules(
                rules=row.ruleset,
                version=row.version,
                programme=_name(known[row.programme_id]) if row.programme_id in known else row.ruleset.programme,
            )
            for row in sorted(found, key=lambda one: (one.ruleset.valid_from, one.ruleset.id), reverse=True)
        ]
    return render(request, "operator/rule_sets.html", {"rows": rows})
