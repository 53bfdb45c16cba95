"""What an edition of a bulletin says, in no language yet: plain facts, filled from the tables.

`Name` holds the few words that a language cannot give (titles, labels of the thesaurus). Words of a
source description (title, publisher, terms) may hold both languages as `French / English`. A
document is named by its 8 base-32 characters, as everywhere in Fanal.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from datetime import date

from fanal.series import earlier


def half(label: str, language: str) -> str:
    """Return the half of a label written as `French / English`, or all of a plain one."""
    halves = label.split(" / ")
    if len(halves) != 2:
        return label
    return halves[0] if language == "fr" else halves[1]


TEXTS = ("mentions", "practices", "platforms", "places", "together")  # counted in texts
EVERYWHERE = "*"  # in place of a site: the count is of all sites


def too_small(n: float, least: int) -> bool:
    """Say whether a count of persons is withheld: 1 to the one before `least`; a zero is told."""
    return 0 < n < least


class Few(int):
    """A count that is withheld: all that is told is that it is below this number."""


class Untold(Few):
    """A count that is withheld because another, small one could be computed from it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A label in both languages, and in others where it is a message of the catalogues."""

    fr: str
    en: str
    also: tuple[tuple[str, str], ...] = field(default=(), compare=False)  # by code of a language

    def in_(self, language: str) -> str:
        """Return the label in a language: in English where there is none."""
        label = dict(self.also, fr=self.fr).get(language, self.en)
        label = half(label, language)
        return label.replace("'", "’") if language == "fr" else label


@dataclass(frozen=True, slots=True)
class Value:
    """One point of a series."""

    period: date
    value: float | None
    denominator: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One document behind a statement; `text` is an excerpt from after the door."""

    document: str  # 8 base-32 characters
    source: str  # title of the source
    kind: str  # kind of source, as in the source descriptions
    site: str
    day: date
    precision: str = "day"
    text: str | None = None
    marks: tuple[tuple[int, int], ...] = ()  # stretches of `text` that the coder saw


@dataclass(frozen=True, slots=True)
class Witness:
    """What one kind of source says for and against a signal, near-duplicates counted once."""

    kind: str
    supports: int  # documents that speak of it
    without: int  # documents of that kind, read over the same stretch, that do not
    sources: int  # independent ones that speak of it
    sites: int
    against: int = 0  # that deny it; samples sold as it that hold something else
    few: bool = False  # it does not speak of it, and too few were read to tell


@dataclass(frozen=True, slots=True)
class LabFact:
    """What laboratories say beside a signal: samples with its substance, or sold as it."""

    samples: int
    analysed: int  # all samples of the same weeks
    sold_as: tuple[tuple[Name, int], ...]  # names, and samples under each
    found: tuple[tuple[Name, int], ...]  # substances, and samples with each
    references: tuple[str, ...]  # the services' own, for following the figure to its rows


@dataclass(frozen=True, slots=True)
class Beside:
    """What else alarmed in a signal: the same thing at another place, or another thing."""

    what: Name  # empty: what the signal is about
    places: tuple[str, ...]  # sites or areas
    first: date  # first period with an alarm
    step: str


