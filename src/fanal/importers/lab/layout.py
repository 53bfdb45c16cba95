"""What the columns of a laboratory's table say: roles, series of substances, people."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from fanal.importers.lab.cells import (
    columns,
    in_parts,
    is_present,
    listed,
    method_in,
    number,
    read_amount,
    spelt,
    tidy_unit,
    unit_in,
)
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dates import read_date
from fanal.importers.reading.looks import Look
from fanal.thesaurus import Thesaurus, names_a_class, names_nothing, resolve, shipped

ALIKE = 0.88  # a header so near a known one is a spelling of it
PARTS = ("substance", "amount", "amount_unit", "uncertainty", "role", "method", "panel")
LISTS = ("main", "minor", "trace", "cut")
FEW = 0.3  # of the cells of what was found that name a substance: less is another kind of table
MOST = 0.6  # of what a column holds: then that is what it is
LONGEST = 80  # characters of a header
_CLASSES = {"category", "categorie", "class", "classe", "family", "famille", "kategorie", "klasse"}
REAGENT = "reagent test"  # the method whose answer is a colour: Purple is no codeine
FURTHER = 100  # numbers of groups from which on a column of substances is of one method more
LIKELY = 0.9  # of the figures of a share that must be 100 at most: the others are mistakes
FRACTION = 0.2  # median of shares that are written as parts of one
FEWEST = 3  # figures, below which nothing is made of them
_BARE_UNIT = re.compile(r"[\W_]*(?:%|mg\b)[\W_]*(?:mg\b[\W_]*)?(\d{1,2})?[\W_]*")  # "% 1"
_EITHER = re.compile(r"\s*/\s*|\s+(?:or|ou|oder|of)\s+", re.IGNORECASE)
_MEASURED = re.compile(r"%|\bmg|µg|trace|<\s*l", re.IGNORECASE)
_UNITS = ("%", "mg", "µg", "mg/tablet", "µg/blotter")
_UNITED = re.compile(r"\d\s*(?:%|mg\b|µg\b)", re.IGNORECASE)
_SOFT = ("usager", "user", "client", "patient")  # whose product it is: no person by itself
_FINDING = [
    "detect",
    "identifi",
    "trouv",
    "found",
    "resultat",
    "result",
    "analy",
    "actual",
    "composition",
    "labo",
]


Contents = Mapping[str, Look]  # column → what it looks like by its first cells


@dataclass
class Layout:
    """Columns by what they say."""

    sample: dict[str, list[str]] = field(default_factory=dict)  # role → columns
    groups: dict[int, dict[str, str]] = field(default_factory=dict)  # number → part → column
    lists: dict[str, str] = field(default_factory=dict)  # role → column of "a; b; c"
    flags: dict[str, str] = field(default_factory=dict)  # column → substance that it was sold as
    contents: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # column → substance
    units: dict[str, str] = field(default_factory=dict)  # column → unit in its header
    methods: dict[str, str] = field(default_factory=dict)  # column → method that its name tells
    bare: dict[str, str] = field(default_factory=dict)  # column of amounts without a unit → taken
    roles: dict[str, str] = field(default_factory=dict)  # column of substances → role of all
    meant: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # column of amounts → the substances that its header names, "" for the main one
    inside: str = ""  # unit of the amounts that stand beside names in cells, where told
    people: list[str] = field(default_factory=list)
    guessed: dict[str, str] = field(default_factory=dict)  # column → role that it was taken for
    unknown: list[str] = field(default_factory=list)
    resolved: float = 1.0  # share of cells that name a substance, where they should

    @property
    def tells_contents(self) -> bool:
        """Whether anything says what was found."""
        return bool(
            self.lists or self.contents or any("substance" in g for g in self.groups.values())
        )

    @property
    def named(self) -> set[str]:
        """The columns of which something is made, or was told that nothing is."""
        parts = {c for group in self.groups.values() for c in group.values()}
        sample = {c for names in self.sample.values() for c in names}
        read = {*self.lists.values(), *self.flags, *self.contents, *self.meant, *self.guessed}
        return parts | sample | read | {*self.people, *self.unknown}

    @property
    def fits(self) -> bool:
        """Whether this is a table of samples with results: not of posts, offers or figures.

        What a header does not say does not count: titles of offers name substances too.
        """
        sample = {role for role, names in self.sample.items() if set(names) - set(self.guessed)}
        shared = self.groups.get(0, {})
        found = [c for g in self.groups.values() for part, c in g.items() if part == "substance"]
        told = bool({*found, *self.lists.values()} - set(self.guessed)) or len(self.contents) > 1
        measured = {"amount", "role", "method"} & set(shared) or 1 in self.groups or self.meant
        return (
            told
            and (bool({"sold_as", "sold_as_label"} & sample) or bool(self.flags) or bool(measured))
            and bool({"reference", "sold_as", "sold_as_label", "date", "form", "place"} & sample)
            and self.resolved >= FEW
        )


def layout_of(
    names: Sequence[str],
    thesaurus: Thesaurus,
    mapping: Mapping[str, str | Sequence[str]],
    looks: Sequence[Look] = (),
) -> Layout:
    """Find what each column says: by `mapping` (role → column or columns), by name, by content.

    A name is known, is built from known words, or resembles a known one; where it is given what the
    columns look like, their cells have the last word on substances, amounts and dates.
    """
    layout = Layout()
    contents = {look.name: look for look in looks if look.filled}
    by_fold = {folded(name): name for name in names}
    taken: dict[str, tuple[str, int]] = {}
    for role, given in mapping.items():
        for wanted in [given] if isinstance(given, str) else given:
            if name := by_fold.get(folded(wanted)):
                if role in thesaurus.substances:
                    layout.contents[name] = (role, unit_in(name)[1])
                else:
                    taken[name] = (role, 0)
    mapped = {*taken, *layout.contents}
    left = _left_out(names)
    unknown: list[str] = []
    for name in names:
        if method := method_in(name):
            layout.methods[name] = method
        if name in mapped:
            continue
        if meant := _meant(name, thesaurus):
            layout.meant[name] = meant
            layout.units[name] = unit_in(name)[1] or "%"
            continue
        substances = _share(contents, name, thesaurus).substances >= MOST
        if _about_a_person(name, soft=not substances):
            layout.people.append(name)
        elif not _exact(name) and (_flagged(layout, name, thesaurus) or name in left):
            continue
        elif known := _named(name, thesaurus):
            role_known, place, substance = known
            if substance:
                unit = unit_in(name)[1] or ("%" if "%" in name else None)
                layout.contents[name] = (substance, unit)
            else:
                taken[name] = (role_known, place)
        elif any(folded(name).startswith(p) for p in columns()["left"]["prefixes"] if p[-1] == "_"):
            continue
        else:
            unknown.append(name)
    for name in unknown:
        if near := _alike(name):
            layout.guessed[name] = near
            taken[name] = (near, 0)
    unknown = [n for n in unknown if n not in taken and n not in layout.flags]
    if contents:
        _corrected(layout, taken, unknown, mapped, contents, thesaurus)
    _number(taken, names, mapped)
    for name in sorted(taken, key=lambda n: _rank(n, taken[n][0])):
        role, place = taken[name]
        if not _put(layout, role, name, place) and name not in layout.guessed:
            unknown.append(name)
    _beside(layout, taken, names)
    _quantified(layout, names)
    if contents:
        named = [n for n, (role, _) in taken.items() if role == "substance" or role in LISTS]
        said = [c for n in named for c in _cells(contents, n) if not names_nothing(c, thesaurus)]
        names_one = sum(_is_substance(c[:200], thesaurus) for c in said)
        layout.resolved = names_one / len(said) if said and not layout.contents else 1.0
    find_units(layout, contents)
    _settle(layout)
    read = _read(layout)
    unknown += [n for n in _of_nothing(layout) if n not in unknown]
    layout.unknown = [n for n in unknown if n not in read and not re.fullmatch(r"column \d+", n)]
    return layout


def substances_in(looks: Sequence[Look], thesaurus: Thesaurus, most: float) -> list[str]:
    """Return the columns of which most cells name a substance by a name that is no street name."""
    contents = {look.name: look for look in looks}
    return [name for name in contents if _share(contents, name, thesaurus).surely >= most]


# --- names -----------------------------------------------------------------------------------


def _forms(name: str) -> list[str]:
    """Give a header as it is and without what stands in parentheses or after its unit."""
    bare = re.sub(r"[(\[].*?[)\]]", " ", name)
    return list(
        dict.fromkeys(f for f in (folded(name), folded(bare), folded(unit_in(bare)[0])) if f)
    )


def _about_a_person(name: str, soft: bool) -> bool:
    known = columns()["person"]
    for form in _forms(name):
        words = form.split("_")
        product = any(
            w.startswith(("produit", "product", "effet", "effect", "vendu")) for w in words
        )
        hard = form in known["whole"] or any(w in form for w in known["within"])
        if not hard:
            continue
        if form in known["whole"] and not product:
            return True
        only_soft = all(
            any(w.startswith(s) for s in _SOFT) or not _personal(w, known) for w in words
        )
        if only_soft and len(words) > 1 and (product or not soft):
            continue
        return True
    return False


def _personal(word: str, known: Mapping[str, Sequence[str]]) -> bool:
    return word in known["whole"] or any(w in word for w in known["within"])


@lru_cache(16_384)
def _named_by(name: str, fingerprint: str) -> tuple[str, int, str] | None:
    if len(name) > LONGEST:
        return None
    if found := _role_of(name):
        return (*found, "")
    return None


@lru_cache(16_384)
def _exact(name: str) -> str | None:
    """Return the role of a column whose name is listed."""
    known = columns()
    for form in _forms(name):
        for kind in ("sample", "result"):
            for role, aliases in known[kind].items():
                if form in aliases:
                    return str(role)
    return None


def _named(name: str, thesaurus: Thesaurus) -> tuple[str, int, str] | None:
    """Return role, number and substance of a column that its name tells; None if it does not."""
    if role := _exact(name):
        return role, 0, ""
    if substance := _substance_named(name, thesaurus):
        return "content", 0, substance
    return _named_by(name, thesaurus.fingerprint)


def _bare(name: str) -> str:
    """Return a column's name without the words that every column of contents has."""
    label = re.sub(r"^\s*%\s*|\s*\(%\)|\s*%\s*$", " ", unit_in(name)[0])
    words = [
        w for w in re.split(r"[\s_]+", label) if w and folded(w) not in columns()["cues"]["idle"]
    ]
    return " ".join(words)


