"""Celery's broker on Redis: kombu's transport, less one flaw.

# Note [A lost acknowledgement gives its place back]
A worker takes as many messages as it has processes (prefetch). kombu frees a message's place after the broker has taken
the acknowledgement; when the connection breaks in between, the place is never freed, and a worker whose places are all
lost asks for nothing any more and does not even notice that the broker came back. So the place is freed first of all.
The message itself comes again after the visibility timeout, which is harmless: the database knows what is done.
"""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombu_redis


def register() -> None:
    """Let kombu open `redis://` and `rediss://` addresses with the transport below."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "config.redis_broker:Transport"))


class QoS(kombu_redis.QoS):
    """See Note [A lost acknowledgement gives its place back]."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge."""
        self._quick_ack(delivery_tag)
        super().ack(delivery_tag)  # type: ignore[no-untyped-call]

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's
        """Refuse."""
        self._quick_ack(delivery_tag)
        super().reject(delivery_tag, requeue=requeue)  # type: ignore[no-untyped-call]


class Channel(kombu_redis.Channel):
    """kombu's channel with our `QoS`."""

    QoS: Any = QoS


class Transport(kombu_redis.Transport):
    """kombu's transport with our channel."""

    Channel = Channel
