"""The world and a client that speaks as one of its keys."""

import json
from itertools import count

import pytest
from django.test import Client

from tests.world import build_world

_numbers = count()


class Api:
    """`api.post("campaigns", {...})` as a key; every POST gets an Idempotency-Key of its own unless one is given."""

    def __init__(self, secret):
        self.secret = secret

    def get(self, path):
        return Client().get(f"/v1/{path}", headers={"authorization": f"Bearer {self.secret}"})

    def post(self, path, body=None, *, key=None):
        return self._send("post", path, body, {"Idempotency-Key": key or f"key-{next(_numbers)}"})

    def patch(self, path, body):
        return self._send("patch", path, body, {})

    def _send(self, method, path, body, headers):
        return getattr(Client(), method)(
            f"/v1/{path}",
            data=json.dumps(body or {}),
            content_type="application/json",
            headers={"authorization": f"Bearer {self.secret}", **headers},
        )


@pytest.fixture
def world(database):
    return build_world()


@pytest.fixture
def api(world):
    return Api(world.one.keys["secret"])


@pytest.fixture
def checker(world):
    return Api(world.one.keys["checker"])


@pytest.fixture
def other(world):
    return Api(world.two.keys["secret"])


@pytest.fixture
def read_only(world):
    return Api(world.one.keys["read_only"])


@pytest.fixture
def as_key(world):
    return Api
