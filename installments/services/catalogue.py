"""What a merchant may offer, compiled and kept in process memory, so that a warm quote asks the database nothing.

One thread a process compares the fingerprints of all loaded parties every 500 ms in one query; a catalogue that moved is
built aside and swapped in one reference. A catalogue that could not be checked for 5 seconds is not served (503).

# Note [Fingerprint first]
The fingerprint is read before what it stands for. A change that commits in between is then seen by the next check; the
other order would miss it for ever.
"""

import os
import threading
import time
from contextlib import suppress
from typing import ClassVar, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connections
from msgspec.structs import replace

from domain.errors import DomainError
from foundation import db
from foundation.ids import UnknownId
from installments.services.snapshots import CatalogueSnapshot, Fingerprint, build_snapshot
from merchants.selectors import changes
from merchants.services import key_cache
from settlements.selectors import books
from settlements.selectors.books import BookView

LOADED_MAX: Final = 5_000
log = structlog.get_logger("installments.catalogue")


class CatalogueStale(DomainError):
    """Prices could not be checked for too long, so none are given; try again."""

    code = "catalogue_stale"
    status = 503
    retry_after: ClassVar[int] = 1


class _Entry:
    """A loaded catalogue and when it was last known to be the newest (monotonic seconds)."""

    __slots__ = ("checked_at", "snapshot")

    def __init__(self, snapshot: CatalogueSnapshot, checked_at: float) -> None:
        self.snapshot = snapshot
        self.checked_at = checked_at


class Shelf:
    """The loaded catalogues of one process and the thread that keeps them fresh."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything: a forked child starts with nothing, its parent's thread is not there."""
        self._entries: dict[UUID, _Entry] = {}
        self._seen: Fingerprint = {}
        self._loading = threading.Lock()
        self._thread: threading.Thread | None = None

    def get(self, tenant_id: UUID) -> CatalogueSnapshot:
        """The merchant's catalogue. Raises CatalogueStale, or UnknownId for a party that is not a merchant."""
        entry = self._entries.get(tenant_id)
        if entry is None:
            entry = self._load(tenant_id)
        if time.monotonic() - entry.checked_at > settings.FENQI_CATALOGUE_STALE_SECONDS:
            # The thread may have died with a fork or be stuck behind a dead server; it is the only one who retries.
            self._watch()
            raise CatalogueStale
        return entry.snapshot

    def _load(self, tenant_id: UUID) -> _Entry:
        with self._loading:
            entry = self._entries.get(tenant_id)
            if entry is None:
                entry = self._built(tenant_id)
                self._entries[tenant_id] = entry
                while len(self._entries) > LOADED_MAX:
                    self._entries.pop(next(iter(self._entries)), None)
        self._watch()
        return entry

    @staticmethod
    def _built(tenant_id: UUID) -> _Entry:
        asked_at = time.monotonic()
        if db.in_transaction():
            return _Entry(build_snapshot(tenant_id), asked_at)
        with db.tenant_transaction(tenant_id):
            return _Entry(build_snapshot(tenant_id), asked_at)

    def _watch(self) -> None:
        with self._loading:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="catalogue", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(settings.FENQI_CATALOGUE_POLL_SECONDS)
            try:
                self.check()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next round must come
                log.warning("catalogue_check_failed", error=type(error).__name__)
                with suppress(Exception):
                    connections.close_all()

    def check(self) -> None:
        """One round: ask what moved, rebuild that, and mark the rest as still true. Keys ride along."""
        entries = dict(self._entries)
        with_keys = key_cache.cached_parties()
        tenant_id = next(iter(entries or with_keys), None)
        if tenant_id is None:
            return
        asked_at = time.monotonic()
        parties = set(with_keys)
        for entry in entries.values():
            parties.update(party for party in entry.snapshot.fingerprint if party is not None)
        with db.tenant_transaction(tenant_id):
            seen = changes.fingerprint(list(parties))
            clocks = {book.id: book for book in books.books()}
        self._tell_keys(with_keys, seen)
        for loaded, entry in entries.items():
            if any(seen.get(party) != figures for party, figures in entry.snapshot.fingerprint.items()):
                self._rebuild(loaded)
            else:
                self._confirm(loaded, entry, clocks, asked_at)

    def _confirm(self, tenant_id: UUID, entry: _Entry, clocks: dict[UUID, BookView], asked_at: float) -> None:
        """Nothing moved; a sandbox's clock may have, which is no change of what is offered."""
        book = clocks.get(entry.snapshot.book.id)
        if book is not None and book != entry.snapshot.book:
            self._entries[tenant_id] = _Entry(replace(entry.snapshot, book=book), asked_at)
        else:
            entry.checked_at = max(entry.checked_at, asked_at)

    def _tell_keys(self, parties: frozenset[UUID], seen: Fingerprint) -> None:
        """Drop the keys of parties that moved since the last round, believe the others. First seen counts as moved."""
        still = [party for party in parties if self._seen.get(party) == seen.get(party)]
        for party in parties.difference(still):
            key_cache.forget(party)
        key_cache.refresh(still)
        self._seen = seen

    def _rebuild(self, tenant_id: UUID) -> None:
        try:
            self._entries[tenant_id] = self._built(tenant_id)
        except UnknownId:
            self._entries.pop(tenant_id, None)

    def forget(self) -> None:
        """Drop every loaded catalogue; the next quote loads afresh."""
        self._entries = {}


shelf: Final = Shelf()
os.register_at_fork(after_in_child=shelf.reset)


def snapshot(tenant_id: UUID) -> CatalogueSnapshot:
    """The merchant's catalogue from process memory, loaded at the first call.

    Raises CatalogueStale (503) when it could not be checked for 5 seconds, UnknownId for a party that is not a merchant.
    """
    return shelf.get(tenant_id)


def refresh() -> None:
    """Check all loaded catalogues now, for those who changed something and want to see it (commands, tests)."""
    shelf.check()
