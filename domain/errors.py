"""The one family of anticipated failures.

A function that can refuse declares its own subclass beside itself, so that the code, the HTTP status and the facts are
read where the rule is. Anything that is not a `DomainError` is a bug and surfaces.
"""

from typing import ClassVar


class DomainError(Exception):
    """An anticipated refusal: a stable code and the figures that were compared.

    Example::

        class BudgetExhausted(DomainError):
            code = "budget_exhausted"

        raise BudgetExhausted(left=500, wanted=1_200)

    `str()` of it is `budget_exhausted: left=500 wanted=1200`; sentences for people live in the message table.
    """

    code: ClassVar[str] = "domain_error"
    status: ClassVar[int] = 409
    pointer: ClassVar[str | None] = None

    figures: dict[str, int | str]

    def __init__(self, **figures: int | str) -> None:
        """Keep the facts typed; amounts are minor units, rates are parts per million, dates are ISO text."""
        self.figures = figures
        facts = " ".join(f"{name}={value}" for name, value in figures.items())
        super().__init__(f"{self.code}: {facts}" if facts else self.code)
