"""How a buyer is recognised without keeping who it is in the places where it is only compared."""

import hashlib
import hmac
import unicodedata
from functools import lru_cache
from typing import Final

from django.conf import settings

from foundation.errors import InvalidRequest

# Zero-width characters, joiners, marks of direction and the byte-order mark: invisible, so they make no difference.
_INVISIBLE: Final = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0xAD]
)


def normal_reference(reference: str) -> str:
    """The form in which references are compared: NFKC, casefolded, without zero-width characters and outer spaces.

    `Ｂuyer-7\u200b` and `buyer-7` are one buyer.
    """
    visible = unicodedata.normalize("NFKC", reference.translate(_INVISIBLE)).casefold()
    return unicodedata.normalize("NFKC", visible.translate(_INVISIBLE)).strip()


@lru_cache(maxsize=1)
def _pepper() -> bytes:
    secret: str = settings.FENQI_BUYER_PEPPER
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"fenqi-buyer").digest()


def buyer_key(reference: str) -> str:
    """The keyed hash that stands for a buyer in tokens, counters and allowances: 64 hex digits.

    Raises InvalidRequest for a reference without a visible character: such buyers would all be one person.
    """
    normal = normal_reference(reference)
    if not normal:
        raise InvalidRequest(at="/buyer/reference", reason="blank", detail="A reference needs a visible character.")
    return hmac.digest(_pepper(), normal.encode(), "sha256").hex()
