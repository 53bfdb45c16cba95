"""Detectors: one module, one method, one reference."""

from fanal.detectors.base import Detector
from fanal.detectors.ears import Ears
from fanal.detectors.farrington import Farrington
from fanal.detectors.novelty import Novelty
from fanal.detectors.silence import Silence

BUILTIN: tuple[type[Detector], ...] = (Ears, Farrington, Novelty, Silence)
