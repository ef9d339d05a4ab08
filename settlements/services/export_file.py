"""Write a file that proves itself: header, rows streamed by COPY, and a trailer with their sums and the hash of all before it.

The file grows under a private name and gets its own only when it is complete, so that nobody ever sees half of one.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from domain.errors import DomainError

BOM: Final = b"\xef\xbb\xbf"
NEWLINES: Final = {"crlf": b"\r\n", "lf": b"\n"}
ROWS_A_WRITE: Final = 2_000
TRAILER: Final = "TRAILER"


class FileNotWritten(DomainError):
    """The export could not be written: the disk is full or refuses."""

    code = "file_not_written"
    status = 503


class ProvenFile:
    """A CSV in the making. Bytes are hashed as they are written."""

    def __init__(self, handle: BinaryIO, *, newline: str, bom: bool) -> None:
        self._handle = handle
        self._newline = NEWLINES[newline]
        self._digest = hashlib.sha256()
        self.rows = 0
        if bom:
            self._write(BOM)

    def header(self, columns: Sequence[str]) -> None:
        """The first row."""
        self._write(",".join(columns).encode() + self._newline)

    def copy(self, read: Callable[[], bytes | memoryview]) -> int:
        """Take rows as COPY sends them (one message a row, ending in LF) until there are no more; returns how many."""
        before = self.rows
        waiting: list[bytes] = []
        while row := read():
            waiting.append(bytes(row[:-1]))
            if len(waiting) == ROWS_A_WRITE:
                self._put(waiting)
        self._put(waiting)
        return self.rows - before

    def _put(self, rows: list[bytes]) -> None:
        if rows:
            rows.append(b"")
            self._write(self._newline.join(rows))
            self.rows += len(rows) - 1
            rows.clear()

    def trailer(self, columns: Sequence[str], cells: dict[str, str]) -> None:
        """The last row: `cells` by column, and in `note` the SHA-256 of every byte before it."""
        proof = {columns[0]: TRAILER, "note": self._digest.hexdigest()} | cells
        self._write(",".join(proof.get(name, "") for name in columns).encode() + self._newline)

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._handle.write(data)

    @property
    def sha256(self) -> str:
        """Of the whole file as it stands."""
        return self._digest.hexdigest()


@contextmanager
def growing(final: Path, *, key: UUID) -> Iterator[tuple[BinaryIO, Path]]:
    """A file beside its place; removed on any failure. Raises FileNotWritten for what the disk refuses.

    Left-overs of a killed run of the same export are removed first: one lease holder writes at a time.
    """
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        for left in final.parent.glob(f".{key.hex}.*.part"):
            left.unlink(missing_ok=True)
        temporary = final.parent / f".{key.hex}.{os.getpid()}.part"
        with _removed_on_failure(temporary), temporary.open("xb") as handle:
            temporary.chmod(0o600)
            yield handle, temporary
    except OSError as error:
        raise FileNotWritten(reason=error.strerror or "unknown", errno=error.errno or 0) from error


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def make_durable(handle: BinaryIO) -> None:
    """What is acknowledged survives a power cut."""
    handle.flush()
    os.fsync(handle.fileno())
