"""Labels that name no substance: nothing found, nothing known, still to be confirmed."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from fanal.thesaurus.concepts import Thesaurus, fold_name, shipped

_NAMES = ("international name", "chemical", "brand", "abbreviation", "emoji")
_NEAR = 3  # words between a denial and what it is a denial of: "aucun produit de coupe"


@cache
def _words(kind: str) -> frozenset[str]:
    text = (files(__package__) / "no_substance.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)[kind])


def names_nothing(label: str, thesaurus: Thesaurus) -> bool:
    """Say whether a label is of those that name no substance, in whatever spelling.

    That is what says that nothing was found ("Non détecté", "< LOD", "kein Befund"), that it is
    not known what ("Poudre inconnue", "Down (Unknown Opioid)", "autre"), that it is not known yet
    ("à confirmer"), or nothing at all ("-", "n/a"). A name of the thesaurus never is.
    """
    return _names_nothing(label, thesaurus.fingerprint, _Known(thesaurus))


def denied(label: str, thesaurus: Thesaurus) -> str:
    """Return what a label says was not found, in its own words: "Fentanyl non détecté" → Fentanyl.

    "" where it denies nothing, or nothing in particular.
    """
    said = _said(label)
    if not any(word in _words("denial") for word, _ in said):
        return ""
    known = _Known(thesaurus)
    if any(word in _words("unknown") for word, _ in said) or known(label):
        return ""
    kept = [text for word, text in said if word not in _words("denial") | _words("idle")]
    return " ".join(kept)


def says_nothing_yet(label: str) -> bool:
    """Say whether a label is that of no answer: to be confirmed, not available, a dash."""
    words = [word for word, _ in _said(label)]
    return "".join(words) in _words("unanswered") or any(w in _words("pending") for w in words)


def bared(label: str) -> str:
    """Return a label without the words of laboratories that name no substance, nor anybody."""
    known = frozenset().union(*map(_words, ("denial", "unknown", "pending", "idle"))) | _classes()
    words = {word for fold, word in _said(label) if fold in known and len(fold) > 2}
    return re.sub(r"[^\W_]+", lambda m: "" if m[0] in words else m[0], label)


@cache
def _classes() -> frozenset[str]:
    """Return the words that classes are called by, in one and in many."""
    words = {
        fold for names in shipped().classes.values() for text in names for fold, _ in _said(text)
    }
    return frozenset(words | {word.rstrip("s") for word in words})


def names_a_class(label: str) -> bool:
    """Say whether a label is the name of a class of the thesaurus: "Opioid", "stimulants"."""
    said = {word for word, _ in _said(label)}
    return bool(said) and said <= _classes() | _words("idle")


class _Known:
    """Says whether a text is a name of the thesaurus; equal to every other, so that it caches."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self.by_fold = thesaurus.by_fold

    def __call__(self, text: str) -> bool:
        rows = self.by_fold.get(fold_name(text), ())
        return any(row.kind in _NAMES for row in rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known)

    def __hash__(self) -> int:
        return 0


@lru_cache(16_384)
def _names_nothing(label: str, fingerprint: str, known: _Known) -> bool:
    del fingerprint  # of the thesaurus, so that another one is asked anew
    if known(label):
        return False
    outside = re.sub(r"[(\[{][^()\[\]{}]*[)\]}]", " ", label)
    for form in (label, outside):
        squeezed = "".join(word for word, _ in _said(form))
        if squeezed in _words("whole") or (not squeezed and form is label):
            return not known(squeezed)
    said = [word for word, _ in _said(label)]
    if any(word in _words("unknown") for word in _about(said, "unknown")):
        return True
    if not outside.strip():
        outside = label
    told = [word for word, _ in _said(outside)] or said
    if known(outside):  # "MDMA (no adulterants)"
        return False
    about = _about(told, "denial")
    if any(word in _words("denial") for word in about):
        return True
    rest = [w for w in about if w not in _words("idle") | _words("pending") | _words("denial")]
    return not rest


def _about(said: list[str], kind: str) -> list[str]:
    """Return the words of a label without what says of something beside the substance.

    "purity unknown", "sans produit de coupe": the nearest words decide.
    """
    kept = list(said)
    for place, word in enumerate(said):
        if word not in _words(kind):
            continue
        # an unknown thing stands on either side, a denied one behind the denial
        first = max(0, place - 1) if kind == "unknown" else place
        around = said[first : place + _NEAR + 1]
        if any(other in _words("aside") for other in around):
            for other in range(first, min(len(said), place + _NEAR + 1)):
                if said[other] in _words("aside") | _words("idle") | _words(kind):
                    kept[other] = ""
    return [word for word in kept if word]


def _said(label: str) -> list[tuple[str, str]]:
    """Return the words of a label, each folded and as it was written."""
    plain = label.replace("œ", "oe").replace("’", "'").replace("n't", "nt")
    words = re.findall(r"[^\W_]+", plain)
    return [(fold_name(word), word) for word in words]
