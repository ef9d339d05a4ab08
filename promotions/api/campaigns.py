"""/v1/campaigns: make, list, read, change, and see where the budget went."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.campaign_states import CampaignState, IllegalMove
from foundation import db, ids
from foundation.api import Answer, Call, Endpoint, Out, Page, PageQuery, Route, answer, once, page_of
from foundation.errors import InvalidRequest
from foundation.ids import UnknownId
from promotions import shapes
from promotions.api.shapes_out import CampaignOut, campaign_out
from promotions.selectors import budgets as budget_reads
from promotions.selectors import campaigns as reads
from promotions.selectors.budgets import CounterView, EntryView
from promotions.services import campaigns
from promotions.services.errors import CampaignIncomplete, LaunchNotAllowed, WindowOver


class CampaignIn(shapes.Draft, frozen=True, kw_only=True):
    """A campaign to make; `launch` carries it live in the same call (test mode)."""

    launch: bool = False


class CampaignChangeIn(shapes.DraftChange, frozen=True, kw_only=True):
    """Parts to change; `launch` as above."""

    launch: bool = False


class CampaignQuery(PageQuery, frozen=True, kw_only=True):
    """Filters of the list."""

    state: CampaignState | None = None
    kind: shapes.Kind | None = None


class CounterOut(Out, frozen=True, kw_only=True):
    """One limit: the total, a day's (key = date), a store's, a buyer's (key = hash)."""

    id: str
    kind: str
    key: str
    limit: int | None
    held: int
    committed: int
    left: int | None
    uses_limit: int | None
    uses: int


class EntryOut(Out, frozen=True, kw_only=True):
    """A row that proves a counter: held = hold - commit - release, committed = commit - restore."""

    id: str
    counter: str
    plan: str
    move: str
    amount: int
    uses: int
    at: datetime


class BudgetStateOut(Out, frozen=True, kw_only=True):
    """Every counter, and the rows behind them (read on with `cursor`)."""

    object: Literal["budget"] = "budget"
    campaign: str
    currency: str
    total: int | None
    held: int
    committed: int
    left: int | None
    counters: list[CounterOut]
    entries: Page[EntryOut]


def draft_in(body: CampaignIn) -> shapes.Draft:
    """The body without what is not the campaign's own."""
    return shapes.Draft(**{name: getattr(body, name) for name in shapes.Draft.__struct_fields__})


def shown(*, tenant_id: UUID, campaign_id: UUID) -> CampaignOut:
    """The campaign as it now stands, inside the transaction."""
    return campaign_out(reads.campaign(tenant_id=tenant_id, campaign_id=campaign_id))


class Campaigns(Endpoint):
    """The collection."""

    tag = "Campaigns"

    @Route(
        scope="campaigns:write",
        body=CampaignIn,
        returns=CampaignOut,
        status=201,
        idempotent=True,
        errors=(InvalidRequest, LaunchNotAllowed, CampaignIncomplete, WindowOver),
    )
    def post(self, call: Call, *, body: CampaignIn) -> Answer:
        """Make a campaign: a draft, or live at once with `launch` in test mode."""
        tenant_id, actor = call.caller.tenant_id, campaigns.actor_of(call.caller)

        def effect(_handle: object) -> Answer:
            made = campaigns.create_draft(
                tenant_id=tenant_id, draft=draft_in(body), actor=actor, now=call.now, launch_now=body.launch
            )
            return answer(shown(tenant_id=tenant_id, campaign_id=made), status=201)

        return once(call, effect)

    @Route(scope="campaigns:read", query=CampaignQuery, returns=Page[CampaignOut])
    def get(self, call: Call, *, query: CampaignQuery) -> Page[CampaignOut]:
        """List campaigns, newest first."""
        before = ids.parse_public_id("cam", query.cursor) if query.cursor else None
        with db.tenant_transaction(call.caller.tenant_id):
            rows = reads.campaign_page(
                tenant_id=call.caller.tenant_id,
                limit=query.limit,
                before=before,
                state=query.state.value if query.state else None,
                kind=query.kind,
            )
        return page_of(rows, limit=query.limit, cursor_of=lambda row: row.public_id, show=campaign_out)


class Campaign(Endpoint):
    """One campaign."""

    tag = "Campaigns"

    @Route(scope="campaigns:read", returns=CampaignOut, errors=(UnknownId,))
    def get(self, call: Call, *, campaign_id: str) -> CampaignOut:
        """Read a campaign."""
        key = ids.parse_public_id("cam", campaign_id)
        with db.tenant_transaction(call.caller.tenant_id):
            return shown(tenant_id=call.caller.tenant_id, campaign_id=key)

    @Route(
        scope="campaigns:write",
        body=CampaignChangeIn,
        returns=CampaignOut,
        errors=(UnknownId, InvalidRequest, IllegalMove, LaunchNotAllowed),
    )
    def patch(self, call: Call, *, body: CampaignChangeIn, campaign_id: str) -> CampaignOut:
        """Change parts of a campaign: a new version, priced at once or after another person's approval."""
        key, tenant_id = ids.parse_public_id("cam", campaign_id), call.caller.tenant_id
        actor = campaigns.actor_of(call.caller)

        def change() -> CampaignOut:
            campaigns.update(
                tenant_id=tenant_id, campaign_id=key, change=body, actor=actor, now=call.now, launch_now=body.launch
            )
            return shown(tenant_id=tenant_id, campaign_id=key)

        return db.run_in_tenant_transaction(change, tenant=tenant_id, user=call.caller.person_id)


class CampaignBudget(Endpoint):
    """Where the money went."""

    tag = "Campaigns"

    @Route(scope="campaigns:read", query=PageQuery, returns=BudgetStateOut, errors=(UnknownId,))
    def get(self, call: Call, *, query: PageQuery, campaign_id: str) -> BudgetStateOut:
        """Every counter of the campaign and, newest first, the rows that prove them."""
        key, tenant_id = ids.parse_public_id("cam", campaign_id), call.caller.tenant_id
        before = ids.parse_public_id("evt", query.cursor) if query.cursor else None
        with db.tenant_transaction(tenant_id):
            view = reads.campaign(tenant_id=tenant_id, campaign_id=key)
            counters = budget_reads.counters_of(tenant_id=tenant_id, campaign_id=key)
            rows = budget_reads.entry_page(tenant_id=tenant_id, campaign_id=key, limit=query.limit, before=before)
        return BudgetStateOut(
            campaign=view.public_id,
            currency=view.draft.currency,
            total=view.draft.budget.total,
            held=view.held,
            committed=view.committed,
            left=view.left,
            counters=[_counter_out(counter) for counter in counters],
            entries=page_of(
                rows, limit=query.limit, cursor_of=lambda row: ids.public_id("evt", row.id), show=_entry_out
            ),
        )


def _counter_out(view: CounterView) -> CounterOut:
    key = ids.public_id("sto", UUID(view.key)) if view.kind == "store" else view.key
    return CounterOut(
        id=ids.public_id("evt", view.id),
        kind=view.kind,
        key=key,
        limit=view.limit,
        held=view.held,
        committed=view.committed,
        left=view.left,
        uses_limit=view.uses_limit,
        uses=view.uses,
    )


def _entry_out(view: EntryView) -> EntryOut:
    return EntryOut(
        id=ids.public_id("evt", view.id),
        counter=ids.public_id("evt", view.counter_id),
        plan=ids.public_id("pl", view.plan_id),
        move=view.move,
        amount=view.amount,
        uses=view.uses,
        at=view.at,
    )
