"""The figures of the door on composed messages, half of whose parts are held out."""

# ruff: noqa: E501
from __future__ import annotations

import os
import re
import time
from collections import Counter
from pathlib import Path

import hidden
import planted
import pytest

from fanal.door.identifiers import screen_text

BARS = {
    "PHONE": 0.99, "EMAIL": 0.99, "IBAN": 0.99, "NIR": 0.99, "PLATE": 0.99, "CRYPTO": 0.99, "LINK": 0.99,
    "PHONE_OBF": 0.90, "EMAIL_OBF": 0.90, "HANDLE": 0.97, "HANDLE_NOCUE": 0.60, "ADDRESS": 0.90, "DOORCODE": 0.85,
    "PERSON": 0.90, "PERSON_LOW": 0.70,
}  # fmt: skip


def measure(messages: list[str], name: str) -> dict[str, float]:
    """Print the table of a set and return its shares."""
    texts = [planted.plain(message) for message in messages]
    screen_text(texts[:20])
    began = time.process_time()
    results = screen_text(texts)
    seconds = time.process_time() - began
    covered: Counter[str] = Counter()
    total: Counter[str] = Counter()
    found = right = leaking = altered = clean = 0
    for message, text, result in zip(messages, texts, results, strict=True):
        spans = planted.gold(message)
        missed = False
        for start, stop, kind in spans:
            inside = all(
                any(f.start <= at < f.stop for f in result.found) or not text[at].isalnum()
                for at in range(start, stop)
            )
            total[kind] += 1
            covered[kind] += inside
            missed |= not inside
        found += len(result.found)
        right += sum(any(f.start < b and a < f.stop for a, b, _ in spans) for f in result.found)
        leaking += missed and not result.reason
        clean += not spans
        altered += not spans and bool(result.found)
    shares = {kind: covered[kind] / total[kind] for kind in sorted(total)}
    print(f"\n{name}: {len(messages)} messages, {len(messages) / seconds:,.0f} a second")
    for kind, share in shares.items():
        print(f"  {kind:14} {covered[kind]:4}/{total[kind]:<4} {share:6.1%}")
    shares |= {
        "recall": sum(covered.values()) / sum(total.values()),
        "precision": right / max(1, found),
        "clean altered": altered / max(1, clean),
        "quarantined": sum(bool(r.reason) for r in results) / len(results),
        "leaking": leaking / len(messages),
        "a second": len(messages) / seconds,
    }
    for kind in ("recall", "precision", "clean altered", "quarantined", "leaking"):
        print(f"  {kind:14} {shares[kind]:16.1%}")
    return shares


@pytest.mark.bars
@pytest.mark.parametrize("held", [False, True], ids=["open", "held out"])
def test_composed_messages(*, held: bool) -> None:
    messages = planted.messages(20, 2000, held=held) + planted.clean()
    shares = measure(messages, "held out" if held else "open")
    for kind, bar in BARS.items():
        assert shares[kind] >= bar, kind
    assert shares["precision"] >= 0.97
    assert shares["clean altered"] <= 0.01
    assert shares["quarantined"] <= 0.05
    assert shares["leaking"] <= 0.03


def unseen(name: str) -> list[str]:
    """Return the messages of a set beside this file, written before the rules were read."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return [line.replace("⏎", "\n") for line in lines if line and not line.startswith("# ")]


@pytest.mark.bars
@pytest.mark.parametrize(
    "name",
    [
        "unseen_fr.txt",
        "unseen_en.txt",
        "unseen_mixed.txt",
        "unseen_last.txt",
        "fresh_fr.txt",
        "fresh_notes.txt",
        "fresh_round4.txt",
        "fresh_round5.txt",
        "fresh_round6.txt",
        "fresh_round7.txt",
        "fresh_round8.txt",
        "fresh_round9.txt",
    ],
)
def test_unseen_messages(name: str) -> None:
    messages = unseen(name)
    shares = measure(messages, name)
    kinds = Counter(kind for message in messages for _, _, kind in planted.gold(message))
    for kind, bar in BARS.items():
        if kinds[kind] >= 10 and shares[kind] < 1 - 1.5 / kinds[kind]:  # one miss says little
            assert shares[kind] >= bar, kind
    assert shares["precision"] >= 0.97
    assert shares["clean altered"] <= 0.01
    assert shares["quarantined"] <= 0.05
    assert shares["leaking"] <= 0.03


@pytest.mark.bars
def test_hidden_numbers() -> None:
    """Numbers written in words, other scripts, look-alikes, with anything between the pairs."""
    shares = measure(hidden.messages(7, 2_000), "hidden numbers")
    assert shares["PHONE_OBF"] >= 0.95
    assert shares["leaking"] <= 0.03


@pytest.mark.bars
def test_messages_written_to_mislead() -> None:
    """Names that are words, products that are names, numbers that look like other numbers."""
    shares = measure(unseen("fresh_hard.txt"), "fresh_hard.txt")
    assert shares["recall"] >= 0.94
    assert shares["precision"] >= 0.95
    assert shares["clean altered"] <= 0.08
    assert shares["leaking"] <= 0.04


@pytest.mark.shared
def test_the_shared_messages() -> None:
    folder = Path(os.environ.get("FANAL_SHARED_DATA", "../shared/data"))
    path = folder / "identifiers" / "messages_fr.txt"
    if not path.is_file():
        pytest.skip(f"no {path}")
    lines = [
        line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    shares = measure(lines, "messages_fr")
    assert shares["recall"] >= 0.95
    assert shares["precision"] >= 0.97
    assert shares["clean altered"] == 0
    assert shares["quarantined"] <= 0.05


@pytest.mark.bars
def test_speed_of_rules() -> None:
    """At least 4,000 messages a second on a core, one in five with an identifier."""
    words = re.findall(r"[^\W\d_]{3,}", " ".join(planted.clean()).lower())
    texts = [" ".join(words[(n * 7) % 400 : (n * 7) % 400 + 14]) for n in range(8_000)]
    texts += [planted.plain(message) for message in planted.messages(2, 2_000, held=False)]
    screen_text(texts[:100])
    began = time.process_time()
    screen_text(texts)
    speed = len(texts) / (time.process_time() - began)
    print(f"\nrules only: {speed:,.0f} messages a second")
    assert speed >= 4_000