_SUBSTANCES: dict[tuple[str, str], str] = {}


def _substance_named(name: str, thesaurus: Thesaurus) -> str:
    """Return the substance that a column is called by, for sure; "" if it is none."""
    key = (name, thesaurus.fingerprint)
    if key not in _SUBSTANCES:
        found = ""
        label = _bare(name)
        if strip := columns()["methods"]["strips"].get(folded(name)):
            found = strip
        elif label and len(name) <= LONGEST and len(folded(label)) > 1:
            substance, sure = resolve(label, thesaurus)
            found = substance if substance and sure else ""
        if len(_SUBSTANCES) > 50_000:
            _SUBSTANCES.clear()
        _SUBSTANCES[key] = found
    return _SUBSTANCES[key]


def _meant(name: str, thesaurus: Thesaurus) -> tuple[str, ...]:
    """Return the substances of which a column's amounts are by its name, "" for the main one.

    "Fentanyl / main active quantity (%)": of fentanyl where it was found, else of the main one.
    Empty where the name is of one substance, or of none.
    """
    label, unit = unit_in(name)
    if (unit is None and "%" not in name) or len(name) > LONGEST or _exact(name):
        return ()
    parts = _EITHER.split(label.replace("%", " ").strip())
    if len(parts) < 2 or _substance_named(name, thesaurus):
        return ()
    meant = []
    for part in parts:
        main = spelt(folded(part).split("_"), columns()["cues"]["actives"])
        substance = "" if main else _substance_named(part, thesaurus)
        if not (main or substance):
            return ()
        meant.append(substance)
    return tuple(dict.fromkeys(meant)) if any(meant) else ()


