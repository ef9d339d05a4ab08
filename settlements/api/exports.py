"""/v1/exports: ask for a file, watch it, fetch it by a link of ten minutes."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from msgspec import Meta

from foundation import db, ids
from foundation.api import Answer, Call, Endpoint, Handle, In, Out, Page, PageQuery, Route, answer, page_of
from settlements.api.access import once_for, own
from settlements.selectors import exports as selectors
from settlements.selectors import statements
from settlements.selectors.exports import ExportView
from settlements.services import exports

Kind = Literal["statement_lines", "plans", "refunds", "campaigns", "claims", "transfers"]
Format = Literal["csv", "xlsx", "jsonl", "pdf", "pain001", "beancount", "u8", "kingdee"]


class FiltersIn(In, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """Days booked, both included; for transfers."""

    start: date | None = None
    end: date | None = None


class ExportIn(In, frozen=True, kw_only=True):
    """What file. Money is in decimals of the currency unless `minor` is asked for; lines end in CRLF unless `lf`."""

    kind: Kind
    statement: str | None = None
    filters: FiltersIn | None = None
    format: Format = "csv"
    locale: Annotated[str, Meta(max_length=10)] = "zh-hans"
    money: Literal["decimals", "minor"] = "decimals"
    newline: Literal["crlf", "lf"] = "crlf"
    bom: bool = False


class ExportOut(Out, frozen=True, kw_only=True):
    """A file and where it stands. `sha256` is of the whole file; `url` works for ten minutes, for whoever asked here."""

    id: str
    object: Literal["export"] = "export"
    kind: str
    format: str
    statement: str | None
    state: Literal["queued", "running", "done", "failed"]
    progress: float
    rows: int
    url: str | None
    file_name: str
    size: int
    sha256: str
    error: str
    created_at: datetime
    finished_at: datetime | None


class DownloadQuery(In, frozen=True, kw_only=True):
    """The signed part of the link."""

    token: Annotated[str, Meta(min_length=1, max_length=600)]


def _progress(view: ExportView) -> float:
    if view.state == "done":
        return 1.0
    return round(view.rows_done / view.rows_total, 4) if view.rows_total else 0.0


def _out(call: Call, view: ExportView) -> ExportOut:
    url = None
    if view.state == "done":
        url = exports.link(
            export_id=view.id, tenant_id=call.caller.tenant_id, person_id=call.caller.person_id, now=call.now
        )
    return ExportOut(
        id=view.public_id,
        kind=view.kind,
        format=view.format,
        statement=None if view.statement_id is None else ids.public_id("st", view.statement_id),
        state=view.state,  # type: ignore[arg-type]
        progress=_progress(view),
        rows=view.rows_done,
        url=url,
        file_name=view.file_name,
        size=view.size_bytes,
        sha256=view.sha256,
        error=view.error,
        created_at=view.created_at,
        finished_at=view.finished_at,
    )


class Exports(Endpoint):
    """Files of the caller."""

    tag = "Exports"

    @Route(
        scope="exports:write",
        body=ExportIn,
        returns=ExportOut,
        status=201,
        idempotent=True,
        errors=(exports.ExportKindUnsupported, exports.StatementRequired, exports.StatementNotReady),
    )
    def post(self, call: Call, *, body: ExportIn) -> Answer:
        """Ask for a file; a worker makes it."""
        statement_id = ids.parse_public_id("st", body.statement) if body.statement else None
        filters = body.filters or FiltersIn()

        def effect(_handle: Handle) -> Answer:
            if statement_id is not None:
                statements.statement(statement_id, filters=own(call.caller, "party_id"))
            row = exports.request_export(
                tenant_id=call.caller.tenant_id,
                person_id=call.caller.person_id,
                kind=body.kind,
                format=body.format,
                now=call.now,
                statement_id=statement_id,
                filters={
                    name: value.isoformat() for name, value in (("from", filters.start), ("to", filters.end)) if value
                },
                options=exports.Options(money=body.money, newline=body.newline, bom=body.bom, locale=body.locale),
            )
            return answer(_out(call, selectors.view_of(row)), status=201)

        return once_for(call, effect)

    @Route(scope="exports:write", query=PageQuery, returns=Page[ExportOut])
    def get(self, call: Call, *, query: PageQuery) -> Page[ExportOut]:
        """List files, newest first."""
        after = ids.parse_public_id("exp", query.cursor) if query.cursor else None
        with db.tenant_transaction(call.caller.tenant_id):
            rows = selectors.export_page(tenant_id=call.caller.tenant_id, limit=query.limit, after=after)
        return page_of(rows, limit=query.limit, cursor_of=lambda row: row.public_id, show=lambda row: _out(call, row))


def _seen(call: Call, export_id: UUID) -> ExportView:
    with db.tenant_transaction(call.caller.tenant_id):
        return selectors.export(tenant_id=call.caller.tenant_id, export_id=export_id)


class Export(Endpoint):
    """One file."""

    tag = "Exports"

    @Route(scope="exports:write", returns=ExportOut)
    def get(self, call: Call, *, export_id: str) -> ExportOut:
        """Where the file stands and, when it is done, a fresh link to it."""
        return _out(call, _seen(call, ids.parse_public_id("exp", export_id)))


class DownloadExport(Endpoint):
    """The file itself."""

    tag = "Exports"

    @Route(
        scope="exports:write",
        query=DownloadQuery,
        media_type="text/csv",
        errors=(exports.LinkRefused, exports.ExportNotReady),
    )
    def get(self, call: Call, *, query: DownloadQuery, export_id: str) -> HttpResponseBase:
        """Fetch the file by the link of `GET /v1/exports/{id}`, with a key of the person the link was made for."""
        with db.tenant_transaction(call.caller.tenant_id):
            found = exports.open_download(
                token=query.token,
                export_id=ids.parse_public_id("exp", export_id),
                tenant_id=call.caller.tenant_id,
                person_id=call.caller.person_id,
                now=call.now,
            )
        return sent(found)


def sent(found: exports.Download) -> HttpResponseBase:
    """A download as an answer: an attachment of an exact type that no cache keeps and no browser guesses about."""
    response = FileResponse(
        found.path.open("rb"), as_attachment=True, filename=found.name, content_type="text/csv; charset=utf-8"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
