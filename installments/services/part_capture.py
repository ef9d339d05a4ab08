"""The buyer's plan when only some lines were captured: the frozen shares of those lines, row by row in proportion."""

from typing import Any

from domain.money import allocate
from installments.services.frozen import Frozen


def cut_plan(shown: dict[str, Any], frozen: Frozen) -> dict[str, Any]:
    """The stored plan of the captured part. Its columns re-add like the whole plan's did."""
    totals = _totals(frozen)
    rows = shown["schedule"]
    principals = _scaled(rows, "principal", totals.get("principal", 0))
    fees = _scaled(rows, "fee", totals.get("buyer_fee", 0))
    schedule = [
        {**row, "principal": principal, "fee": fee, "amount": principal + fee}
        for row, principal, fee in zip(rows, principals, fees, strict=True)
    ]
    amounts = [row["amount"] for row in schedule]
    waived = totals.get("fee", 0)
    return {
        **shown,
        "schedule": schedule,
        "financed": sum(principals),
        "buyer_fee": sum(fees),
        "waived_fee": waived,
        "lender_fee": waived + sum(fees),
        "funders": _funders(frozen),
        "installment": amounts[len(amounts) // 2],
        "first_installment": amounts[0],
        "last_installment": amounts[-1],
        "total_payable": sum(amounts),
    }


def _totals(frozen: Frozen) -> dict[str, int]:
    totals: dict[str, int] = {}
    for line in frozen.facts.lines:
        for part in line.parts:
            totals[part.role] = totals.get(part.role, 0) + part.amount_minor
    return totals


def _scaled(rows: list[dict[str, Any]], column: str, total: int) -> list[int]:
    weights = [row[column] for row in rows]
    return allocate(total=total, weights=weights) if any(weights) else [0] * len(rows)


def _funders(frozen: Frozen) -> list[dict[str, Any]]:
    sums: dict[tuple[str, str], int] = {}
    for line in frozen.facts.lines:
        for part in line.parts:
            if part.role == "fee":
                key = (part.party, part.party_id)
                sums[key] = sums.get(key, 0) + part.amount_minor
    return [{"party": party, "id": party_id, "amount": amount} for (party, party_id), amount in sums.items()]