def _role_of(name: str) -> tuple[str, int] | None:
    """Return the role of a column and its number in a series, from the words of its name."""
    form = folded(unit_in(name)[0]) or folded(name)
    number = 0
    # "teneur_1", "substance2", "molecule_n_3", "2_purete": a series is of parts of a result
    if found := re.fullmatch(r"(.*?[a-z])_?(\d{1,2})((?:_[a-z_]+)?)|(\d{1,2})_([a-z_]+)", form):
        stem = f"{found[1]}{found[3]}" if found[1] else found[5]
        role = _cued(stem) or ""
        role = {"unit": "amount_unit", "main": "substance"}.get(role, role)
        if role in PARTS:
            return role, int(found[2] or found[4])
        form = stem if role else form
    found_role = _cued(form)
    if found_role is None and (bare := _BARE_UNIT.fullmatch(name)):
        return "amount", int(bare[1] or 0)
    return (found_role, number) if found_role else None


@lru_cache(16_384)
def _cued(form: str) -> str | None:
    """Return the role that the words of a folded name hint at; the first that fits."""
    known = columns()
    for kind in ("sample", "result"):
        for role, aliases in known[kind].items():
            if form in aliases:
                return str(role)
    words = form.split("_")
    if {"id", "cas", "uuid"} & set(words):  # a key: of a sample, or of something else
        about = set(words) - {"id", "uuid"}
        return "reference" if about <= {"sample", "echantillon", "lab", "labo", "test"} else None

    for role, *cues in known["cues"]["lines"]:
        if spelt(words, cues):
            return str(role)
    return None


