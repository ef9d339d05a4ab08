"""Everything that must be true, asked in one go: the books, the plans against the books, the budgets."""

from foundation import db
from installments.services import proofs as plans
from promotions.selectors import budgets
from settlements.services import proofs as books


def problems() -> list[str]:
    """What is wrong, one sentence each; an empty list is the proof. Reads everything; opens its own transactions."""
    found = [f"{one.check}: {one.what}: {one.why}" for one in books.check_books()]
    found += [f"{one.check}: {one.what}: {one.why}" for one in plans.check_plans()]
    with db.staff_transaction():
        counters = budgets.unproven()
    found += [
        f"budgets_are_proved: {one.counter_id}: counted {one.counted}, entries add up to {one.proved}"
        for one in counters
    ]
    return found
