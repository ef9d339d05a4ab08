"""Keys do their one thing, and logs hold no secret."""

import io
import json
import logging

import pytest
import structlog

from foundation import crypto, request_id
from foundation.logging import _JsonFormatter, configure, masked


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FENQI_SIGNING_KEYS = "k2:new-secret,k1:old-secret"
    settings.FENQI_FIELD_KEYS = "new,old"
    crypto.forget_keys()
    yield
    crypto.forget_keys()


def test_the_newest_key_signs_and_the_older_still_verifies(settings):
    settings.FENQI_SIGNING_KEYS = "k1:old-secret"
    crypto.forget_keys()
    old_id, old_mac = crypto.sign(b"quote", purpose="quote")
    settings.FENQI_SIGNING_KEYS = "k2:new-secret,k1:old-secret"
    crypto.forget_keys()
    new_id, _ = crypto.sign(b"quote", purpose="quote")

    assert (old_id, new_id) == ("k1", "k2")
    assert crypto.verify(b"quote", key_id=old_id, mac=old_mac, purpose="quote")


def test_a_signature_fits_neither_other_bytes_nor_another_purpose_nor_another_key():
    key_id, mac = crypto.sign(b"quote", purpose="quote")

    assert not crypto.verify(b"quotf", key_id=key_id, mac=mac, purpose="quote")
    assert not crypto.verify(b"quote", key_id=key_id, mac=mac, purpose="link")
    assert not crypto.verify(b"quote", key_id="k1", mac=mac, purpose="quote")
    assert not crypto.verify(b"quote", key_id="k9", mac=mac, purpose="quote")
    assert not crypto.verify(b"quote", key_id=key_id, mac=mac[:31], purpose="quote")


def test_a_field_reads_back_after_the_keys_were_rotated(settings):
    settings.FENQI_FIELD_KEYS = "old"
    crypto.forget_keys()
    stored = crypto.encrypt("whsec_1")
    settings.FENQI_FIELD_KEYS = "new,old"
    crypto.forget_keys()

    assert crypto.decrypt(stored) == "whsec_1"
    moved = crypto.rotate(stored)
    settings.FENQI_FIELD_KEYS = "new"
    crypto.forget_keys()
    assert crypto.decrypt(moved) == "whsec_1"
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(stored)


def test_a_keyed_hash_is_32_bytes_stable_and_bound_to_its_purpose():
    assert len(crypto.keyed_hash("sk_test_1", purpose="api_key")) == 32
    assert crypto.keyed_hash("sk_test_1", purpose="api_key") == crypto.keyed_hash("sk_test_1", purpose="api_key")
    assert crypto.keyed_hash("sk_test_1", purpose="api_key") != crypto.keyed_hash("sk_test_1", purpose="buyer")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("key sk_live_abc-DEF_123 used", "key [masked] used"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [masked]"),
        ("postgresql://fenqi_app:hunter2@/fenqi", "postgresql://[masked]@/fenqi"),
        ("secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "secret [masked]"),
        ({"password": "hunter2", "plan": "pl_1"}, {"password": "[masked]", "plan": "pl_1"}),
        ({"deep": [{"quote_token": "x"}]}, {"deep": [{"quote_token": "[masked]"}]}),
        (b"123", "<3 bytes>"),
    ],
)
def test_secrets_are_masked_by_pattern_and_by_field(value, shown):
    assert masked(value) == shown


def test_a_log_line_is_json_with_the_request_id_and_without_the_key_in_its_trace():
    configure()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(_JsonFormatter())
    logging.getLogger().addHandler(handler)
    name = request_id.begin()
    try:
        int("sk_test_0123456789")
    except ValueError:
        structlog.get_logger("tests").exception("broke", api_key="sk_test_1")
    finally:
        logging.getLogger().removeHandler(handler)

    line = json.loads(written.getvalue().splitlines()[-1])
    assert (line["event"], line["request_id"], line["level"], line["api_key"]) == ("broke", name, "error", "[masked]")
    assert "sk_test_0123456789" not in written.getvalue()
