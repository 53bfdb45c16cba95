"""Everything that one scan looks for, compiled once: names, cues, phrases, families."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from fanal.coding.gazetteer import Gazetteer
from fanal.coding.names.contexts import Contexts, Rule, shown
from fanal.coding.names.disguise import Disguise
from fanal.coding.names.matcher import Matcher
from fanal.coding.names.spellings import spellings
from fanal.coding.offers import grammar, rules
from fanal.coding.platforms import Platforms
from fanal.coding.practices import Rules
from fanal.text.folding import fold
from fanal.thesaurus import Alias, Thesaurus, shipped

# What a term is for; a document collects these bits.
ALIAS, SILENT, CUE, VETO, FAMILY, OFFER, SCHEME, AMOUNT = (1 << bit for bit in range(8))


@dataclass(frozen=True)
class Vocabulary:
    """The thesaurus, the context rules and the phrases of the other readers, in one matcher.

    `role[t]` says what term t of a hit is for, `which[t]` which alias, rule or family it is.
    """

    thesaurus: Thesaurus
    contexts: Contexts
    practices: Rules
    platforms: Platforms
    gazetteer: Gazetteer

    @classmethod
    def load(cls, thesaurus: Thesaurus) -> Vocabulary:
        """Return the vocabulary of a thesaurus with the rules that ship."""
        return cls(thesaurus, Contexts.load(), Rules.load(), Platforms.load(), Gazetteer.load())

    @property
    def aliases(self) -> tuple[Alias, ...]:
        """Return the names, in the order that `which` counts."""
        return self.thesaurus.aliases

    @cached_property
    def _terms(self) -> list[tuple[str, int, int]]:
        return list(self._all_terms())

    def _all_terms(self) -> Iterator[tuple[str, int, int]]:
        """Yield (term, role, which)."""
        yield from ((term, ALIAS, number) for term, number in self._likeliest())
        yield from ((phrase, SILENT, 0) for phrase in self.contexts.silent)
        for number, rule in enumerate(self.contexts.rules):
            role = CUE if rule.adds > 0 else VETO
            yield from ((word, role, number) for word in rule.words)
        yield from ((word, CUE, -1) for word in self.contexts.gate)
        scheme = self.practices.phrases | self.platforms.phrases | self.gazetteer.phrases
        yield from ((phrase, SCHEME, 0) for phrase in sorted(scheme))

    def alias_terms(self) -> list[tuple[str, int]]:
        """Return each spelling of a name with the number of the name that it may be."""
        return [(term, which) for term, role, which in self._terms if role == ALIAS]

    def _likeliest(self) -> Iterator[tuple[str, int]]:
        """Yield each spelling with the likeliest names that it may be, one for each language."""
        names: dict[str, list[int]] = {}
        for number, term in spellings(self.aliases):
            names.setdefault(term, []).append(number)
        for term, numbers in names.items():
            if len(numbers) == 1:
                yield term, numbers[0]
                continue
            best = {min(numbers, key=lambda n: self.unlikely(n, spoken)) for spoken in SPOKEN}
            yield from ((term, number) for number in sorted(best))

    def unlikely(self, number: int, spoken: str | None) -> tuple[int, ...]:
        """Return how unlikely a name is where others are spelled the same: the least is meant."""
        alias = self.aliases[number]
        return (
            not self.preferred[number],
            alias.source in POLICE,
            foreign(alias.language, spoken),
            -int(self.base[number]),
            number,
        )

    @cached_property
    def _patterns(self) -> list[tuple[str, int, int]]:
        families = enumerate(self.thesaurus.families)
        found = [(_as_viewed(f.pattern), FAMILY, number) for number, f in families]
        if names := "|".join(sorted(self.compounded)):
            found.append((rf" (?:{names})[a-z]{{{REST},{MOST}}} ", FAMILY, COMPOUND))
        return found

    @cached_property
    def compounded(self) -> dict[str, int]:
        """Return names that German and Dutch begin other words with, each with its likeliest alias.

        International ones alone, and sure by themselves: "Speedboot" and "Grasland" begin with
        names of the street, and with no drug. Nor do those that an observatory added: a new name
        would be looked for inside every word that was coded.
        """
        found: dict[str, int] = {}
        ships = frozenset(shipped().aliases)
        for number, alias in enumerate(self.aliases):
            name = fold(alias.alias)
            abroad = alias.kind in ("international name", "abbreviation") and alias in ships
            if abroad and self.own[number] >= SURE and _COMPOUNDED.fullmatch(name):
                found[name] = min(number, found.get(name, number),
                                  key=lambda n: self.unlikely(n, None))  # fmt: skip
        return found

    @cached_property
    def compound(self) -> re.Pattern[str]:
        """Return what a compound is: a name, the longest that fits, and the rest of the word."""
        names = sorted(self.compounded, key=lambda name: (-len(name), name))
        return re.compile(rf"(?P<name>{'|'.join(names)})[a-z]{{{REST},{MOST}}}")

    @cached_property
    def matcher(self) -> Matcher:
        """Return the matcher of the full scan: all but the cues of offers."""
        patterns = [pattern for pattern, _, _ in self._patterns]
        return Matcher([term for term, _, _ in self._terms], patterns)

    @cached_property
    def first(self) -> Matcher:
        """Return the matcher of the first look: what alone makes a document worth a full scan.

        Everyday words among the names, single letters, and the words of context rules cost a hit
        each in ordinary text and mean something in company only; they are left to the full scan.
        The cues of offers are looked for here alone: that a document has one is all they say.
        """
        terms = [term for term, _ in self._first_terms]
        cues = grammar.patterns()
        return Matcher(terms, [*cues, *(pattern for pattern, _, _ in self._patterns)])

    @cached_property
    def offered(self) -> npt.NDArray[np.uint8]:
        """Return what each term of the first look says of offers: `AMOUNT`, `OFFER` or nothing."""
        roles = [role & (AMOUNT | OFFER) for _, role in self._first_terms]
        roles += [AMOUNT] * len(grammar.patterns()) + [0] * len(self._patterns)
        return np.array(roles, np.uint8)

    @cached_property
    def _first_terms(self) -> list[tuple[str, int]]:
        amounts = grammar.amount_words()
        cues = [(word, AMOUNT if word in amounts else OFFER) for word in sorted(grammar.cues())]
        numbers = {p for p in self.gazetteer.phrases if any(c.isdigit() for c in p)}
        alone = self.practices.phrases | self.platforms.phrases | numbers | self.gazetteer.found
        return cues + [
            (term, role)
            for term, role, which in self._terms
            if (role == ALIAS and self.base[which] >= FIRST) or (role == SCHEME and term in alone)
        ]

    @cached_property
    def role(self) -> npt.NDArray[np.uint8]:
        """Return what each term is for."""
        return np.array([role for _, role, _ in [*self._terms, *self._patterns]], np.uint8)

    @cached_property
    def which(self) -> npt.NDArray[np.int64]:
        """Return which alias, rule or family each term is."""
        return np.array([which for _, _, which in [*self._terms, *self._patterns]], np.int64)

    @cached_property
    def meaning(self) -> list[tuple[int, int]]:
        """Return role and which of each term, as plain numbers."""
        return list(zip(self.role.tolist(), self.which.tolist(), strict=True))

    @cached_property
    def fingerprint(self) -> str:
        """Digest of the thesaurus, the context rules, the phrases and the rules of offers."""
        digest = blake2b(self.thesaurus.fingerprint.encode(), digest_size=8)
        digest.update(self.contexts.digest.encode())
        readers = (self.practices, self.platforms, self.gazetteer)
        for phrases in (*(reader.phrases for reader in readers), grammar.cues()):
            digest.update("\n".join(sorted(phrases)).encode())
        digest.update(repr([code.rules for code in self.practices.codes.values()]).encode())
        digest.update(rules.digest())
        return digest.hexdigest()

    @cached_property
    def rank(self) -> dict[str | None, list[int]]:
        """Return for each language how unlikely each name is among all, as a number."""
        out: dict[str | None, list[int]] = {}
        for spoken in SPOKEN:
            order = sorted(range(len(self.aliases)), key=lambda n: self.unlikely(n, spoken))
            place = [0] * len(order)
            for number, alias in enumerate(order):
                place[alias] = number
            out[spoken] = place
        return out

    @cached_property
    def base(self) -> npt.NDArray[np.int64]:
        """Return the confidence of each alias by itself, in hundredths."""
        names = [_WORD.findall(shown(alias.alias)) for alias in self.aliases]
        own = [self.contexts.base(alias) for alias in self.aliases]
        words: dict[str, int] = {}
        for name, base in zip(names, own, strict=True):
            if len(name) == 1:
                words[name[0]] = max(base, words.get(name[0], 0))
        # "weed cali" is at least as sure as "weed".
        surest = [max([words.get(word, 0) for word in name], default=0) for name in names]
        return np.array(
            [
                max(b, min(s, SURE)) if len(n) > 1 else b
                for b, s, n in zip(own, surest, names, strict=True)
            ]
        )

    @cached_property
    def base_of_term(self) -> npt.NDArray[np.int64]:
        """Return the confidence by itself of the alias that each term is; 0 for other terms."""
        name = self.role == ALIAS
        out = np.zeros(len(name), np.int64)
        out[name] = self.base[self.which[name]]
        return out

    @cached_property
    def preferred(self) -> npt.NDArray[np.bool_]:
        """Return which aliases are the likeliest reading of a name of several substances."""
        prefer = self.contexts.prefer
        return np.array([prefer.get(shown(a.alias)) == a.substance for a in self.aliases], bool)

    @cached_property
    def own(self) -> list[int]:
        """Return `base` as plain numbers."""
        numbers: list[int] = self.base.tolist()
        return numbers

    @cached_property
    def rules_of(self) -> list[tuple[tuple[int, Rule], ...]]:
        """Return the context rules that cover each alias, with their numbers."""
        numbered = list(enumerate(self.contexts.rules))
        general = [(n, rule) for n, rule in numbered if not (rule.aliases or rule.substances)]
        named = [(n, rule) for n, rule in numbered if rule.aliases or rule.substances]
        return [
            tuple(
                (n, rule)
                for n, rule in (general if base < SURE else []) + named
                if rule.covers(alias, base)
            )
            for alias, base in zip(self.aliases, self.own, strict=True)
        ]

    @cached_property
    def first_alias(self) -> dict[str, list[int]]:
        """Return the aliases that each name without blanks may be, for disguised spellings."""
        found: dict[str, list[int]] = {}
        for term, role, which in self._terms:
            if role == ALIAS:
                found.setdefault(_letters(term), []).append(which)
        return found

    @cached_property
    def names(self) -> list[str]:
        """Return the names without blanks; a disguised hit carries its number."""
        return list(self.first_alias)

    @cached_property
    def name_number(self) -> dict[str, int]:
        """Return the number of each name without blanks."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def disguise(self) -> Disguise:
        """Return the second look at odd words."""
        return Disguise(name for name in self.first_alias if name.isalnum())

    @cached_property
    def families(self) -> list[re.Pattern[str]]:
        """Return the families' patterns, for a whole folded token."""
        return [re.compile(family.pattern) for family in self.thesaurus.families]