def _left_out(names: Sequence[str]) -> set[str]:
    """Return columns that known layouts have and that say nothing more than others do."""
    left = set()
    for prefix in columns()["left"]["prefixes"]:
        with_it = [n for n in names if folded(n).startswith(prefix)]
        if not prefix.endswith("_"):
            left |= {n for n in with_it if folded(n) == prefix}
        elif len(with_it) > 1:
            left |= set(with_it)
    return left


def _flagged(layout: Layout, name: str, thesaurus: Thesaurus) -> bool:
    """Take a column such as `expect_fentanyl` for a flag of what it was sold as."""
    flag = re.fullmatch(r"(?:sold_as|vendu_comme|expect|expected)_(.+)", folded(name))
    if flag and (substance := resolve(flag[1].replace("_", " "), thesaurus)[0]):
        layout.flags[name] = substance
        return True
    return False


def _alike(name: str) -> str | None:
    """Return the role of the known name that a header is a spelling of."""
    form, known = folded(name), columns()
    ratio, role = max(
        (SequenceMatcher(None, form, alias).ratio(), role)
        for kind in ("sample", "result")
        for role, aliases in known[kind].items()
        for alias in aliases
        if len(alias) > 4
    )
    return str(role) if ratio >= ALIKE else None


# --- contents --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shares:
    """Which share of a column's cells are of a kind."""

    substances: float = 0.0
    surely: float = 0.0  # substances by a name that is no street name
    amounts: float = 0.0
    units: float = 0.0
    different: float = 0.0


def _share(contents: Contents, name: str, thesaurus: Thesaurus) -> _Shares:
    look = contents.get(name)
    if look is None or all(_is_silent(text, thesaurus) for text in look.texts):
        return _Shares()

    def share(kind: Callable[[str], object]) -> float:
        assert look is not None
        return look.share(kind, but=lambda text: _is_silent(text, thesaurus))

    return _Shares(
        substances=share(lambda text: _is_substance(text[:200], thesaurus)),
        surely=share(lambda text: _surely(text[:200], thesaurus)),
        amounts=share(_is_amount),
        units=share(lambda text: tidy_unit(text) in _UNITS),
        different=look.different,
    )


def _cells(contents: Contents, name: str) -> tuple[str, ...]:
    """Return what the first cells of a column say."""
    return contents[name].texts if name in contents else ()


def _is_silent(cell: str, thesaurus: Thesaurus) -> bool:
    """Say whether a cell names nothing, and is no "oui" beside what is named elsewhere."""
    return names_nothing(cell[:200], thesaurus) and not is_present(cell)


_KNOWN: dict[tuple[str, str], bool] = {}


def _is_substance(cell: str, thesaurus: Thesaurus) -> bool:
    key = (cell, thesaurus.fingerprint)
    if key not in _KNOWN:
        if len(_KNOWN) > 50_000:
            _KNOWN.clear()
        labels = [label for label, _ in listed(cell, _known)]
        _KNOWN[key] = any(
            resolve(label, thesaurus)[0] and re.search(r"[^\W\d_]", label) for label in labels[:3]
        )
    return _KNOWN[key]


