"""Detectors: one module, one method, one reference."""

from collections.abc import Callable, Mapping
from typing import Any

from fanal.detectors.base import Detector
from fanal.detectors.binomial_cusum import BinomialCusum
from fanal.detectors.cooccurrence import Cooccurrence
from fanal.detectors.cusum import Cusum
from fanal.detectors.default import Default
from fanal.detectors.ears import Ears
from fanal.detectors.farrington import Farrington
from fanal.detectors.first_seen import FirstSeen
from fanal.detectors.novelty import Novelty
from fanal.detectors.shift import Shift
from fanal.detectors.silence import Silence
from fanal.plugins import known

BUILTIN: tuple[type[Detector], ...] = (
    Default,
    Ears,
    Farrington,
    Novelty,
    Cusum,
    BinomialCusum,
    FirstSeen,
    Shift,
    Cooccurrence,
    Silence,
)


def rarities() -> dict[str, Callable[[float, Mapping[str, Any]], float]]:
    """Return how the score of each detector that is known tells how rare an alarm is."""
    return {name: kind.rarity for name, kind in known("detectors", BUILTIN).items()}


__all__ = ["BUILTIN", "BinomialCusum", "Cooccurrence", "Cusum", "Default", "Detector", "Ears"]
__all__ += ["Farrington", "FirstSeen", "Novelty", "Shift", "Silence", "rarities"]
