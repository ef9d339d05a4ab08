"""What a handler declares about itself: read by `Endpoint` at each request and by the OpenAPI generator."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from msgspec import Struct

from domain.errors import DomainError
from foundation.caller import KeyKind

SERVER_KEYS: Final[frozenset[KeyKind]] = frozenset({"secret", "restricted"})
BROWSER_KEYS: Final[frozenset[KeyKind]] = frozenset({"secret", "restricted", "publishable"})

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Route(Struct, kw_only=True, frozen=True):
    """Decorates one method of an `Endpoint`.

    `body` and `query` are Structs, handed to the handler as keywords of those names; `returns` is the type answered with
    `status`; `keys` which kinds of API key may call; `public` needs no key; `errors` are what the handler may refuse with.
    """

    scope: str | None = None
    body: Any = None
    query: Any = None
    returns: Any = None
    status: int = 200
    idempotent: bool = False
    keys: frozenset[KeyKind] = SERVER_KEYS
    public: bool = False
    errors: tuple[type[DomainError], ...] = ()
    media_type: str = "application/json"

    def __call__(self, handler: Handler) -> Handler:
        """Attach the declaration. Raises TypeError for a body that would let unknown fields pass."""
        for read in (self.body, self.query):
            if read is not None and not read.__struct_config__.forbid_unknown_fields:
                raise TypeError(f"{read.__name__} must be declared with forbid_unknown_fields (derive it from In)")
        handler.route = self  # type: ignore[attr-defined]
        return handler

    @property
    def browser(self) -> bool:
        """Whether a page of a merchant's shop may call this."""
        return "publishable" in self.keys or self.public