@lru_cache(16_384)
def _first_label(cell: str) -> str:
    return next((label for label, _ in listed(cell, _known)), "")


def _known(label: str) -> str:
    """Return the substance of a label, so that commas between names part them."""
    return resolve(label, shipped())[0] or ""


def _surely(cell: str, thesaurus: Thesaurus) -> str:
    return _substance_named(_first_label(cell), thesaurus)


def _is_amount(cell: str) -> bool:
    read = read_amount(cell)
    return read is not None and read.found is not None and bool(re.search(r"\d|^[<≤]", cell))


def _is_date(cell: str) -> bool:
    return not cell.isdigit() and read_date(cell, "dmy") is not None


def _corrected(
    layout: Layout,
    taken: dict[str, tuple[str, int]],
    unknown: list[str],
    mapped: set[str],
    contents: Contents,
    thesaurus: Thesaurus,
) -> None:
    """Let the cells decide where they contradict or complete what the names say."""
    shares = {n: _share(contents, n, thesaurus) for n in (*taken, *unknown)}

    def having(*roles: str) -> list[str]:
        return [n for n, (role, _) in taken.items() if role in roles]

    def take(name: str, role: str) -> None:
        taken[name] = (role, taken.get(name, ("", 0))[1])
        layout.guessed[name] = role
        if name in unknown:
            unknown.remove(name)

    for name in [n for n in taken if n not in mapped]:
        role, _ = taken[name]
        share = shares[name]
        if role in ("substance", *LISTS) and share.amounts >= MOST > share.substances:
            take(name, "amount")
        elif role in ("amount", "quantity") and share.substances >= MOST > share.amounts:
            take(name, "substance")
        elif role == "role" and share.amounts >= MOST and not having("amount"):
            take(name, "amount")  # "proportion": of how much, and not as what
        elif role == "unit" and share.units >= MOST and having("amount"):
            take(name, "amount_unit")
        elif (
            role in ("form", "description", "reference")
            and share.surely >= MOST
            and not _exact(name)
        ):
            taken.pop(name)
            unknown.append(name)
    for name in list(unknown):
        if shares[name].substances >= MOST and layout.methods.get(name) != REAGENT:
            take(name, "sold_as" if not having("sold_as") else "substance")
    found = [n for n in having("substance") if taken[n][1] == 0 and n not in mapped]
    for name in [n for n in found if _answers(_cells(contents, n))]:
        if len(found) > 1:  # "substance recherchée, résultat": of what the other column names
            take(name, "amount")
            found.remove(name)
    if len(found) > 1 and not having("sold_as", "sold_as_label"):
        plain = [n for n in found if not any(w in folded(n) for w in _FINDING)]
        if len(plain) < len(found):
            for name in plain[:1]:
                take(name, "sold_as")
    told = having("substance", *LISTS) or layout.contents
    if not told and (quantified := having("amount")):  # "Category, Quant": a share of what it names
        order = list(contents)
        for name in order[: order.index(quantified[0])][-1:] if quantified[0] in order else ():
            role = taken.get(name, ("",))[0]
            if name not in mapped and role != "sold_as" and _naming(name, contents, thesaurus):
                take(name, "substance")
                told = [name]
    if not told and (sold := [n for n in having("sold_as") if n not in mapped]):
        last = sold[-1]
        if len(sold) > 1 or having("amount"):
            take(last, "substance")
    if not having("amount"):
        for name in having("quantity"):
            cells = _cells(contents, name)
            said = unit_in(name)[1] or ""  # "Quantité (mg/comprimé)": of what was found
            found_of = "/" in said or said in ("%", "µg") or (said == "mg" and not having("price"))
            if not cells or name in mapped:
                continue
            if found_of or contents[name].share(_MEASURED.search) >= FEW:
                take(name, "amount")
    if not having("amount") and not layout.contents:
        for name in unknown:  # "Combien (%)": how much, by its unit or by those of its cells
            cells = _cells(contents, name)
            in_unit = unit_in(name)[1] or "%" in name
            in_unit = in_unit or (name in contents and contents[name].share(_UNITED.search) >= FEW)
            if cells and in_unit and all(read_amount(c) is not None for c in cells):
                take(name, "amount")
                break
    if not having("date"):
        for name in unknown:
            cells = _cells(contents, name)
            if cells and contents[name].share(_is_date) >= MOST:
                take(name, "date")
                break
    if not having("reference"):
        for name in unknown:
            cells = _cells(contents, name)
            if shares[name].different > 0.9 and cells and all(
                len(c) <= 24 and any(x.isdigit() for x in c) for c in cells
            ):  # fmt: skip
                take(name, "reference")
                break


