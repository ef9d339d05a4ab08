"""The one door to the database: who is asking decides the role, the tenant and the transaction.

`tenant_transaction` works as role fenqi_app behind row-level security, `staff_transaction` as fenqi_worker across
tenants, `reader_transaction` as fenqi_reader for exports. Inside one of them the ORM and `cursor()` go to its role
(`AliasRouter`); outside of them the ORM goes to fenqi_app without a tenant, which sees no tenant's row.

Isolation is READ COMMITTED, which Django and PostgreSQL give by default and the SQL of this project counts on.
"""

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from msgspec import Struct

APP: Final = "default"
WORKER: Final = "worker"
READER: Final = "reader"
OWNER: Final = "owner"

RETRIES: Final = 3
_RETRIED_SQLSTATES: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_FIRST_PAUSE_SECONDS: Final = 0.01

P = ParamSpec("P")
R = TypeVar("R")


class Scope(Struct, gc=False):
    """The transaction we are in. `locked` answers the `try_lock` that was asked for at its start (else True)."""

    alias: str
    tenant: UUID | None
    user: UUID | None = None
    locked: bool = True


class OutsideTransaction(RuntimeError):
    """A function that only makes sense inside a transaction was called without one: a bug, never an answer."""


_scope: ContextVar[Scope | None] = ContextVar("database_scope", default=None)


def current_scope() -> Scope | None:
    """The transaction we are in, if any."""
    return _scope.get()


def current_alias() -> str:
    """Alias of the role the ORM uses now."""
    scope = _scope.get()
    return APP if scope is None else scope.alias


def current_tenant() -> UUID:
    """The tenant whose transaction we are in. Raises `OutsideTransaction` without one."""
    scope = _scope.get()
    if scope is None or scope.tenant is None:
        raise OutsideTransaction("no tenant: open foundation.db.tenant_transaction() first")
    return scope.tenant


class AliasRouter:
    """Sends every ORM query to the role of the transaction we are in; migrations run as the owner only."""

    def db_for_read(self, _model: type[Model], **_hints: object) -> str:
        """Reads and writes share one transaction, hence one alias."""
        return current_alias()

    def db_for_write(self, _model: type[Model], **_hints: object) -> str:
        """See `db_for_read`."""
        return current_alias()

    def allow_relation(self, _left: Model, _right: Model, **_hints: object) -> bool:
        """All aliases are one database seen by different roles."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: object) -> bool:
        """Only the owner may own tables."""
        return db == OWNER


@contextmanager
def _open(scope: Scope, sql: str, params: tuple[str | int, ...]) -> Iterator[Scope]:
    """Open a durable transaction on the scope's alias; its first statement is `sql`.

    Two at once in one thread would be two connections that can wait for each other for ever: refused.
    """
    if _scope.get() is not None:
        raise RuntimeError("transactions do not nest: open one at the service door and pass work into it")
    token = _scope.set(scope)
    try:
        with transaction.atomic(using=scope.alias, durable=True):
            if sql:
                with connections[scope.alias].cursor() as handle:
                    handle.execute(sql, params)
                    row = handle.fetchone()
                    scope.locked = bool(row and row[-1])
            yield scope
    finally:
        _scope.reset(token)


_TENANT_SQL: Final = "SELECT set_config('app.tenant', %s, true), set_config('app.user', %s, true), "


def tenant_transaction(
    tenant: UUID, *, user: UUID | None = None, try_lock: int | None = None
) -> AbstractContextManager[Scope]:
    """Work for one tenant as fenqi_app: row-level security shows and accepts this tenant's rows only.

    `try_lock` is a signed 64-bit key: `pg_try_advisory_xact_lock` is asked in the same round trip that names the tenant,
    and `Scope.locked` tells the answer. Raises RuntimeError inside another transaction of this module.
    """
    who = (str(tenant), "" if user is None else str(user))
    scope = Scope(alias=APP, tenant=tenant, user=user)
    if try_lock is None:
        return _open(scope, _TENANT_SQL + "true", who)
    return _open(scope, _TENANT_SQL + "pg_try_advisory_xact_lock(%s)", (*who, try_lock))


def staff_transaction(*, user: UUID | None = None, try_lock: int | None = None) -> AbstractContextManager[Scope]:
    """Work across tenants as fenqi_worker: tasks and the services of platform staff. `try_lock` as above."""
    scope = Scope(alias=WORKER, tenant=None, user=user)
    who = "" if user is None else str(user)
    if try_lock is not None:
        sql = "SELECT set_config('app.user', %s, true), pg_try_advisory_xact_lock(%s)"
        return _open(scope, sql, (who, try_lock))
    if user is not None:
        return _open(scope, "SELECT set_config('app.user', %s, true), true", (who,))
    return _open(scope, "", ())


def reader_transaction(tenant: UUID | None) -> AbstractContextManager[Scope]:
    """Read as fenqi_reader, for exports: one tenant's rows, or every tenant's with `None` (staff)."""
    sql = "SELECT set_config('app.tenant', %s, true), set_config('app.staff', %s, true), true"
    params = ("", "on") if tenant is None else (str(tenant), "")
    return _open(Scope(alias=READER, tenant=tenant), sql, params)


def cursor() -> CursorWrapper:
    """A cursor of the current role, for set-wise SQL; use as a context manager."""
    return connections[current_alias()].cursor()


def savepoint() -> AbstractContextManager[None]:
    """A savepoint inside the current transaction. A plain `transaction.atomic()` would open another role's connection."""
    if _scope.get() is None:
        raise OutsideTransaction("a savepoint needs a transaction around it")
    return transaction.atomic(using=current_alias())


