"""Claims on the government: opened at capture with the facts of the sale, reduced or withdrawn by refunds."""


def of_draft(draft):
    return None


def of_plan(plan, frozen):
    return None


def open_for(facts):
    return None


def unpaid_lines(plan, frozen):
    return frozenset()


def reduce_for(backs, now):
    return None


def money_now(plan, frozen):
    from domain.ledger import MoneyNow

    return MoneyNow(released=plan.released_at is not None, remitted=plan.remitted_at is not None)