# --- putting together ------------------------------------------------------------------------


def _rank(name: str, role: str) -> int:
    """Order columns of one role: a sample was collected, received, analysed, then published."""
    form = folded(name)
    if role == "date":
        stages = (
            ("collect", "recueil", "prelev", "achat"),
            ("recept", "recu", "receiv", "depot"),
            ("test", "analy"),
        )
        named = (i for i, words in enumerate(stages) if any(w in form for w in words))
        return next(named, 3 + ("publi" in form))
    if role == "sold_as":
        if _CLASSES.intersection(form.split("_")):
            return 2  # a class of products: "Drug Category" beside "Drug"
        return int(form in ("produit", "product", "drug", "drogue"))
    return int(_exact(name) is None)


def _number(
    taken: dict[str, tuple[str, int]], names: Sequence[str], mapped: Collection[str]
) -> None:
    """Number the columns of a series whose headers stand several times: "Substance", "Purity"."""
    again: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        found = re.fullmatch(r"(.+) \((\d+)\)", name)
        if found and found[1] in names and name not in mapped:
            earlier = [n for n in again if n.startswith(f"{found[1]} (")]
            again[name] = len(earlier) + 2 if int(found[2]) == place else int(found[2])
    if "substance" in {taken[n][0] for n in again if n in taken}:
        for name, number in again.items():
            role = taken.get(name, ("",))[0]
            if role in PARTS:
                taken[name] = role, number


def _put(layout: Layout, role: str, name: str, number: int) -> bool:
    """Give a column its role; False where another has it already and only one can.

    A further column of substances is read where it is of another method.
    """
    taken = layout.groups.get(number, {}).get("substance")
    if role == "substance" and taken and layout.methods.get(name, "") not in (
        "", layout.methods.get(taken)
    ):  # fmt: skip
        number = FURTHER + len(layout.groups)
    if role in LISTS:
        return layout.lists.setdefault(role, name) == name
    if role in PARTS:
        group = layout.groups.setdefault(number, {})
        if group.setdefault(role, name) != name:
            return False
        unit = unit_in(name)[1] if role == "amount" else None
        if role == "amount" and unit is None and "%" in name:
            unit = "%"
        elif role == "amount" and unit is None and _BARE_UNIT.fullmatch(name):
            unit = "mg"  # "mg 1"
        if unit:
            layout.units[name] = unit
    else:
        layout.sample.setdefault(role, []).append(name)
    return True


def _answers(cells: Sequence[str]) -> bool:
    """Say whether all cells say whether something is there: Positive, absent, < 0.5."""
    read = [read_amount(cell[:LONGEST]) for cell in cells]
    return bool(read) and all(each is not None and each.found is not None for each in read)


def _settle(layout: Layout) -> None:
    """Tell a series of numbered substances from columns that hold for the whole row."""
    shared = layout.groups.get(0, {})
    numbered = [number for number in layout.groups if number]
    if numbered and "substance" in shared and "substance" not in layout.groups.get(1, {}):
        # "substance", "substance (2)", …: the first of a series has no number
        layout.groups[1] = {k: v for k, v in shared.items() if k not in ("method", "panel")}
        layout.groups[0] = {k: v for k, v in shared.items() if k in ("method", "panel")}
    alone = {*layout.lists} == {"main"} and not layout.contents and not numbered
    if alone and "amount" in shared and "substance" not in shared:
        # "principe actif, teneur": how much there is of the only list of the row
        shared["substance"] = layout.lists.popitem()[1]
    elif "amount" in shared and not {"substance", "role"} & set(shared) and "main" in layout.lists:
        # "substance principale, pureté, produits de coupe": how much there is of the main one
        shared["substance"] = layout.lists.pop("main")
        layout.roles[shared["substance"]] = "main"
    if {"substance", "role"} <= set(layout.groups.get(0, {})):
        layout.lists.clear()  # a row for each substance: lists would repeat the other rows


