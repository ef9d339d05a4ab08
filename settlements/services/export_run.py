"""Make a file: read as fenqi_reader chunk by chunk, show the progress, and put it in place under the job's fence."""

import os
from datetime import datetime
from typing import Any
from uuid import UUID

from foundation import db, jobs
from foundation.jobs import Lease
from merchants.selectors import parties
from settlements.models import Export
from settlements.selectors import export_rows
from settlements.selectors.export_rows import Query, Source
from settlements.services import exports
from settlements.services.export_file import FileNotWritten, ProvenFile, growing, make_durable


def run_export(*, export_id: UUID, lease: Lease | None, now: datetime) -> bool:
    """Make the file of an export; False when there was nothing to do. Outside of any transaction.

    Under `lease` (the due job's) a worker that lost its job puts nothing in place. What the disk refuses leaves a failed
    export with its reason and no file; what the database refuses is raised, so that the job is tried again.
    """
    export = _start(export_id)
    if export is None:
        return False
    try:
        _write(export, lease=lease, now=now)
    except FileNotWritten as error:
        _fail(export_id, reason=f"{error.code}: {error.figures['reason']}", now=now)
    return True


def _start(export_id: UUID) -> Export | None:
    with db.staff_transaction():
        Export.objects.filter(pk=export_id, state__in=("queued", "running")).update(state="running", rows_done=0)
        export = Export.objects.filter(pk=export_id, state="running").first()
        if export is not None and parties.party(export.tenant_id).kind == "platform":
            export.filters["staff"] = "1"
        return export


def _write(export: Export, *, lease: Lease | None, now: datetime) -> None:
    tenant = None if export.filters.get("staff") else export.tenant_id
    with db.reader_transaction(tenant):
        source = export_rows.source_of(export)
    with growing(exports.path_of(export.id), key=export.id) as (handle, temporary):
        file = ProvenFile(handle, newline=export.options["newline"], bom=export.options["bom"])
        file.header(source.columns)
        for chunk in source.chunks:
            with db.reader_transaction(tenant):
                _copy(file, chunk)
            _show(export.id, lease=lease, done=file.rows, source=source, now=now)
        if export.kind == "statement_lines" and file.rows != source.total:
            raise RuntimeError(f"{file.rows} lines were written, {source.total} counted")
        file.trailer(source.columns, {"line_no": str(file.rows)} | source.sums)
        make_durable(handle)
        size = handle.tell()
        with db.staff_transaction():
            if lease is not None:
                jobs.fence(lease)
            os.replace(temporary, exports.path_of(export.id))
            Export.objects.filter(pk=export.id).update(
                state="done",
                rows_done=file.rows,
                rows_total=file.rows,
                file_name=source.file_name,
                size_bytes=size,
                sha256=file.sha256,
                error="",
                finished_at=now,
            )


def _copy(file: ProvenFile, chunk: Query) -> None:
    copy = f"COPY ({chunk.sql}) TO STDOUT (FORMAT csv)"
    # The cursor below Django's: its wrapper of debug mode knows no COPY with parameters.
    with db.cursor() as cursor, cursor.cursor.copy(copy, chunk.params) as rows:
        file.copy(rows.read)


def _show(export_id: UUID, *, lease: Lease | None, done: int, source: Source, now: datetime) -> None:
    with db.staff_transaction():
        if lease is not None:
            jobs.progress(lease, done=done, total=source.total, now=now)
        Export.objects.filter(pk=export_id).update(rows_done=done, rows_total=source.total)


def _fail(export_id: UUID, *, reason: str, now: datetime) -> None:
    values: dict[str, Any] = {"state": "failed", "error": reason[:200], "finished_at": now, "rows_done": 0}
    with db.staff_transaction():
        Export.objects.filter(pk=export_id).update(**values)