def on_commit(act: Callable[[], object]) -> None:
    """Run `act` after the current transaction commits; its failure is logged and never undoes the commit."""
    transaction.on_commit(act, using=current_alias(), robust=True)


def release_connection(alias: str) -> None:
    """Give this thread's connection back before a wait. Only between transactions."""
    connections[alias].close()


def in_transaction() -> bool:
    """Whether a transaction of this module is open in this context."""
    return _scope.get() is not None and connections[current_alias()].in_atomic_block


def transaction_required(function: Callable[P, R]) -> Callable[P, R]:
    """Refuse to run outside a transaction (`OutsideTransaction`): what it writes must stand or fall with its caller."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not in_transaction():
            raise OutsideTransaction(f"{function.__qualname__} needs a transaction of foundation.db around it")
        return function(*args, **kwargs)

    return guarded


def _sqlstate(error: BaseException) -> str | None:
    cause: Any = error.__cause__
    return getattr(cause, "sqlstate", None)


def retrying(attempt: Callable[[], R]) -> R:
    """Run a whole transaction; on a deadlock or serialization failure again, at most 3 times, after a random pause.

    Only for the outermost transaction and never around a network call: everything in `attempt` happens again.
    """
    for number in range(RETRIES):
        try:
            return attempt()
        except OperationalError as error:
            if _sqlstate(error) not in _RETRIED_SQLSTATES:
                raise
        time.sleep(random.uniform(0.5, 1.5) * _FIRST_PAUSE_SECONDS * 2**number)  # noqa: S311 - spreading, not secrecy
    return attempt()


def run_in_tenant_transaction(fn: Callable[[], R], *, tenant: UUID, user: UUID | None = None) -> R:
    """Run `fn` in a `tenant_transaction`, retried as `retrying` says."""

    def attempt() -> R:
        with tenant_transaction(tenant, user=user):
            return fn()

    return retrying(attempt)


def run_in_staff_transaction(fn: Callable[[], R], *, user: UUID | None = None) -> R:
    """Run `fn` in a `staff_transaction`, retried as `retrying` says."""

    def attempt() -> R:
        with staff_transaction(user=user):
            return fn()

    return retrying(attempt)