def _letters(term: str) -> str:
    return "".join(c for c in fold(term) if c.isalnum())


SURE = 90  # a name that is surer by itself needs no context, and lends it to its neighbours

POLICE = ("dea", "dope")  # sources that give one name to many substances; others are asked first
COMPOUND = -1  # in place of a family: a word that begins with a name
REST, MOST = 4, 24  # letters of a compound behind the name: fewer are an ending ("Kokains")
_COMPOUNDED = re.compile("[a-z]{6,20}")
FIRST = 20  # own confidence of a name that calls for a full scan by itself
SPOKEN = ("fr", "en", None)


def foreign(language: str, spoken: str | None) -> bool:
    """Say whether a name is of the other language than the text; None: unsure."""
    return spoken in SPOKEN[:2] and language in SPOKEN[:2] and language != spoken


_WORD = re.compile(r"\w+")  # "d'ecstasy" holds "ecstasy"; an emoji has none
_PREFIX = re.compile(r"^\[[^\]]*\]\{[0-9]+,[0-9]+\}")
_CLASS = re.compile(r"\[[^\]]*\]")


def _as_viewed(pattern: str) -> str:
    """Return what the end of a family's name looks like in the buffer, where signs are blanks.

    A first look only: `Vocabulary.families` decide. Without its open prefix a pattern is cheap.
    """
    rest = _PREFIX.sub("", pattern)
    before = " " if rest == pattern else ""
    parts = _CLASS.split(rest)
    classes = [c.replace("-]", " ]").replace(",", " ") for c in _CLASS.findall(rest)]
    out = ""
    for part, inside in zip(parts, [*classes, ""], strict=True):
        out += re.sub(r"-|,(?![0-9]*\})", " ", part) + inside
    return f"{before}(?:{fold(out)}) "
