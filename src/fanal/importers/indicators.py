"""Official tables: published figures, tidy, crossed or as SDMX-CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Indicator, Issue, Skipped
from fanal.importers.reading.archives import head
from fanal.importers.reading.areas import area_code
from fanal.importers.reading.figures import Figure, Signs, is_count, read_figure, read_note
from fanal.importers.reading.periods import (
    STEPS,
    Period,
    PeriodColumn,
    periods_within,
    step_of,
    with_year,
)
from fanal.importers.reading.rows import (
    Cells,
    Found,
    Table,
    as_text,
    folded,
    kind_of,
    open_sheets,
    sniffed,
    words_of,
)
from fanal.thesaurus import resolve, shipped

ROLES = {  # what official tables call their columns, folded
    "name": "name indicator indicateur variable serie series libelle measure mesure index "
    "infraction classe classe_infraction delikt straftat offence offense",
    "area": "area ref_area geo departement dep code_departement code_dep dept region code_region "
    "territoire pays country location zone code_insee num_dep land bundesland kanton kreis "
    "jurisdiction state county province codgeo code_commune code_geo geographie territory "
    "unite_geographique code_zone",
    "area_name": "nom nom_departement libelle_departement nom_region libelle_region geo_label "
    "label",
    "period": "period time_period periode unite_temps",
    "year": "",
    "step": "step freq frequency frequence pas",
    "value": "value obs_value valeur valeurs nombre effectif effectifs count faits n total number "
    "nb",
    "unit": "unit unit_measure unite unite_de_compte",
    "denominator": "denominator population pop denominateur base sample_size taille_echantillon",
    "substance": "substance drug produit",
    "note": "note notes obs_flag obs_status footnote remarque flag statut",
    "revision": "revision edition last_update millesime version",
    "origin": "source sources quelle",
}
LATER = ("date", "time")  # of a row's period, where no column is called by what it is
# words of columns that are no figures of anything: codes, editions, how sure a figure is
_CODES = words_of("code codes cod insee siren siret id ids cog codgeo nuts geo num numero no rang "
                   "rank ordre order iso fips key cle millesime millesimes diffuse complement "
                   "info")  # fmt: skip
_PEOPLE = words_of("pop population populations habitants inhabitants einwohner bevolkerung "
                    "poblacion ptot pmun")  # fmt: skip
_HOMES = words_of("log logements dwellings households menages")
_RATES = words_of("taux rate rates pour per je pro ratio part pct percent tx")
_GENERIC = _RATES | words_of(
    "value valeur nombre effectif count n total number nb de des du faits mille cent 100 1000 000 "
    "habitants inhabitants pourcent pourmille chiffre chiffres figure figures cas cases"
)
_NUMBER = words_of("nb nombre number valeur effectif chiffre")
_LABELS = words_of("libelle lib nom label name")
_BOUNDS = words_of("ci ic lower upper inf sup borne bound low high min max ki")
_FLOW = ("dataflow", "structure_id")
_IDLE = {"dataflow", "structure", "structure_id", "action", "unit_mult", "decimals", "conf_status",
         "last_update", "structure_name"}  # fmt: skip
FREQUENCIES = {"a": "year", "m": "month", "w": "week", "q": "quarter", "annual": "year",
               "monthly": "month", "weekly": "week", "quarterly": "quarter", "an": "year",
               "mois": "month", "semaine": "week", "trimestre": "quarter", "s": "half-year",
               "h": "half-year", "half-yearly": "half-year", "semestre": "half-year"}  # fmt: skip
STATUS = {"p": "provisional", "e": "estimated", "b": "break in the series", "c": "confidential",
          "m": "missing", "d": "definition differs", "u": "low reliability", "s": "estimated",
          "r": "revised", "f": "forecast", "a": ""}  # fmt: skip
CROSSED = 3  # columns of periods or areas, from which a table is crossed
FIRST_ROWS = 200
KEYS = 20_000  # rows by which it is judged which columns tell figures apart
LONGEST = 60  # characters of what tells them apart
ASKED = 'add decimal = "," or decimal = "." (what stands before decimals) under [parameters]'
MOST = 0.8  # of the cells that should be figures


@dataclass(frozen=True)
class Indicators(Importer):
    """Published figures (CSV, TSV, XLSX, XLS, ODS, JSON lines, Parquet), one or many a row.

    When to use: official or scientific tables, in any of three shapes: one figure a row, with a
    second column of rates beside it perhaps; crossed, with a column for each period or area;
    SDMX-CSV. When not: tables of texts (`tables`), drug-checking results (`lab`).

    Parameters
    ----------
    mapping : mapping of role → column
        Roles: name, area, period, year (of a period in two columns), step, value, unit,
        denominator, substance, note, revision, origin. What is not named is found by its header.
    counts : str
        What is counted, where the table does not say it but in its title.
    area : str
        Code of the area, where the table is about one.
    unit : str
        Unit of the figures, where the table does not say it.
    decimal : str
        "," or ".": the sign before decimals, where a table such as `1.234` does not show it.
    weeks : str
        "monday" or "sunday": the day on which weeks begin, where the header does not show it.

    Limits
    ------
    An empty or suppressed value stays unknown, never zero; what stood there is its note. Footnotes
    and sources under a table become notes, and so does a column of sources. Quarters and half-years
    are kept, and not counted into series. What a period is, its whole column and header show
    (`202103`, `2011-S2`); where they do not, the row is an issue. A second column of figures in a
    row is named `name (column)`; columns of words that tell rows of one name, area and period apart
    are part of the name. One sign before three figures
    (`14.217`) is read by the unit, the header and the other figures of the table; where none of
    them shows whether it stands before decimals or between thousands, the figure is an issue. A
    figure in brackets stays unknown.

    Examples
    --------
    >>> Indicators(counts="usage de stupéfiants", unit="personnes").unit
    'personnes'
    """

    name: ClassVar[str] = "indicators"
    breadth: ClassVar[int] = 0

    mapping: Mapping[str, str] = field(default_factory=dict)
    counts: str = ""
    area: str = ""
    unit: str = ""
    decimal: str = ""
    weeks: str = ""

    def identify(self, path: File) -> bool:
        if kind_of(path) is None and not sniffed(head(path)):
            return False  # a short table between titles and notes does not look like one
        try:
            return any(self._shape(_unfolded(p)) for p in open_sheets(path, self._wanted))
        except ImporterError:
            return False

    def extract(self, path: File) -> Iterator[Indicator | Issue | Skipped]:
        if self.decimal not in ("", ",", "."):
            raise ImporterError(
                f"decimal cannot be {self.decimal!r}",
                allowed='"," and "."',
                do="correct decimal under [parameters]",
            )
        if self.weeks not in ("", "monday", "sunday"):
            raise ImporterError(
                f"weeks cannot be {self.weeks!r}",
                allowed='"monday" and "sunday"',
                do="correct weeks under [parameters]",
            )
        pages = [_unfolded(page) for page in open_sheets(path, self._wanted)]
        read = False
        for page in pages:
            shape = self._shape(page) or self._plain_shape(page)
            if shape is None:
                rows = sum(1 for found in page.rows() if not isinstance(found, Issue))
                yield Skipped("row of another sheet", rows + 1)
            else:
                read = True
                yield from _Reader(self, page, shape).read()
        if not read:
            raise ImporterError(
                "not a table of figures",
                where="record 1",
                allowed="columns name, area, period, value; or a column for each period or area",
                do="name the columns under [mapping] in the source description",
            )

    def _wanted(self, names: tuple[str, ...]) -> float:
        shape = self._named(names)
        if self.mapping and not set(self.mapping) <= set(shape.roles):
            return 0.0
        if shape.tidy:
            return 10.0 + len(shape.roles)
        if len(shape.crossed) >= CROSSED:
            return float(len(shape.crossed))
        areas = sum(area_code(name, widest=True) is not None for name in shape.rest)
        return float(areas) if "period" in shape.roles and areas >= CROSSED else 0.0

    def _named(self, names: Sequence[str]) -> _Shape:
        """Return what the columns say by their names."""
        by_fold = {folded(_before_colon(name)): name for name in reversed(names)}
        # "CODGEO_2025": of which year the map is
        by_fold |= {f[:6]: n for f, n in by_fold.items() if re.fullmatch(r"codgeo_\d{4}", f)}
        shape = _Shape()
        steps = {name: step_of(_before_colon(name)) for name in names}
        for role, aliases in ROLES.items():
            wanted = [folded(self.mapping[role])] if role in self.mapping else aliases.split()
            found = next((by_fold[w] for w in wanted if w in by_fold), None)
            if found and found not in shape.roles.values():
                shape.roles[role] = found
            if role == "period" and "period" not in shape.roles:
                finest = min(
                    (n for n in names if steps[n]), key=lambda n: STEPS.index(steps[n]), default=""
                )
                found = finest or next((by_fold[w] for w in LATER if w in by_fold), None)
                if found:
                    shape.roles["period"] = found
            if role == "year" and steps.get(shape.roles.get("period", "")) not in (
                None,
                "",
                "year",
            ):
                year = next((n for n in names if steps[n] == "year"), None)
                if year and "year" not in shape.roles:
                    shape.roles["year"] = year
        shape.sdmx = {"time_period", "obs_value"} <= set(by_fold)
        if shape.sdmx:
            shape.labels = _labels(names)
        for name in names:
            known = name in shape.roles.values() or (steps[name] and "period" in shape.roles)
            if not known and not re.fullmatch(r"column \d+", name):
                shape.rest.append(name)
        people = [n for n in shape.rest if _counts_people(n)]
        if people and "denominator" not in shape.roles:
            shape.roles["denominator"] = people[0]
        shape.rest = [n for n in shape.rest if n not in people]
        if "value" not in shape.roles:  # "nb_faits", "Nombre de cas"
            plain = (n for n in shape.rest if _NUMBER & words_of(n) and words_of(n) <= _GENERIC)
            if value := next((n for n in plain if not _is_rate(n)), None):
                shape.roles["value"] = value
                shape.rest.remove(value)
        shape.crossed = periods_within(shape.rest)
        return shape

    def _shape(self, page: Table) -> _Shape | None:
        """Return how a sheet is to be read; None if it does not look like a table of figures."""
        shape = self._named(page.columns)
        rows = _first_rows(page)
        if not rows:
            return None
        cells = {n: [as_text(r.get(n)) for r in rows] for n in page.columns}
        figures = {n: _share([r.get(n) for r in rows]) for n in page.columns}
        shape.figures = {n for n, share in figures.items() if share >= MOST}
        if self.mapping and shape.tidy:
            return shape
        if shape.tidy:
            periods = self.periods_of(shape, rows)
            if figures[shape.roles["value"]] < MOST or sum(periods) < MOST * len(periods):
                return None
            if not shape.sdmx:
                shape.measures = shape.further()
            return shape
        shape.crossed = {n: p for n, p in shape.crossed.items() if n in shape.figures}
        if len(shape.crossed) >= CROSSED:
            return shape
        # periods down, areas or things counted across
        period = next((n for n in page.columns if _all_periods(n, cells[n])), None)
        across = [n for n in page.columns if n != period and n in shape.figures]
        areas = [n for n in across if area_code(n, widest=True)]
        if period and len(areas) >= max(CROSSED, MOST * len(across)):
            shape.roles["period"] = period
            shape.across = areas
            return shape
        return None

    def _plain_shape(self, page: Table) -> _Shape | None:
        """Return how a table is to be read that shows what it is by its periods and figures alone.

        Other tables look like that too: it is no proof of what a file is.
        """
        shape = self._named(page.columns)
        rows = _first_rows(page)
        shape.figures = {n for n in page.columns if _share([r.get(n) for r in rows]) >= MOST}
        if "value" in shape.roles and shape.roles["value"] not in shape.figures:
            return None
        if "period" not in shape.roles:
            return None
        shape.measures = shape.further()
        if not shape.measures and "value" not in shape.roles:
            return None
        named = self.counts or "name" in shape.roles or "value" in shape.roles
        if not named and all(words_of(name) <= _GENERIC for name in shape.measures):
            return None  # nothing says of what they are
        if not {"name", "area", "value"} & set(shape.roles):
            shape.across, shape.measures = shape.measures, []
        return shape

    def periods_of(self, shape: _Shape, rows: Sequence[Cells]) -> list[bool]:
        """Return of each row that has a period whether it can be read."""
        column = self.column_of(shape)
        texts = [text for row in rows if (text := shape.period(row))]
        for text in texts:
            column.see(text)
        return [column.read(text) is not None or bool(column.open) for text in texts]

    def column_of(self, shape: _Shape, step: str = "") -> PeriodColumn:
        """Return a reader of the periods of a table, or of those of one step."""
        header = shape.roles["period"]
        return PeriodColumn("" if shape.sdmx else _before_colon(header), step, self.weeks)


def _unfolded(page: Table) -> Table:
    r"""Return a table of Eurostat as others: `freq,unit,geo\TIME_PERIOD`, then the periods."""
    folded_names, slash, _ = page.columns[0].partition("\\")
    if not slash or "," not in folded_names:
        return page
    names = [name.strip() for name in folded_names.split(",")]

    def rows() -> Iterator[Found]:
        for found in page.rows():
            if isinstance(found, tuple):
                said = as_text(found[1].get(page.columns[0])).split(",")
                cells = {c: v for c, v in found[1].items() if c != page.columns[0]}
                yield found[0], {**dict(zip(names, said, strict=False)), **cells}
            else:
                yield found

    return replace(page, columns=(*names, *page.columns[1:]), rows=rows)


def _first_rows(page: Table) -> list[Cells]:
    """Return the first rows by which a table is judged, without titles and notes among them."""
    rows = [found[1] for found in islice(page.rows(), FIRST_ROWS) if isinstance(found, tuple)]
    return [row for row in rows if sum(bool(as_text(cell)) for cell in row.values()) > 1]


def _all_periods(header: str, cells: Sequence[str]) -> bool:
    column, said = PeriodColumn(header), [cell for cell in cells if cell]
    for cell in said:
        column.see(cell)
    return sum(column.read(cell) is not None for cell in said) >= MOST * len(cells) > 0


def _counts_people(name: str) -> bool:
    words = words_of(name)
    return bool(words & _PEOPLE) and not words & (_RATES | _CODES - {"insee"})


def _is_rate(name: str) -> bool:
    return bool(_rate(name) or words_of(name) & _RATES) or folded(name).startswith("taux")


def _labels(names: Sequence[str]) -> dict[str, str]:
    """Return column of codes → column of their labels, where an SDMX table has both."""
    folds = [folded(_before_colon(name)) for name in names]
    at = folds.index("time_period")
    if "observation_value" not in folds or folds[at + 1 : at + 2] == ["obs_value"]:
        return {}
    start = 1 + max((i for i, f in enumerate(folds[:at]) if f in _IDLE), default=-1)
    pairs = list(names[start:])
    return dict(zip(pairs[::2], pairs[1::2], strict=False))


@dataclass
class _Shape:
    """What the columns of a table say."""

    roles: dict[str, str] = field(default_factory=dict)  # role → column
    rest: list[str] = field(default_factory=list)
    sdmx: bool = False
    measures: list[str] = field(default_factory=list)  # further columns of figures of a row
    crossed: dict[str, tuple[Period, str]] = field(default_factory=dict)  # column → period, words
    across: list[str] = field(default_factory=list)  # of areas, or what is counted; periods go down
    figures: set[str] = field(default_factory=set)  # columns of figures
    labels: dict[str, str] = field(default_factory=dict)  # SDMX: column of codes → of their labels

    def further(self) -> list[str]:
        """Return the columns of figures that no role has, codes and numbers of homes left out."""
        area = {self.roles[r] for r in ("area", "area_name") if r in self.roles}
        return [
            n for n in self.rest
            if n in self.figures and n not in area and not words_of(n) & (_CODES | _HOMES)
        ]  # fmt: skip

    def period(self, row: Cells) -> str:
        """Return what a row says of its period, in one column or two."""
        text = as_text(row.get(self.roles["period"]))
        if self.sdmx:
            text = _before_colon(text)
        if "year" in self.roles:
            year = as_text(row.get(self.roles["year"]))
            return with_year(year, text, step_of(self.roles["period"]))
        if step_of(self.roles["period"]) == "year" and re.fullmatch(r"\d\d", text):
            return f"20{text}"
        return text

    @property
    def tidy(self) -> bool:
        """Whether a row has a period and a value, and says of what or where."""
        return {"period", "value"} <= set(self.roles) and bool({"name", "area"} & set(self.roles))


def _before_colon(name: str) -> str:
    """SDMX with labels calls its columns `FREQ: Frequency`, and fills in `A: Annual`."""
    return name.partition(":")[0] if re.match(r"\w+: ?\S", name) else name


def _share(cells: Sequence[object]) -> float:
    said = [c for c in cells if as_text(c)]
    return sum(read_figure(c) is not None for c in said) / len(said) if said else 0.0


class _Reader:
    """Makes figures of a sheet's rows, with the notes that stand under them."""

    def __init__(self, importer: Indicators, page: Table, shape: _Shape) -> None:
        self.importer, self.page, self.shape = importer, page, shape
        self.notes: dict[str, str] = {}
        self.about: list[str] = []
        self.title = ""
        self.unit = importer.unit
        for number, row in page.loose():
            texts = [t for t in (as_text(c) for c in row) if t]
            if number < page.header and len(texts) == 1:
                self._above(texts[0])
            elif number > page.header and self._is_note(texts):
                self._below(texts[0])
        self.signs = self._signs()
        self.periods: dict[str, PeriodColumn] = {}
        self.apart: list[str] = []  # columns of words that tell figures of one name apart
        self.unread: list[str] = []
        self.repeated = False
        self.places = bool(importer.area) or self._has_places()
        if "period" in shape.roles:
            self._see()
        else:
            known = {shape.roles.get(role) for role in ("denominator", "unit", "step")}
            further = shape.figures - {*shape.crossed} - known
            self.unread = [c for c in page.columns if c in further and not self._labels(c)]

    def _has_places(self) -> bool:
        """Say whether any row of a crossed table names an area."""
        rows = (f[1] for f in islice(self.page.rows(), FIRST_ROWS) if isinstance(f, tuple))
        columns = [c for c in self.page.columns if c not in self.shape.crossed]
        return any(
            area_code(_unmarked(as_text(row.get(c)))[0], widest=True) for row in rows
            for c in columns
        )  # fmt: skip

    def _see(self) -> None:
        """Look at all periods of the table, and for the columns that tell its rows apart."""
        shape = self.shape
        known = {*shape.roles.values(), *shape.measures, *shape.across, *shape.labels.values()}
        words = [n for n in shape.rest if n not in known and not words_of(n) & (_CODES | _HOMES)]
        words = [n for n in words if not (shape.sdmx or n in shape.figures)]
        first: list[dict[tuple[str, ...], str]] = [{} for _ in words]
        keys = [shape.roles[r] for r in ("name", "area", "area_name", "unit", "substance", "origin")
                if r in shape.roles]  # fmt: skip
        for count, found in enumerate(self.page.rows()):
            if not isinstance(found, tuple):
                continue
            row = found[1]
            period = shape.period(row)
            self._column(row).see(period)
            if count > KEYS:
                continue
            key = (period, *(as_text(row.get(name)) for name in keys))
            for column, said in zip(words, first, strict=True):
                text = as_text(row.get(column))
                if said.setdefault(key, text) != text and column not in self.apart:
                    self.apart.append(column)
        for column, said in zip(words, first, strict=True):
            texts = [text for text in said.values() if text]
            if column in self.apart and max(map(len, texts), default=0) > LONGEST:
                self.apart.remove(column)
            plain = len(set(texts)) < 2 or words_of(column) & _LABELS or self._of_area(texts)
            if column not in self.apart and not plain:
                self.unread.append(column)

    @staticmethod
    def _of_area(texts: Sequence[str]) -> bool:
        return sum(area_code(t, widest=True) is not None for t in texts) >= MOST * len(texts)

    def _column(self, row: Cells) -> PeriodColumn:
        """Return the reader of a row's period: rows of one frequency are read together."""
        step = as_text(row.get(self.shape.roles.get("step", ""))).casefold()
        step = _before_colon(step) if self.shape.sdmx else step
        if step not in self.periods:
            said = FREQUENCIES.get(step, step)
            self.periods[step] = self.importer.column_of(self.shape, said if said in STEPS else "")
        return self.periods[step]

    def _unread(self, number: int, row: Cells) -> Issue:
        hint = self._column(row).open or f"allowed: {', '.join(STEPS)}"
        return Issue("period not readable", number, "period", hint)

    def _signs(self) -> Signs:
        """Look at all figures of the table for the sign before their decimals."""
        shape, said = self.shape, self.importer.decimal or ("." if self.shape.sdmx else "")
        words = [*self.page.columns, *self.about, self.title]
        first = next((f[1] for f in self.page.rows() if isinstance(f, tuple)), {})
        signs = Signs(said, [*words, *(c for c in first.values() if isinstance(c, str))])
        columns = [*(shape.across or shape.crossed), *shape.measures]
        if "period" in shape.roles and not shape.across:
            columns = [shape.roles[r] for r in ("value",) if r in shape.roles] + shape.measures
        columns += [shape.roles["denominator"]] if "denominator" in shape.roles else []
        for found in () if said else self.page.rows():
            if isinstance(found, tuple):
                for column in columns:
                    signs.see(self._group(found[1], column), found[1].get(column))
        return signs

    def _group(self, row: Cells, column: str) -> tuple[str, ...]:
        """Return what figures are written alike: those of a column and unit, of a row, or all."""
        shape = self.shape
        if shape.across:
            return ()
        if shape.tidy:
            roles = [shape.roles[role] for role in ("unit", "name") if role in shape.roles]
            return (column, *(as_text(row.get(name)) for name in roles))
        return tuple(as_text(row.get(c)) for c in self.page.columns if c not in shape.crossed)

    def _above(self, text: str) -> None:
        """Take a line above the header: a title, or the unit in parentheses."""
        if unit := re.fullmatch(
            r"[(\[]?\s*(?:en|in|unité\s*:|unit\s*:)\s*([^)\]]+)[)\]]?", text, re.IGNORECASE
        ):
            self.unit = self.unit or unit[1].strip()
        elif note := read_note(text):
            self.about.append(note[1])
        elif not self.title:
            if within := re.search(r"[(\[]\s*(?:en|in)\s+([^)\]]+)[)\]]\s*$", text, re.IGNORECASE):
                self.unit = self.unit or within[1].strip()
            plain = re.sub(r"^(?:tableau|table|figure|graphique)\s*[\w.]*\s*[:.–-]\s*", "", text,
                           flags=re.IGNORECASE)  # fmt: skip
            numbered = re.fullmatch(
                r"(?:tableau|table|figure|graphique)\s*[\w.]*", plain.strip(), re.I
            )
            self.title = "" if numbered else plain.strip()

    def _is_note(self, texts: list[str]) -> bool:
        return len(texts) == 1 and read_note(texts[0]) is not None

    def _below(self, text: str) -> None:
        note = read_note(text)
        assert note is not None
        if note[0]:
            self.notes[note[0]] = note[1]
        else:
            self.about.append(note[1])

    def read(self) -> Iterator[Indicator | Issue | Skipped]:
        seen: dict[tuple[object, ...], float | None] = {}
        for found in self._read_rows():
            if isinstance(found, Indicator) and len(seen) < KEYS:
                key = (
                    found.name,
                    found.area,
                    found.period,
                    found.step,
                    found.unit,
                    found.substance,
                )
                if seen.setdefault(key, found.value) != found.value and not self.repeated:
                    self.repeated = True
                    hint = "two rows give one name, area and period other figures: name the column "
                    hint += "that tells them apart as name under [mapping]"
                    yield Issue("figure repeated", self.page.header, "", hint, "warning")
            yield found

    def _read_rows(self) -> Iterator[Indicator | Issue | Skipped]:
        loose = {
            number for number, row in self.page.loose()
            if number > self.page.header and self._is_note([t for t in map(as_text, row) if t])
        }  # fmt: skip
        for name in self.unread:
            yield Issue("column name not known", self.page.header, name,
                        "not read; map it if it matters", "warning")  # fmt: skip
        for found in self.page.rows():
            if isinstance(found, Issue) and found.record in loose:
                yield Skipped("note under the table")
            elif not isinstance(found, tuple):
                yield found
            elif found[0] in loose:
                yield Skipped("note under the table")
            elif self.shape.across:
                yield from self._down(*found)
            elif self.shape.crossed and not self.shape.tidy and not self.shape.measures:
                yield from self._crossed(*found)
            else:
                yield from self._tidy(*found)

    def _tidy(self, number: int, row: Cells) -> Iterator[Indicator | Issue]:
        shape = self.shape
        said = {role: as_text(row.get(name)) for role, name in shape.roles.items()}
        if shape.sdmx:
            said = {r: _before_colon(t) if r != "name" else t for r, t in said.items()}
        period = self._column(row).read(shape.period(row))
        if period is None:
            yield self._unread(number, row)
            return
        step = said.get("step", "").casefold()
        step = FREQUENCIES.get(step, step) or period.step
        if step not in STEPS:
            yield Issue("step not readable", number, "step", f"allowed: {', '.join(STEPS)}")
            return
        name = said.get("name", "")
        if shape.sdmx:
            parts = [as_text(row.get(shape.labels.get(c, c))) for c in shape.rest
                     if folded(_before_colon(c)) not in _IDLE
                     and c not in shape.labels.values()]  # fmt: skip
            flow = next((as_text(row.get(c)) for c in self.page.columns
                         if folded(_before_colon(c)) in _FLOW), "")  # fmt: skip
            name = ", ".join(p.partition(": ")[2] or p for p in (name or flow, *parts) if p)
            step = step if step == period.step or period.step == "year" else period.step
        name = name or self.importer.counts or self.title
        apart = [text for c in self.apart if (text := as_text(row.get(c)))]
        if (called := said.get("substance")) and not self._substance(called):
            apart.insert(0, called)
        columns: list[tuple[str, str, str]] = []
        if value := shape.roles.get("value"):
            plain = folded(_before_colon(value)) in ROLES["value"].split()
            named = name or ("" if plain else value)
            columns = [(value, named, said.get("unit", "") or _rate(value))]
            columns += [(c, f"{named} ({c})" if named else c, _rate(c)) for c in shape.measures]
        for column in () if value else shape.measures:
            if columns and words_of(column) & _BOUNDS:  # of the figure before
                of = next(
                    (c for c in reversed(columns) if not words_of(c[0]) & _BOUNDS), columns[0]
                )
                columns.append((column, f"{of[1]} ({column})", of[2]))
            else:
                columns.append((column, f"{name}, {column}" if name else column, _rate(column)))
        for column, called, unit in columns:
            yield from self._figure(
                number, row, column, ", ".join([called, *apart]) if called else "",
                said.get("area") or said.get("area_name") or "", Period(period.first, step),
                unit, said, _power(row, self.page.columns) if shape.sdmx else 0,
            )  # fmt: skip

    def _crossed(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        shape = self.shape
        labels = [as_text(row.get(c)) for c in self.page.columns if self._labels(c)]
        labels = [label for label in labels if label]
        if not any(as_text(row.get(c)) for c in shape.crossed):
            yield Skipped("line of headings")
            return
        areas = [label for label in labels if area_code(_unmarked(label)[0], widest=True)]
        things = [label for label in labels if label not in areas and not label.isdigit()]
        area = areas[0] if areas else self.importer.area
        if not area and self.places and things:
            area = things.pop(0)  # a total, or one that we do not know
        for column, (period, words) in shape.crossed.items():
            if not as_text(row.get(column)):
                continue
            name = ", ".join([t for t in things if t != area] + [words] * bool(words))
            yield from self._figure(
                number, row, column, name or self.importer.counts or self.title, area, period,
                as_text(row.get(self.shape.roles.get("unit", ""))), {}, 0,
            )  # fmt: skip

    def _labels(self, column: str) -> bool:
        """Say whether a column of a crossed table names its rows: a total beside them does not."""
        if column in self.shape.crossed:
            return False
        if column in (self.shape.roles.get("unit"), self.shape.roles.get("step")):
            return False
        area = column == self.shape.roles.get("area") or bool(words_of(column) & _CODES)
        return area or column not in self.shape.figures

    def _down(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        period = self._column(row).read(self.shape.period(row))
        if period is None:
            yield self._unread(number, row)
            return
        told = False
        for column in self.shape.across:
            if not as_text(row.get(column)):
                continue
            told = True
            name, area = self.importer.counts or self.title, column
            if not area_code(column, widest=True):
                name, area = f"{name}, {column}" if name else column, self.importer.area
            yield from self._figure(number, row, column, name, area, period, _rate(column), {}, 0)
        if not told:
            yield Skipped("row without figures")

    def _figure(
        self, number: int, row: Cells, column: str, name: str, area: str, period: Period,
        unit: str, said: Mapping[str, str], power: int,
    ) -> Iterator[Indicator | Issue]:  # fmt: skip
        for what, there, hint in (
            ("name", name, 'add counts = "…" (what is counted) under [parameters]'),
            ("area", area, 'add area = "…" (the code of the area, as FR) under [parameters]'),
        ):
            if not there and not (what == "area" and self.importer.area):
                yield Issue(f"no {what}", number, what, hint)
                return
        read = self._read(row, column, f"{column} {name} {unit or self.unit}")
        if read is None:
            yield Issue("not a number", number, column, "write figures as 1234.5 or 1 234,5")
            return
        if read.open:
            yield Issue("decimals or thousands not told apart", number, column, ASKED)
            return
        if read.said.startswith("(") and read.said.strip("()") not in self.notes:
            hint = "it stays unknown: write it without them, with - if it is below zero"
            yield Issue("figure in brackets", number, column, hint, "warning")
        if (read.value or 0) < 0 and is_count(f"{column} {unit or self.unit}"):
            hint = "a count is never below zero; it stays unknown"
            yield Issue("count below zero", number, column, hint, "warning")
            read = read._replace(value=None, said=f"{read.value:g}")
        denominator = None
        main = self.shape.roles.get("value") or next(iter(self.shape.measures), None)
        rate = column != main and bool(_is_rate(column) or words_of(column) & _BOUNDS)
        if "denominator" in self.shape.roles and not rate:
            denominator = self._read(row, self.shape.roles["denominator"], "population")
            if denominator and denominator.open:
                yield Issue(
                    "decimals or thousands not told apart", number, column, ASKED, "warning"
                )
        area, mark = _unmarked(area)
        yield Indicator(
            name=name,
            area=area_code(area, widest=True) or _before_dash(area) or area or self.importer.area,
            period=period.first,
            step=period.step,
            value=None if read.value is None else read.value * 10**power,
            unit=unit or read.unit or self._unit(name),
            denominator=denominator.value if denominator else None,
            substance=self._substance(said.get("substance", "")),
            note=self._note(read, mark, said.get("note", ""), said.get("origin", "")),
            source="",
            revision=said.get("revision", ""),
            run="",
        )

    @staticmethod
    def _substance(label: str) -> str | None:
        """Return the id of a substance that the thesaurus knows for sure."""
        if not label:
            return None
        thesaurus = shipped()
        if label in thesaurus.substances:
            return label
        substance, sure = resolve(label, thesaurus)
        return substance if sure else None

    def _unit(self, name: str) -> str:
        """Return the unit that the title or the description says: no kilo for a number of cases."""
        told = self.unit and self.unit == self.importer.unit
        return self.unit if told or not is_count(name) or is_count(self.unit) else ""

    def _read(self, row: Cells, column: str, words: str) -> Figure | None:
        """Read a cell; `words` say what it counts, where they must decide between two readings."""
        cell = row.get(column)
        if isinstance(cell, str) and self.shape.sdmx:
            cell = _before_colon(cell)
        read = read_figure(cell)
        if read and read.open:
            words = f"{words} {read.unit}"
            if sign := self.signs.decimal(self._group(row, column), read.open, words):
                return read_figure(cell, sign)
        return read

    def _note(self, read: Figure, mark: str, flag: str, origin: str) -> str | None:
        """Return what the marks of a figure say, what stands for it, and notes on the table."""
        said = []
        for key in (read.mark, mark):
            if key:
                said.append(self.notes.get(key) or STATUS.get(key.casefold(), key))
        if read.said:
            said.append(self.notes.get(read.said.strip("()")) or read.said)
        if flag:
            said.append(STATUS.get(flag.casefold(), flag))
        if origin:
            said.append(f"source: {origin}")
        return "; ".join(dict.fromkeys([*said, *self.about])) or None


def _unmarked(label: str) -> tuple[str, str]:
    """Split the mark of a footnote from a label: `Paris (1)`."""
    found = re.fullmatch(r"(.*?\D)\s*(?:\((\d{1,2}|[a-z])\)|([*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+))", label)
    return (found[1].strip(), found[2] or found[3]) if found else (label, "")


def _before_dash(area: str) -> str | None:
    """Return the code of an area that has its name beside it: `59-Nord`."""
    found = re.fullmatch(r"(\d[\dABab]\d?|[A-Z]{2})\s*[-–:]\s*\D+", area)
    return area_code(found[1], widest=True) if found else None


def _rate(column: str) -> str:
    form = folded(column)
    for words, unit in (("pour_mille", "‰"), ("pourmille", "‰"), ("pour_100_000", "/ 100 000"),
                        ("pourcent", "%"), ("percent", "%"), ("per_1000", "‰"),
                        ("per_100000", "/ 100 000"),
    ):  # fmt: skip
        if words in form:
            return unit
    return "%" if "%" in column else ""


def _power(row: Cells, columns: Sequence[str]) -> int:
    for name in columns:
        if folded(_before_colon(name)) == "unit_mult":
            text = _before_colon(as_text(row.get(name)))
            return int(text) if text.isdecimal() and int(text) <= 12 else 0
    return 0