def _read(layout: Layout) -> set[str]:
    """Return the columns that say something of a result."""
    parts = {c for group in layout.groups.values() for c in group.values()}
    return (parts | set(layout.contents) | set(layout.meant)) - set(_of_nothing(layout))


def _of_nothing(layout: Layout) -> list[str]:
    """Return the columns of amounts beside which no column says of what they are."""
    groups = layout.groups.values()
    of_some = {g["amount"] for g in groups if {"amount", "substance"} <= set(g)}
    return [g["amount"] for g in groups if "amount" in g and g["amount"] not in of_some]


def _beside(layout: Layout, taken: Mapping[str, tuple[str, int]], names: Sequence[str]) -> None:
    """Give an amount that has no substance yet the one of the column before it.

    `FTIR, Quant, GC-MS, Quant`: each of what its own method found.
    """
    read = _read(layout)
    for before, name in pairwise(names):
        if taken.get(name, ("",))[0] == "amount" and name not in read:
            for group in layout.groups.values():
                if group.get("substance") == before:
                    group.setdefault("amount", name)


def _quantified(layout: Layout, names: Sequence[str]) -> None:
    """Let amounts be of the substance that the column before them is called by.

    `Fentanyl strip, Quant`: a quant always, another amount where no column of substances has it.
    """
    for group in list(layout.groups.values()):
        column = group.get("amount", "")
        before = names[: list(names).index(column)][-1:] if column in names else ()
        other = "substance" in group and "quant" not in folded(column).split("_")
        if other or not before or before[0] not in layout.contents:
            continue
        layout.contents[column] = (layout.contents[before[0]][0], layout.units.get(column))
        del group["amount"]


def _naming(name: str, contents: Contents, thesaurus: Thesaurus) -> bool:
    """Say whether the cells of a column name substances or classes, or that none is known."""
    look = contents.get(name)
    return look is not None and look.share(
        lambda c: _is_substance(c[:200], thesaurus) or names_a_class(c[:200])
        or _is_silent(c, thesaurus)
    ) >= MOST  # fmt: skip


def find_units(layout: Layout, contents: Contents) -> None:
    """Find the unit of amounts where neither header nor column says it, by the figures.

    `bare` keeps what was made of such a column: a unit, or "" where it cannot be told.
    """
    forms = [c for n in layout.sample.get("form", ()) for c in _cells(contents, n)]
    wholes = any(spelt(folded(c).split("_"), columns()["units"]["whole"]) for c in forms)
    amounts = [g["amount"] for g in layout.groups.values()
               if "amount" in g and "amount_unit" not in g]  # fmt: skip
    for name in (*amounts, *layout.contents):
        substance, said = layout.contents.get(name, ("", layout.units.get(name)))
        cells = _cells(contents, name)
        if said or not any(number(c) is not None for c in cells) or in_parts(name):
            continue
        unit = _unit_of(name, cells, wholes, bool(substance))
        if unit is None:
            continue
        layout.bare[name] = unit
        if unit and substance:
            layout.contents[name] = (substance, unit)
        elif unit:
            layout.units[name] = unit


def _unit_of(name: str, cells: Sequence[str], wholes: bool, content: bool) -> str | None:
    """Return the unit of the bare figures of a column; "" where it cannot be told.

    "fraction" is of parts of one; None where figures only say that something is there.
    """
    figures = sorted(f for f in map(number, cells) if f is not None)
    said = {read.unit for c in cells if (read := read_amount(c)) and read.unit}
    likely = sum(f <= 100 for f in figures) >= LIKELY * len(figures)
    words = folded(name).split("_")
    known = columns()["units"]
    if content and set(figures) <= {0.0, 1.0}:
        return "flag"
    if said:  # in other cells of the column
        unit = said.pop()
        return unit if not said and (unit != "%" or likely) else ""
    share = spelt(words, known["share"])
    if not (share or ((content or spelt(words, known["content"])) and not wholes)) or not likely:
        return ""
    if figures[-1] > 1:
        return "%"
    middle = figures[len(figures) // 2]
    return "fraction" if share and len(figures) >= FEWEST and middle >= FRACTION else ""
