"""A broker that dies while a message is acknowledged must not cost the worker the message's place for ever."""

from types import SimpleNamespace

import pytest

from config import pgmq, redis_broker


class Gone(ConnectionError):
    """The broker is away."""


@pytest.fixture
def redis_qos():
    class Broken(redis_broker.QoS):
        def _remove_from_indices(self, delivery_tag, pipe=None):
            raise Gone

    qos = Broken(SimpleNamespace(do_restore=False), prefetch_count=1)
    qos._quick_append("tag", SimpleNamespace())
    return qos


def test_redis_asks_for_the_next_message_after_a_lost_acknowledgement(redis_qos):
    assert not redis_qos.can_consume()

    with pytest.raises(Gone):
        redis_qos.ack("tag")

    assert redis_qos.can_consume()


@pytest.mark.parametrize("act", ["basic_ack", "basic_reject"])
def test_the_queue_in_postgresql_does_so_too(act):
    class Broken(pgmq.Channel):
        def __init__(self):
            self.qos_made = pgmq.kombu_pgmq.virtual.QoS(SimpleNamespace(do_restore=False), prefetch_count=1)

        @property
        def qos(self):
            return self.qos_made

        @property
        def pgmq(self):
            raise Gone

        def __del__(self):
            pass

    channel = Broken()
    info = {"pgmq_queue": "fenqi", "pgmq_msg_id": 1}
    channel.qos._quick_append("tag", SimpleNamespace(delivery_info=info))
    assert not channel.qos.can_consume()

    with pytest.raises(Gone):
        getattr(channel, act)("tag")

    assert channel.qos.can_consume()
