"""Files people ask for: requested in a transaction, made by a worker, fetched by a link of ten minutes.

The row says where an export stands; a due job makes it (settlements/services/export_run.py). A link is signed, names the
export, the tenant and the person, and opens for nobody else.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.core import signing
from msgspec import Struct, to_builtins

from domain.errors import DomainError
from foundation import db, ids, jobs
from foundation.ids import UnknownId
from settlements.models import Export, Statement

RUN_JOB: Final = "settlements.run_export"
LINK_LIVES: Final = timedelta(minutes=10)
_SALT: Final = "settlements.exports.link"
_UNREADY: Final = frozenset({"open", "computing"})
KINDS: Final = {"statement_lines": "statement_lines", "transfers": "transfers", "claims": "claims"}


class ExportKindUnsupported(DomainError):
    """This kind of export cannot be made in this format."""

    code = "export_kind_unsupported"
    status = 422
    pointer = "/kind"


class StatementRequired(DomainError):
    """An export of statement lines names its statement."""

    code = "statement_required"
    status = 422
    pointer = "/statement"


class StatementNotReady(DomainError):
    """The statement is still being computed; ask again in a moment."""

    code = "statement_not_ready"
    status = 409


class ExportNotReady(DomainError):
    """The file is not there: the export is still running, or has failed."""

    code = "export_not_ready"
    status = 409


class LinkRefused(DomainError):
    """The link has expired, was changed, or was made for somebody else; read the export again for a fresh one."""

    code = "link_refused"
    status = 403


class Options(Struct, frozen=True, kw_only=True, gc=False):
    """How the file is written. The defaults open well in spreadsheets and follow RFC 4180."""

    money: Literal["decimals", "minor"] = "decimals"
    newline: Literal["crlf", "lf"] = "crlf"
    bom: bool = False
    locale: str = "zh-hans"


class Download(Struct, frozen=True, gc=False):
    """A file to hand over."""

    path: Path
    name: str
    size_bytes: int


@db.transaction_required
def request_export(
    *,
    tenant_id: UUID,
    person_id: UUID | None,
    kind: str,
    format: str,  # noqa: A002 - the name in the API
    now: datetime,
    statement_id: UUID | None = None,
    filters: dict[str, str] | None = None,
    options: Options | None = None,
) -> Export:
    """Queue a file for a tenant; its rows are those the transaction's tenant may see (staff: the platform's books).

    Raises ExportKindUnsupported, StatementRequired, UnknownId, StatementNotReady.
    """
    if kind not in KINDS or format != "csv":
        raise ExportKindUnsupported(kind=kind, format=format)
    if kind == "statement_lines":
        _check_statement(statement_id)
    row = Export.objects.create(
        id=ids.uuid7(),
        tenant_id=tenant_id,
        person_id=person_id,
        kind=kind,
        format=format,
        statement_id=statement_id if kind == "statement_lines" else None,
        filters=filters or {},
        options=to_builtins(options or Options()),
        created_at=now,
    )
    jobs.schedule(kind=RUN_JOB, period=str(row.id), due_at=now)
    return row


def _check_statement(statement_id: UUID | None) -> None:
    if statement_id is None:
        raise StatementRequired
    state = Statement.objects.filter(pk=statement_id).values_list("state", flat=True).first()
    if state is None:
        raise UnknownId
    if state in _UNREADY:
        raise StatementNotReady(state=state)


def path_of(export_id: UUID) -> Path:
    """Where the finished file of an export lies; the name says nothing about its owner."""
    return Path(settings.EXPORT_ROOT) / f"{export_id.hex}.csv"


def link(*, export_id: UUID, tenant_id: UUID, person_id: UUID | None, now: datetime) -> str:
    """An address that works for ten minutes, for this person of this tenant."""
    public = ids.public_id("exp", export_id)
    token = token_for(export_id=export_id, tenant_id=tenant_id, person_id=person_id, now=now)
    return f"{settings.FENQI_BASE_URL}/v1/exports/{public}/download?token={token}"


def token_for(*, export_id: UUID, tenant_id: UUID, person_id: UUID | None, now: datetime) -> str:
    """The signed part of a link: what may be opened, by whom, until when. The portal makes its own address with it."""
    until = int((now + LINK_LIVES).timestamp())
    return signing.dumps([export_id.hex, tenant_id.hex, person_id.hex if person_id else "", until], salt=_SALT)


def open_download(*, token: str, export_id: UUID, tenant_id: UUID, person_id: UUID | None, now: datetime) -> Download:
    """The file behind a link, for the one it was made for. In a tenant transaction.

    Raises LinkRefused, UnknownId, ExportNotReady.
    """
    try:
        named, tenant, person, until = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkRefused from error
    meant = (named, tenant, person) == (export_id.hex, tenant_id.hex, person_id.hex if person_id else "")
    if not meant or now.timestamp() >= until:
        raise LinkRefused
    row = Export.objects.filter(pk=export_id, tenant_id=tenant_id).first()
    if row is None:
        raise UnknownId
    path = path_of(export_id)
    if row.state != "done" or not path.exists():
        raise ExportNotReady(state=row.state)
    return Download(path, row.file_name, row.size_bytes)
