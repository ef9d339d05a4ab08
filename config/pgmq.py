"""Celery's broker on our own PostgreSQL: kombu's PGMQ transport with its rough edges filed off.

What is changed, and why (docs/decisions/0001):
- the address is a libpq one with `pgmq` for `postgresql`, so socket folders with spaces and passwords survive;
- queue names over PGMQ's limit are shortened by a hash;
- an acknowledgement that is lost gives its place back (config/redis_broker.py has the note);
- `headers` are always sent with a `delay`: the installed SQL has no version without.
"""

import hashlib
import re
from typing import Any

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import pgmq as kombu_pgmq
from pgmq import PGMQueue
from psycopg_pool import ConnectionPool

LONGEST_QUEUE_NAME = 40  # PGMQ refuses more than 47
POOL_SIZE = 2
POOL_TIMEOUT_S = 5.0

# The longest task may run 300 s (config.celery): a message must not come back before that.
TRANSPORT_OPTIONS = {
    "visibility_timeout": 360,
    "polling_interval": 0.1,
    "wait_time_seconds": 0,
    "use_notify": False,
    "init_extension": False,
}


def register() -> None:
    """Let kombu open `pgmq://` addresses with the transport below."""
    TRANSPORT_ALIASES["pgmq"] = "config.pgmq:Transport"


def broker_url(database_url: str) -> str:
    """Return the broker's address for a libpq one: `postgresql://u:p@/d?host=/s` gives `pgmq://u:p@/d?host=/s`."""
    return "pgmq" + database_url[database_url.index("://") :]


class Channel(kombu_pgmq.Channel):
    """kombu's channel with names and headers that PGMQ accepts."""

    def canonical_queue_name(self, queue_name: str) -> str:
        """Return PGMQ's name of a queue, hashed when it would be too long."""
        name: str = super().canonical_queue_name(queue_name)
        if len(name) <= LONGEST_QUEUE_NAME:
            return name
        mark = hashlib.sha256(name.encode()).hexdigest()[:16]
        return f"{name[:20]}_{mark}"

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's
        """Acknowledge. See Note [A lost acknowledgement gives its place back]."""
        self.qos.ack(delivery_tag)
        super().basic_ack(delivery_tag, multiple=multiple)  # type: ignore[no-untyped-call]

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's
        """Refuse. See the same note."""
        self.qos.ack(delivery_tag)
        super().basic_reject(delivery_tag, requeue=requeue)  # type: ignore[no-untyped-call]

    def _pgmq_send_kwargs(self, message: dict[str, Any]) -> dict[str, Any]:
        arguments: dict[str, Any] = super()._pgmq_send_kwargs(message)
        if "headers" in arguments:
            arguments.setdefault("delay", 0)
        return arguments


class Transport(kombu_pgmq.Transport):
    """kombu's transport, signing in with our own address."""

    Channel = Channel
    can_parse_url = True  # means: hand me the address whole

    @classmethod
    def as_uri(cls, uri: str, include_password: bool = False, mask: str = "**") -> str:  # noqa: FBT001, FBT002 - kombu's
        """Return the address for a log line: without its password."""
        return uri if include_password else re.sub(r":[^:@/]*@", f":{mask}@", uri, count=1)

    def _create_pgmq_client(self) -> PGMQueue:
        # PGMQ's client rebuilds the address and loses what it does not know; a pool of ours keeps it.
        connection: Any = self.client
        address = "postgresql" + connection.hostname.removeprefix("pgmq")
        pool = ConnectionPool(address, min_size=1, max_size=POOL_SIZE, timeout=POOL_TIMEOUT_S, open=True)
        return PGMQueue(
            conn_string="host=unused",
            vt=int(connection.transport_options.get("visibility_timeout", TRANSPORT_OPTIONS["visibility_timeout"])),
            init_extension=False,
            pool=pool,
        )

    def close_connection(self, connection: object) -> None:
        """Close the connection and the pool, which is ours and so not closed by PGMQ's client."""
        client = self._pgmq_client
        pool = client.pool if client is not None else None
        super().close_connection(connection)
        if pool is not None:
            pool.close(timeout=0.5)
