"""var/demo.json: what a newcomer, a script or a test needs to use the demo. Test mode only.

Secrets are known only when they are made, so the file is also where they live; when it is lost, new keys are made.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from foundation import db
from merchants.selectors import parties, stores
from portal.demo.cast import PASSWORD, Cast, Tenant, make_keys, make_staff_key
from portal.demo.goods import GOODS
from promotions.selectors import campaigns

_PRIVATE: Final = 0o600
_MOST_CAMPAIGNS: Final = 100


def write(*, path: Path, cast: Cast, base_url: str, now: datetime) -> None:
    """Write the file (readable by its owner only), keeping the keys it already has when they are this database's."""
    before = _read(path)
    kept = before if before.get("book") == str(cast.book_id) else {}
    document = {
        "base_url": base_url,
        "book": str(cast.book_id),
        "merchants": [_merchant(tenant, kept, now) for tenant in (cast.chain, cast.shop)],
        "brands": [{"id": cast.brand.public_id, "name": cast.brand.name, "sign_ins": _sign_ins(cast.brand)}],
        "operator": {"keys": _staff_keys(cast, kept, now), "sign_ins": _sign_ins(cast.platform)},
        "lenders": _lenders(cast),
        "catalogue": [
            {
                "sku": good.sku,
                "name": good.name,
                "category": good.category,
                "brand": good.brand,
                "unit_price": good.unit_price_minor,
                "energy_grade": good.energy_grade,
            }
            for good in GOODS
        ],
    }
    growing = path.with_suffix(".part")
    with open(os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w", encoding="utf-8") as handle:
        json.dump(document, handle, ensure_ascii=False, indent=1)
    growing.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _merchant(tenant: Tenant, kept: dict[str, Any], now: datetime) -> dict[str, Any]:
    old: dict[str, Any] = next((row for row in kept.get("merchants", ()) if row.get("id") == tenant.public_id), {})
    secrets = old.get("keys") or make_keys(tenant_id=tenant.id, maker=tenant.maker, checker=tenant.checker, now=now)
    with db.tenant_transaction(tenant.id):
        shops = [
            {"id": shop.public_id, "code": shop.code, "name": shop.name_zh, "region": shop.region}
            for shop in stores.stores(tenant.id)
        ]
        offers = [
            {"id": row.public_id, "name": row.draft.name.en, "kind": row.draft.kind, "state": row.state}
            for row in campaigns.campaign_page(tenant_id=tenant.id, limit=_MOST_CAMPAIGNS)
        ]
    return {
        "id": tenant.public_id,
        "name": tenant.name,
        "keys": secrets,
        "stores": shops,
        "campaigns": offers,
        "sign_ins": _sign_ins(tenant),
    }


def _staff_keys(cast: Cast, kept: dict[str, Any], now: datetime) -> dict[str, str]:
    old: dict[str, str] = kept.get("operator", {}).get("keys") or {}
    return old or {"secret": make_staff_key(platform=cast.platform.id, person_id=cast.platform.maker, now=now)}


def _sign_ins(tenant: Tenant) -> list[dict[str, str]]:
    return [{"role": role, "email": email, "password": PASSWORD} for role, email, _ in tenant.people]


def _lenders(cast: Cast) -> list[dict[str, str]]:
    with db.staff_transaction():
        return [{"id": row.public_id, "name": row.name_zh} for row in parties.lenders(cast.book_id)]
