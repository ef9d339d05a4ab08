"""The banner shows what the demo wrote, with a call that can be pasted."""

import json
import shlex

from config.launcher.banner import banner, quote_curl

DEMO = {
    "merchants": [
        {
            "id": "mer_1",
            "name": "蓝天电器",
            "keys": {"secret": "sk_test_abc", "publishable": "pk_test_def"},
            "sign_ins": [{"role": "owner", "email": "owner@example.com", "password": "it's 安全"}],
        }
    ],
    "operator": {
        "keys": {"secret": "sk_test_op"},
        "sign_ins": [{"role": "risk", "email": "risk@x.cn", "password": "p"}],
    },
    "catalogue": [{"sku": "FR-1", "category": "fridge", "brand": "O'Neil", "unit_price": 599900, "energy_grade": 1}],
}


def test_the_curl_is_one_shell_command_with_the_key_and_the_first_item():
    words = shlex.split(quote_curl(base_url="http://127.0.0.1:8000", demo=DEMO).replace("\\\n", " "))

    assert words[:3] == ["curl", "-s", "http://127.0.0.1:8000/v1/quotes"]
    assert "Authorization: Bearer sk_test_abc" in words
    body = json.loads(words[-1])
    assert body["lines"] == [
        {"id": "1", "sku": "FR-1", "category": "fridge", "brand": "O'Neil", "quantity": 1, "unit_price": 599900}
    ]
    assert body["trade_in"] == {"claim": True}


def test_the_banner_names_the_address_every_sign_in_and_every_key():
    text = banner(base_url="http://127.0.0.1:8001", demo=DEMO, seconds=3.2)

    for part in ("http://127.0.0.1:8001", "owner@example.com", "risk@x.cn", "it's 安全", "sk_test_abc", "pk_test_def"):
        assert part in text


def test_without_a_demo_the_banner_says_how_to_load_one():
    assert "make demo" in banner(base_url="http://127.0.0.1:8000", demo={}, seconds=1.0)
