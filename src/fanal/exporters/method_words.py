"""What the detectors that ship are called, and what each looks for, in French and English."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, str]] = {
    "default": ("hausse sur le passé", "rise over the past"),
    "ears": ("comparaison aux semaines d'avant", "comparison with the weeks before"),
    "farrington": ("comparaison aux mêmes saisons", "comparison with the same seasons"),
    "novelty": ("nouveauté", "novelty"),
    "cusum": ("cumul des écarts", "cumulative sum"),
    "binomial-cusum": ("cumul des écarts d'une part", "cumulative sum of a share"),
    "first-seen": ("première détection", "first detection"),
    "shift": ("changement de niveau", "shift of a level"),
    "cooccurrence": ("citation commune", "joint mention"),
    "silence": ("source silencieuse", "silent source"),
}
METHODS: Mapping[str, tuple[str, str]] = {
    "default": (
        (
            "relève ce qui monte par rapport à son passé, par la méthode qui convient à la "
            "longueur de ce passé."
        ),
        "flags what rises against its past, by the method that fits the length of that past.",
    ),
    "ears": (
        (
            "relève un compte qui dépasse de plusieurs écarts-types la moyenne des périodes juste "
            "avant (EARS)."
        ),
        (
            "flags a count several standard deviations above the mean of the periods just before "
            "it (EARS)."
        ),
    ),
    "farrington": (
        (
            "relève un compte au-dessus de ce que laissent attendre la saison et la tendance des "
            "années passées (Farrington Flexible)."
        ),
        (
            "flags a count above what the season and the trend of past years lead to expect "
            "(Farrington Flexible)."
        ),
    ),
    "novelty": (
        (
            "relève ce qui est cité plus souvent ces dernières semaines que son passé ne le "
            "permet, même s'il n'avait jamais été cité."
        ),
        (
            "flags what is named more often in the last weeks than its past allows, down to never "
            "named before."
        ),
    ),
    "cusum": (
        (
            "relève de petites hausses qui durent, en additionnant les écarts à la moyenne des "
            "premières périodes."
        ),
        "flags small rises that last, by adding up deviations from the mean of the first periods.",
    ),
    "binomial-cusum": (
        "relève une part qui s'écarte durablement de celle de son passé.",
        "flags a share that departs for good from that of its past.",
    ),
    "first-seen": (
        (
            "relève la première fois qu'un laboratoire trouve une substance ; une seule analyse "
            "suffit."
        ),
        "flags the first time that a laboratory finds a substance; one analysis is enough.",
    ),
    "shift": (
        (
            "relève un prix ou une teneur qui monte ou baisse par rapport au centre et à l'étendue "
            "de son passé."
        ),
        "flags a price or a purity that rises or falls against the centre and spread of its past.",
    ),
    "cooccurrence": (
        (
            "relève deux choses citées ensemble plusieurs fois en peu de temps, qui ne l'avaient "
            "jamais été."
        ),
        "flags two things named together several times within a short time that never were before.",
    ),
    "silence": (
        "relève une source dont il vient beaucoup moins que son passé ne le laisse croire.",
        "flags a source from which much less comes than its past makes credible.",
    ),
}
