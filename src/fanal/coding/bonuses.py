"""Bonuses: so much bought, so much given."""

from __future__ import annotations

from fanal.coding.reading import Offer, Reading


def read(reading: Reading) -> list[Offer]:
    """Take the bonuses."""
    return []
