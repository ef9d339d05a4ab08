"""What may be asked of plans: confirm, capture, cancel, refund, list."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from foundation.structs import Amount, AmountOrZero, In, PageQuery, Reference, check_years
from installments.services.quote_in import QUANTITY_MAX, BuyerIn, Code64, Instant, PublicId

Token = Annotated[str, Meta(min_length=1, max_length=96 * 1024)]
Metadata = Annotated[dict[str, Annotated[str, Meta(max_length=500)]], Meta(max_length=50)]
PlanStateName = Literal[
    "pending",
    "authorised",
    "captured",
    "part_refunded",
    "refunded",
    "completed",
    "declined",
    "cancelled",
    "expired",
]


class SerialIn(In, frozen=True, kw_only=True):
    """A unit's serial number or IMEI."""

    line: Code64
    serial: Code64
    imei2: Code64 | None = None


class ExpectedIn(In, frozen=True, kw_only=True):
    """What the server believes the basket costs; a quote made in a browser is bought only with it."""

    list: Amount
    payable: AmountOrZero


class ConsentIn(In, frozen=True, kw_only=True):
    """The cost table the buyer saw and agreed to."""

    shown_at: Instant
    document_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    locale: Annotated[str, Meta(min_length=2, max_length=35)]
    accepted_at: Instant


class ConfirmIn(In, frozen=True, kw_only=True):
    """POST /v1/plans."""

    quote_token: Token
    plan: Annotated[str, Meta(min_length=1, max_length=120)]
    order_reference: Reference
    buyer: BuyerIn
    capture: Literal["automatic", "manual"] = "automatic"
    serials: Annotated[list[SerialIn], Meta(max_length=1000)] = []
    preapproval: Annotated[str, Meta(min_length=1, max_length=255)] | None = None
    expected: ExpectedIn | None = None
    consent: ConsentIn | None = None
    metadata: Metadata = {}


class UnitsIn(In, frozen=True, kw_only=True):
    """Units of one line."""

    id: Code64
    quantity: Annotated[int, Meta(ge=1, le=QUANTITY_MAX)]


class CaptureIn(In, frozen=True, kw_only=True):
    """POST /v1/plans/{id}/capture: the whole plan, or some lines; what is not captured is released."""

    lines: Annotated[list[UnitsIn], Meta(min_length=1, max_length=100)] | None = None


class CancelIn(In, frozen=True, kw_only=True):
    """POST /v1/plans/{id}/cancel."""

    reason: Annotated[str, Meta(max_length=200)] = ""


class RefundIn(In, frozen=True, kw_only=True):
    """POST /v1/plans/{id}/refunds: whole units of lines, or an amount of the payable."""

    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    lines: Annotated[list[UnitsIn], Meta(min_length=1, max_length=100)] | None = None
    amount: Amount | None = None


class PlanQuery(PageQuery, frozen=True, kw_only=True):
    """Filters of GET /v1/plans; days are the merchant's, both included."""

    order_reference: Reference | None = None
    campaign: PublicId | None = None
    store: PublicId | None = None
    state: PlanStateName | None = None
    lender: PublicId | None = None
    created_from: date | None = None
    created_to: date | None = None

    def __post_init__(self) -> None:
        """Raises InvalidRequest for a day outside of the calendar."""
        check_years(self, "created_from", "created_to")
