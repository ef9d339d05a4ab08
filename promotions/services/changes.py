"""The one road by which every process hears that offers moved; the log stands in merchants, below."""

from merchants.services.changes import announce

__all__ = ["announce"]
