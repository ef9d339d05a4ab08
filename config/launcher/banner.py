"""What is printed when everything runs: where to go, how to sign in, and a call that works."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]


def banner(*, base_url: str, demo: Facts, seconds: float) -> str:
    """Return the text; `demo` is what `manage.py demo` wrote, empty when there is no demo."""
    lines = ["", f"Fenqi is running at {base_url}   (ready in {seconds:.1f} s; Ctrl-C stops everything)", ""]
    merchants = demo.get("merchants") or []
    if not merchants:
        lines += ["No demo data are loaded (FENQI_DEMO=off). Load them with `make demo`.", ""]
        return "\n".join(lines)
    lines += ["Sign in with one of these:", *_sign_ins(demo), "", "API keys of the sandbox:", *_keys(merchants), ""]
    curl = quote_curl(base_url=base_url, demo=demo)
    if curl:
        lines += ["Try a quote:", "", curl, ""]
    return "\n".join(lines)


def quote_curl(*, base_url: str, demo: Facts) -> str:
    """Return a `curl` that asks for a quote of the first demo item, or nothing if the demo lacks one."""
    merchant: Facts = next(iter(demo.get("merchants") or []), {})
    item = next(iter(demo.get("catalogue") or []), None)
    secret = (merchant.get("keys") or {}).get("secret")
    if item is None or not secret:
        return ""
    line = {
        "id": "1",
        "sku": item["sku"],
        "category": item["category"],
        "brand": item["brand"],
        "quantity": 1,
        "unit_price": item["unit_price"],
    }
    body = {"currency": "CNY", "channel": "online", "region": "CN-SC", "lines": [line], "trade_in": {"claim": True}}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return (
        f"curl -s {base_url}/v1/quotes \\\n"
        f"  -H 'Authorization: Bearer {secret}' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d {shlex.quote(text)}"
    )


def _sign_ins(demo: Facts) -> Iterator[str]:
    groups = [*(demo.get("merchants") or []), demo.get("operator") or {}, *(demo.get("lenders") or [])]
    for group in groups:
        name = group.get("name") or "platform"
        for person in group.get("sign_ins") or []:
            yield f"  {person['role']:<12} {person['email']:<34} {person['password']:<22} {name}"


def _keys(merchants: list[Facts]) -> Iterator[str]:
    for merchant in merchants:
        for kind, key in (merchant.get("keys") or {}).items():
            yield f"  {kind:<12} {key}   {merchant.get('name', '')}"
