"""Exports as values."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from foundation import ids
from settlements.models import Export


class ExportView(Struct, frozen=True, gc=False, kw_only=True):
    """A file somebody asked for, read only."""

    id: UUID
    public_id: str
    kind: str
    format: str
    statement_id: UUID | None
    state: str
    rows_done: int
    rows_total: int
    file_name: str
    size_bytes: int
    sha256: str
    error: str
    created_at: datetime
    finished_at: datetime | None


def view_of(row: Export) -> ExportView:
    """The value of a row."""
    return ExportView(
        id=row.id,
        public_id=ids.public_id("exp", row.id),
        kind=row.kind,
        format=row.format,
        statement_id=row.statement_id,
        state=row.state,
        rows_done=row.rows_done,
        rows_total=row.rows_total,
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        error=row.error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def export_page(*, tenant_id: UUID, limit: int, after: UUID | None = None) -> list[ExportView]:
    """Up to `limit + 1` files of a tenant, newest first."""
    rows = Export.objects.filter(tenant_id=tenant_id).order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [view_of(row) for row in rows[: limit + 1]]


def latest(*, tenant_id: UUID, statement_id: UUID | None = None, limit: int = 50) -> tuple[ExportView, ...]:
    """A tenant's files, or those of one statement, newest first."""
    rows = Export.objects.filter(tenant_id=tenant_id).order_by("-created_at", "-id")
    if statement_id is not None:
        rows = rows.filter(statement_id=statement_id)
    return tuple(view_of(row) for row in rows[:limit])


def export(*, tenant_id: UUID, export_id: UUID) -> ExportView:
    """One file. Raises UnknownId."""
    row = Export.objects.filter(pk=export_id, tenant_id=tenant_id).first()
    if row is None:
        raise ids.UnknownId
    return view_of(row)
