"""What moved; see merchants.selectors.changes."""

from merchants.selectors.changes import fingerprint

__all__ = ["fingerprint"]
