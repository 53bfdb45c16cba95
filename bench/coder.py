"""Print how the coder's scan compares with raw hyperscan and with other matchers, in one run.

    python bench/coder.py [--messages 200000] [--spacy 2000]

First the matcher: fold, match and offsets of 10,000 sure names against hyperscan alone over text
that is already folded (the limit), ahocorasick-rs, flashtext2 and spaCy's PhraseMatcher on the
same folded text and the same names; spaCy reads a sample and is scaled. Then the whole coder with
its 40,000 names, cues and phrases, everyday words among them. CPU time, best of three.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import hyperscan
from figures import say

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from fanal.benchmarks.evaluation import documents_of
from fanal.coding import views
from fanal.coding.lexicon import Lexicon, code_texts
from fanal.coding.names.matcher import Matcher
from fanal.coding.names.spellings import spellings
from fanal.coding.names.vocabulary import SURE
from fanal.thesaurus.concepts import fold_name

WORDS = Path(__file__).parents[1] / "tests" / "gold" / "ordinary_fr.txt"
SHARED = Path(os.environ.get("FANAL_SHARED_DATA", WORDS.parents[3] / "shared" / "data"))
SMS = SHARED / "listings" / "negatives_en" / "sms_spam_collection.tsv"
ADS = (
    "Dispo ce soir : {a}€ le g de coke, {b}€ les 2g, livraison de {h}h à {k}h",
    "weed top qualité {a}e les 5g, {b} les 10g",
    "3mmc {a}€/g, keta {b}€/g, 2 achetés 1 offert",
    "🔥 shit filtré {a}€ les {h}g 🔥 en stock",
)


def corpus(size: int, cue: float) -> list[str]:
    """Return messages of everyday life and a share of advertisements.

    Everyday messages are the English SMS of the shared data, each with a French line (without them,
    French lines alone).
    """
    rng = random.Random(0)
    french = WORDS.read_text(encoding="utf-8").splitlines()[:20]  # further down: near-misses
    french = [line for line in french if not any(c.isdigit() or c == "€" for c in line)]
    everyday = french
    if SMS.is_file():
        lines = SMS.read_text(encoding="utf-8").splitlines()[1:]
        everyday = [line.split("\t", 1)[1] for line in lines if line.startswith("ham")]
    out = []
    for number in range(size):
        if rng.random() < cue:
            ad = rng.choice(ADS)
            out.append(ad.format(a=rng.randint(20, 90), b=number % 997, h=rng.randint(8, 20), k=2))
        else:
            out.append(f"{rng.choice(everyday)[:70]}, {rng.choice(french)[:40]}")
    return out


def best(run: Callable[[], Any], times: int = 3) -> float:
    """Return the least CPU time of some runs."""
    least = float("inf")
    for _ in range(times):
        start = time.process_time()
        run()
        least = min(least, time.process_time() - start)
    return least


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--terms", type=int, default=10_000)
    parser.add_argument("--spacy", type=int, default=2_000)
    options = parser.parse_args()
    texts = corpus(options.messages, 0.05)
    column = views.texts_of(texts)
    coder = Lexicon()
    vocabulary = coder.vocabulary
    sure = [a for a, base in zip(vocabulary.aliases, vocabulary.base, strict=True) if base >= SURE]
    spelled = dict.fromkeys(word for _, word in spellings(tuple(sure)))
    words = [w for w in spelled if w.isascii() and w.replace(" ", "").isalnum()]
    words = sorted(words, key=lambda word: crc32(word.encode()))[: options.terms]
    matcher = Matcher(words)
    vocabulary.disguise.find(next(iter(views.views(column.slice(0, 1)))))
    seen = list(views.views(column))
    folded = [bytes(view.buffer) for view in seen]
    plain = [line for data in folded for line in data.decode("latin-1").split("\0")]

    database = hyperscan.Database()
    database.compile(
        expressions=[f" {word} ".encode() for word in words], ids=list(range(len(words)))
    )

    def raw() -> None:
        hits: list[int] = []
        for data in folded:
            database.scan(data, match_event_handler=lambda *hit: hits.append(hit[2]))

    limit = best(raw)
    print(f"{len(texts)} messages, {column.nbytes / 1e6:.1f} MB, {len(words)} terms, CPU s")
    rows = {
        "raw hyperscan on folded text": limit,
        "ours: fold, match, offsets": best(lambda: matcher.scan(column)),
    }
    rows |= others(words, plain, options.spacy)
    for name, seconds in rows.items():
        print(f"{name:34s} {seconds:9.3f} s   {seconds / limit:8.1f} × the limit")
    ours = rows["ours: fold, match, offsets"]
    for name in ("flashtext2", "spaCy PhraseMatcher", "ahocorasick-rs"):
        print(f"against {name}: {rows[name] / ours:.1f} × faster")
    wrong = wrong_offsets(coder, texts[:20_000])
    print(f"wrong offsets in all that was found in {len(texts[:20_000])} messages: {wrong}")
    figures = {"to_hyperscan": ours / limit, "wrong_offsets": wrong}
    figures["flashtext2"] = rows["flashtext2"] / ours
    figures["spacy"] = rows["spaCy PhraseMatcher"] / ours
    seconds = best(lambda: code_texts(vocabulary, texts, mentions_only=True), 2)
    print(f"mentions with all {len(vocabulary.matcher.terms)} terms: {len(texts) / seconds:,.0f}/s")
    for share, label in ((0.05, "5 % with a cue"), (1.0, "every message a menu")):
        some = corpus(20_000 if share < 1 else 3_000, share)
        documents = documents_of([{"text": text, "lang": "fr"} for text in some])
        seconds = best(lambda documents=documents: coder.code(documents), 2)
        print(f"fanal code, {label}: {len(some) / seconds:,.0f} messages/s on one core")
    say(**figures)


def wrong_offsets(coder: Lexicon, texts: list[str]) -> int:
    """Return how many mentions do not stand where they are said to.

    A span must be whole words, and a spelling that is looked for: the messages disguise none.
    """
    documents = documents_of([{"text": text, "lang": "fr"} for text in texts])
    text_of = dict(zip(documents["id"].to_pylist(), texts, strict=True))
    known = {fold_name(alias.alias) for alias in coder.vocabulary.aliases}
    known |= {fold_name(term) for term, _ in coder.vocabulary.alias_terms()}
    wrong = 0
    for row in coder.code(documents).to_pylist():
        if row["kind"] != "mention":
            continue
        text = text_of[row["document"]]
        before, span, after = (
            text[: row["start"]], text[row["start"] : row["stop"]], text[row["stop"] :]
        )  # fmt: skip
        whole = not (before[-1:].isalnum() and span[:1].isalnum())
        whole &= not (after[:1].isalnum() and span[-1:].isalnum())
        wrong += not (whole and fold_name(span) in known)
    return wrong


def others(words: list[str], plain: list[str], sample: int) -> dict[str, float]:
    """Return the CPU time of other matchers on the folded text."""
    import ahocorasick_rs
    import flashtext2
    import spacy
    from spacy.matcher import PhraseMatcher

    automaton = ahocorasick_rs.AhoCorasick([f" {word} " for word in words])
    keywords = flashtext2.KeywordProcessor(case_sensitive=True)
    for word in words:
        keywords.add_keyword(word, word)
    nlp = spacy.blank("fr")
    phrases = PhraseMatcher(nlp.vocab)
    phrases.add("term", [nlp.make_doc(word) for word in words])
    some = plain[:sample]

    def aho() -> None:
        for line in plain:
            automaton.find_matches_as_indexes(line, overlapping=True)

    def flash() -> None:
        for line in plain:
            keywords.extract_keywords_with_span(line)

    def phrase() -> None:
        for line in some:
            phrases(nlp.make_doc(line))

    return {
        "ahocorasick-rs": best(aho, 2),
        "flashtext2": best(flash, 2),
        "spaCy PhraseMatcher": best(phrase, 1) * len(plain) / max(len(some), 1),
    }


if __name__ == "__main__":
    main()
