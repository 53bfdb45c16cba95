"""Finds the substance that a laboratory's or a register's spelling stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.thesaurus.concepts import Alias, Thesaurus, fold_name
from fanal.thesaurus.unnamed import names_nothing

_SALTS = re.compile(
    r"""\b(
      (di|mono)?(hydrochloride|chlorhydrate|hydrobromide|bromhydrate|sodium|sodique|potassium)
      | hcl | hbr
      | (h[eé]mi|hydrog[eé]no)?(sulfate|sulphate|tartrate|citrate|mal[eé]ate|fumarate|phosphate|
         succinate|acetate|ac[eé]tate|nitrate|mesylate|besylate|oxalate|bitartrate)
      | (mono|di|tri|h[eé]mi|sesqui)?hydrat[eé]e?
      | (free[ ]?)?base | anhydrous | anhydre | (in[ ]|en[ ])?(powder|poudre)
      | salt | sel | rac[eé]mique
    )\b(\s+(?:de\s+|d['’]))?""",
    re.IGNORECASE | re.VERBOSE,
)
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "delta", "Α": "alpha"}
_TRUSTED = ("international name", "chemical", "brand", "abbreviation")


def resolve(label: str, thesaurus: Thesaurus) -> tuple[str | None, bool]:
    """Return the substance that a label stands for, and whether that is sure.

    `(id, True)`: a name of one substance, whatever its case, accents, hyphens, salt or synonyms
    in parentheses. `(None, True)`: the label says that there is no known substance. `(id, False)`:
    the nearest name by one letter, a street name, or the family of the name. `(None, False)`:
    unknown, or several substances.
    """
    text = " ".join(label.split())
    if names_nothing(text, thesaurus):
        return None, True
    guess, sure = _as_written(text, thesaurus)
    if guess is None and not re.search(r"\b(or|ou|and|et)\b|[/+&]", text):
        guess = _near(text, thesaurus) or _family(text, thesaurus)
    return guess, sure


def surely_named(label: str, thesaurus: Thesaurus) -> str | None:
    """Return the substance that a label is a name of, for sure: what `resolve` is sure of.

    It guesses nothing, which takes the time.
    """
    substance, sure = _as_written(" ".join(label.split()), thesaurus)
    return substance if substance and sure and resolve(label, thesaurus)[1] else None


def _as_written(text: str, thesaurus: Thesaurus) -> tuple[str | None, bool]:
    """Return what a label or less of it names, and whether that is sure; None where it is none."""
    guess: str | None = None
    for form in dict.fromkeys(_forms(text)):
        found = _exact(form, thesaurus, whole=form == text)
        if found and found[1]:
            return found
        if found and guess is None:
            guess = found[0]
    if guess is None and (ending := _other_ending(text, thesaurus)):
        return ending, True
    return guess, False


def named_in(label: str, thesaurus: Thesaurus) -> frozenset[str]:
    """Return the substances that a label of several names, and those of the classes it names.

    "Heroin / fentanyl?" names two; "Down (Unknown Opioid)" any opioid.
    """
    parts = re.split(r"[^\w\s'’-]|\b(?:or|ou|oder|and|et|und)\b", label)
    told = [_exact(part.strip(), thesaurus, whole=False) for part in parts]
    found = {each[0] for each in told if each and each[0] and each[1]}
    words = _singular(label)
    classes = {
        name for name, labels in thesaurus.classes.items()
        if any(_singular(text) <= words for text in labels)
    }  # fmt: skip
    return frozenset(found | {i for i, s in thesaurus.substances.items() if s.klass in classes})


def _singular(text: str) -> set[str]:
    return {fold_name(word).rstrip("s") for word in re.findall(r"[^\W_]+", text)}


def _forms(text: str) -> Iterator[str]:
    """Give the label as it stands, then with less and less of it."""
    yield text
    spelled = "".join(_GREEK.get(c, c) for c in text)
    yield spelled
    yield re.sub(r"^a-(?=[a-zA-Z])", "alpha-", spelled)
    bare = _SALTS.sub(" ", spelled).strip(" ,;-")
    yield bare
    outside = re.sub(r"[\(\[][^()\[\]]*[\)\]]", " ", spelled).strip(" ,;-")
    yield outside
    yield _SALTS.sub(" ", outside).strip(" ,;-")
    for inner in re.findall(r"[\(\[]([^()\[\]]+)[\)\]]", spelled):
        yield inner
        yield _SALTS.sub(" ", inner).strip(" ,;-")
    if " - " in spelled:
        yield spelled.rpartition(" - ")[2]
    yield from re.split(r"\s+(?:aka|also known as|alias|dit)\s+|\s*=\s*", spelled)[1:]
    # the register's order: "CODÉINE (PHOSPHATE DE)", "nitrous oxide, medical"
    if "," in bare:
        yield bare.partition(", ")[0]
    for form in (outside, bare):
        if form.endswith("s"):
            yield form[:-1]


def _exact(form: str, thesaurus: Thesaurus, whole: bool) -> tuple[str | None, bool] | None:
    """Return what a form of a label names; a street name only where it is the `whole` label.

    What is left of "Down (opioid)" or "white powder" is an ordinary word.
    """
    rows = thesaurus.by_fold.get(fold_name(form), ()) if form else ()
    rows = tuple(r for r in rows if whole or r.kind in _TRUSTED or r.ambiguity == "plain")
    if not rows:
        return None
    for choice in (
        [row for row in rows if row.kind == "international name"],
        [row for row in rows if row.kind in _TRUSTED],
        [row for row in rows if row.ambiguity == "plain"],
    ):
        ids = {row.substance for row in choice}
        if len(ids) == 1:
            return choice[0].substance, True
        if ids:
            return _first(choice), False
    return _first(rows), False


def _first(rows: tuple[Alias, ...] | list[Alias]) -> str:
    return rows[0].substance


def _other_ending(text: str, thesaurus: Thesaurus) -> str | None:
    """Return the substance that is written so with or without its last e: levamisol, cocain."""
    for form in dict.fromkeys((text, _SALTS.sub(" ", text).strip(" ,;-"))):
        folded = fold_name(form)
        if len(folded) < 6 or re.search(r"\d", folded):
            continue
        rows = thesaurus.by_fold.get(folded[:-1] if folded.endswith("e") else f"{folded}e", ())
        ids = {row.substance for row in rows}
        if len(ids) == 1 and all(row.kind in ("international name", "chemical") for row in rows):
            return ids.pop()
    return None


def _near(text: str, thesaurus: Thesaurus) -> str | None:
    """Return the only substance with a name at one letter from the text."""
    folded = fold_name(text)
    if len(folded) < 7 or re.search(r"\d", folded):
        # one digit or letter off is another substance: 3-MMC, 4-MMC
        return None
    near = {
        row.substance
        for edit in _edits(folded)
        for row in thesaurus.by_fold.get(edit, ())
        if row.kind in ("international name", "chemical")
    }
    return near.pop() if len(near) == 1 else None


def _edits(word: str) -> set[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return {
        edit
        for left, right in cuts
        for edit in (
            left + right[1:],
            left + right[1:2] + right[:1] + right[2:],
            *(left + letter + right[1:] for letter in letters),
            *(left + letter + right for letter in letters),
        )
    }


def _family(text: str, thesaurus: Thesaurus) -> str | None:
    token = text.casefold().replace(" ", "-")
    return next((f.substance for f in thesaurus.families if f.matches(token)), None)