@dataclass(frozen=True, slots=True)
class SignalFact:
    """A signal as the bulletin tells it: the strongest alarm, its past, who says so."""

    id: str  # 8 base-32 characters
    concept: Name
    direction: str  # new, up, down, silent
    measure: str  # as in `fanal.stages.counting`: mentions, practices, documents, price, found, …
    place: str  # site; empty where it is everywhere
    step: str  # week, month or year
    first: date  # first period with an alarm
    last: date  # last one
    peak: date  # period of the strongest alarm
    observed: float
    expected: float
    threshold: float
    denominator: float | None
    history: tuple[Value, ...]
    detector: str
    parameters: str
    novelty: str  # new, returning, persistent, cyclical, fading
    state: str = "received"  # received, verified, assessed, alerted, closed, retracted
    witnesses: tuple[Witness, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    documents: int = 0  # all that stand behind it; `evidence` shows the best few
    currency: str = "EUR"  # of a price
    quantity: str = ""  # "1", "1.5–4": of a price, the number of units sold together
    lab: LabFact | None = None
    series: str = ""  # of the strongest alarm
    measured: Name = Name("", "")  # what is measured, with its unit, as a title says it
    unit: Name = Name("", "")  # what a published figure counts
    among: bool = False  # the place is the one of several whose count is told
    places: tuple[str, ...] = ()  # sites or areas that it is of, the place first
    window: int = 1  # periods that `observed`, `expected` and `threshold` are the sum of
    counted_at: str = ""  # site that the count is of, or `EVERYWHERE`, where the signal's differs
    counted_in: str = ""  # kind of source that the count is of, where it is of one
    stretch: tuple[date, date] | None = None  # first and last day of the evidence
    beside: tuple[Beside, ...] = ()  # what else alarmed in it
    lapsed: bool = False  # no alarm speaks for it any more

    @property
    def event(self) -> bool:
        """It is one whatever was counted: no number was expected of a content that changed."""
        return self.measure == "changed"

    @property
    def compared(self) -> tuple[Value, ...]:
        """What was compared: each value with the `window` - 1 before it, or the value alone.

        A sum is withheld with any number in it; a period that was not read adds nothing.
        """
        if self.window == 1:
            return self.history
        known = {value.period: value for value in self.history}
        sums = []
        for last in self.history:
            periods = (earlier(last.period, self.step, n) for n in range(self.window))
            values = [known[period] for period in periods if period in known]
            read = [v.denominator for v in values if v.denominator is not None]
            counts = [v.value for v in values if v.value is not None]
            sums.append(
                Value(
                    last.period,
                    sum(counts) if len(counts) == len(values) else None,
                    sum(read) if len(read) == len(values) else None,
                )
            )
        return tuple(sums)

    @property
    def gathered(self) -> bool:
        """Say whether earlier periods made the alarm: no threshold is above what was expected."""
        return not isinstance(self.threshold, Few) and 0 < self.threshold == self.expected

    @property
    def posted_again(self) -> bool:
        """Say whether a text that was posted again may count in several of the periods summed."""
        if isinstance(self.documents, Few) or isinstance(self.observed, Few):
            return False
        told = self.measure in TEXTS and not self.counted_in
        fewer = self.documents < self.observed
        longer = self.window > 1 and self.documents > self.observed  # of more than what is summed
        return told and self.documents > 0 and (fewer or longer)

    @property
    def against(self) -> int:
        """How many samples hold something else, as it may be told: laboratories alone say so."""
        return next((w.against for w in self.witnesses if w.kind == "lab"), 0)


@dataclass(frozen=True, slots=True)
class ContentFact:
    """What laboratories found under one name over a stretch of years.

    `kind` says why it is told: the name is much analysed (`expected`), its content changed at the
    ends of the stretch (`changed`), or is another's (`other`). Links list the samples behind.
    """

    kind: str
    name: Name
    first: int
    last: int
    samples: int  # that held what they were sold as
    of: int  # analysed under the name
    low: float  # of the share, 95 %
    high: float
    link: str  # to the samples that held it
    of_link: str  # to all of them
    alone: int | None = None  # that held nothing else
    instead: tuple[Name, ...] = ()  # most found besides, or in its place
    others: int = 0  # samples with that


@dataclass(frozen=True, slots=True)
class PriceFact:
    """The price of a substance in a band of quantities."""

    substance: Name
    place: str  # site; empty where all are taken together
    quantity: str  # "1", "2–5", as shown; the number of units sold together
    unit: str
    currency: str
    n: int
    median: float  # of one unit, in `currency`
    low: float  # first quartile
    high: float  # third quartile
    before: float | None = None  # median of the period before
    before_n: int = 0
    history: tuple[Value, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureFact:
    """A series of real published figures."""

    name: Name
    area: str
    unit: Name
    step: str
    points: tuple[Value, ...]
    source: str  # title of the source description


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What became of the records of the files that something of the period came in with."""

    read: int = 0
    documents: int = 0  # that were kept, of whatever day
    duplicates: int = 0
    skipped: int = 0
    quarantined: int = 0
    issues: int = 0
    pictures: int = 0  # posts of the period that were only pictures: counted, not read

    def __add__(self, other: Reckoning) -> Reckoning:
        return Reckoning(
            *(mine + yours for mine, yours in zip(astuple(self), astuple(other), strict=True))
        )


@dataclass(frozen=True, slots=True)
class SourceFact:
    """One source and what was read of it."""

    name: str
    title: str
    kind: str
    site: str
    publisher: str
    legal_basis: str
    licence: str = ""
    link: str = ""
    invented: bool = False
    documents: int = 0  # in the period
    samples: int = 0
    figures: int = 0  # published, of periods that had ended
    reckoning: Reckoning = field(default_factory=Reckoning)


@dataclass(frozen=True, slots=True)
class PlantedFact:
    """A phenomenon that the sample material holds, and whether a signal found it."""

    text: Name
    kind: str  # new product, price fall, migration, spread, silence, first detection
    sites: tuple[str, ...]
    first: date
    signal: str | None = None  # id of the signal that found it
    needs: Name | None = None  # what is missing to find it


@dataclass(frozen=True, slots=True)
class MethodFact:
    """A detector or a coder that had a hand in the edition."""

    name: str
    text: Name
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that one bulletin says."""

    title: Name
    first: date  # first day of the period
    last: date  # last day
    published: date
    version: str  # of Fanal
    fingerprint: str  # of the coder and the thesaurus
    sites: tuple[str, ...]
    signals: tuple[SignalFact, ...] = ()
    prices: tuple[PriceFact, ...] = ()
    contents: tuple[ContentFact, ...] = ()
    figures: tuple[FigureFact, ...] = ()
    sources: tuple[SourceFact, ...] = ()
    activity: dict[str, tuple[Value, ...]] = field(default_factory=dict)  # kind → documents a week
    planted: tuple[PlantedFact, ...] = ()
    methods: tuple[MethodFact, ...] = ()
    limits: tuple[Name, ...] = ()  # beyond those that always hold
    sample: bool = False  # made from the invented sample material
    least: int = 11  # counts of persons below it are withheld (the French rule for health outputs)

    @property
    def reckoning(self) -> Reckoning:
        """What became of the records of the files, over the sources of which it is told."""
        return sum((source.reckoning for source in self.sources), Reckoning())
