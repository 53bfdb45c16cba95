"""What the detectors that ship are called, and what each looks for."""

from __future__ import annotations

from collections.abc import Mapping

from fanal.wording.marks import N_

NAMES: Mapping[str, str] = {
    "default": N_("rise over the past"),
    "ears": N_("comparison with the weeks before"),
    "farrington": N_("comparison with the same seasons"),
    "novelty": N_("novelty"),
    "cusum": N_("cumulative sum"),
    "binomial-cusum": N_("cumulative sum of a share"),
    "first-seen": N_("first detection"),
    "shift": N_("shift of a level"),
    "cooccurrence": N_("joint mention"),
    "silence": N_("silent source"),
}
METHODS: Mapping[str, str] = {
    "default": N_(
        "flags what rises against its past, by the method that fits the length of that past."
    ),
    "ears": N_(
        "flags a count several standard deviations above the mean of the periods just "
        "before it (EARS)."
    ),
    "farrington": N_(
        "flags a count above what the season and the trend of past years lead to "
        "expect (Farrington Flexible)."
    ),
    "novelty": N_(
        "flags what is named more often in the last weeks than its past allows, down "
        "to never named before."
    ),
    "cusum": N_(
        "flags small rises that last, by adding up deviations from the mean of the first periods."
    ),
    "binomial-cusum": N_("flags a share that departs for good from that of its past."),
    "first-seen": N_(
        "flags the first time that a laboratory finds a substance; one analysis is enough."
    ),
    "shift": N_(
        "flags a price or a purity that rises or falls against the centre and spread of its past."
    ),
    "cooccurrence": N_(
        "flags two things named together several times within a short time that never were before."
    ),
    "silence": N_("flags a source from which much less comes than its past makes credible."),
}
