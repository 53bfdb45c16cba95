"""Practices: the codes of the scheme, their definitions and their lexical rules, kept as data.

The `.toml` files of this folder hold one table a code. A user changes them, or lays a folder of
their own over them (`Rules.load(folder)`): a code given again replaces ours. A rule has

- `fr`, `en`: phrases, without accents or with; `(s)` after a word may be absent, `(a|b)` at the
  start of a word is one of them, after letters one of them or nothing, `[x|y]` a word or nothing.
  A phrase is looked for in texts of its own language alone: a word that both use stands in both
  lists. In a text of no known language both speak, if a substance, a word of the trade or an offer
  stands there too, save phrases that are ordinary words of the other language;
- `near`: one of these must stand within `within` characters; `livr*` is a beginning of a word,
  `@drug` a substance and `@offer` a price or a quantity anywhere in the text, `@platform` the name
  of an app, `@beside` a substance beside the phrase, `@asked` that the text is of an interview or
  of field notes, which are about drugs where no word says so;
- `all`: one of these too; `unless`: none of these within 80 characters;
- `confidence`: how sure the rule is alone (0.7 where unsaid).

`drops` on a code names the codes that it leaves no room for in the same text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

from fanal.coding.facts import Fact, Hit, Mention
from fanal.coding.negation import Denials
from fanal.errors import ConfigError
from fanal.text import languages
from fanal.text.folding import fold

WITHIN = 80  # characters on each side of a phrase
BESIDE = 20
SURE = 0.7
FAINT = 0.55  # the trade is told by another word of it alone
TRADED = (
    "supply.mode",
    "supply.organisation",
    "supply.marketing",
    "supply.channel",
    "supply.payment",
    "supply.protection",
)
OFFER = re.compile(
    r"\d\s?(?:€|£|\$|e\b|eu\b|euros?\b|eur\b|balles\b|g\b|grs?\b|grammes?\b|grams?\b|kg\b|mg\b"
    r"|taz\b|oz\b)"
    r"|[€£$]\s?\d"
)
PLATFORM = re.compile(
    r"\b(?:telegram|signal|whatsapp|snap|snapchat|insta|instagram|potato|wickr|session|threema"
    r"|discord"
    r"|messenger|viber|wire|element|tg|wapp|wpp)\b|\[(?:link|handle):"
)
TOKEN = re.compile(r"\w+")
DIGIT = re.compile(r"\d")
HEAD = 4  # letters
SPOKEN = ("fr", "en", None)  # languages of texts; None: not known


class Terms:
    """Expressions for words, each under the beginning of a word that it cannot do without.

    A beginning has `HEAD` letters, or is the whole word; a text without any is not searched.
    """

    def __init__(self, expressions: dict[str, str]) -> None:
        self.pattern = re.compile(rf"\b(?:{'|'.join(expressions.values())})\b")
        self.heads = frozenset(head for heads in expressions for head in heads.split())


# Words of the trade that say as well as a substance what a text is about.
MARKET = Terms(
    {
        "poch": r"pochons?",
        "bonb": r"bonbonnes?",
        "deal": r"dealers?|deals?|dealent",
        "stup": r"stups?|stupefiants?",
        "traf": r"trafics?|trafiquants?",
        "narc": r"narco\w*",
        "drog": r"drogues?",
        "drug": r"drugs?",
        "char": r"charbonn\w*",
        "guet": r"guetteu\w*",
        "chou": r"choufs?",
        "bicr": r"bicrav\w*",
        "usag": r"usagers?",
        "cons": r"consomm\w*",
        "teuf": r"teuf\w*",
        "taz": r"taz",
        "join": r"joints?",
        "caar": r"caarud\w*",
        "csap": r"csapa",
        "weed": r"weed",
        "plug": r"plug",
        "harm": r"harm reduction",
        "over": r"overdose\w*",
    }
)
TRADE = Terms(
    {
        "livr": r"on (?:vous )?livre|livreurs?|livraisons?",
        "nouv": r"nouveaux clients?",
        "mif miff": r"la mif+",
        "fami": r"la famille",
        "reuf": r"reufs?",
        "h24": r"h24",
        "7j": r"7j/7",
        "cana": r"canal|canal de secours",
        "self": r"selfie",
        "arri": r"arrivages?",
        "reap": r"reappro\w*",
        "meet": r"meet ?-?up|meetups?",
        "main": r"main propre",
        "mond": r"mondial relay",
        "stea": r"stealth",
        "pota": r"potato",
        "tele": r"telegram",
        "sign": r"signal",
        "snap": r"snap",
        "thre": r"threema",
        "stan": r"standard",
        "sach": r"sachets?",
        "menu": r"menu du jour",
        "deli": r"deliver(?:y|ies)",
        "drop": r"drops?",
        "cust": r"new customers?",
        "wick": r"wickr",
        "rest": r"restock\w*",
        "comm": r"commandes?",
        "clie": r"clientele",
        "mp": r"en mp",
        "envo": r"envois?",
    }
)
PARTS = re.compile(r"\(([^()]*)\)(\??)|\[([^\[\]]*)\]|(\w)\?|([^()\[\]])")


@dataclass(frozen=True)
class Rule:
    """One lexical rule of one code."""

    code: str
    fr: tuple[str, ...]
    en: tuple[str, ...]
    near: tuple[str, ...] = ()
    every: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    within: int = WITHIN
    confidence: float = SURE

    @cached_property
    def near_words(self) -> re.Pattern[str] | None:
        """Return the words of `near`, compiled."""
        return _words(self.near)

    @cached_property
    def near_heads(self) -> frozenset[str] | None:
        """Return what a word that `near_words` finds begins with; None: it may be anything."""
        return _heads(self.near)

    @cached_property
    def traded(self) -> bool:
        """Say whether a word of the trade elsewhere may stand for a substance."""
        return self.code.startswith(TRADED) and "@drug" in self.near

    @cached_property
    def unless_words(self) -> re.Pattern[str] | None:
        """Return the words of `unless`, compiled."""
        return _words(self.unless)


@dataclass(frozen=True)
class Code:
    """One code of the scheme: what it means, in French and in English."""

    id: str
    label: dict[str, str]
    definition: dict[str, str]
    example: str
    counter: str
    drops: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Rules:
    """The codes and the lexical rules of the practices; `phrases` go into the shared scan."""

    codes: dict[str, Code]

    @classmethod
    def load(cls, folder: Path | None = None) -> Rules:
        """Return the shipped rules, those of a user's folder laid over them.

        Those that ship are read once.

        Raises:
            ConfigError: a code without label or definition, or a rule with an unknown key.
        """
        return cls._read(folder) if folder else cls._shipped()

    @classmethod
    @cache
    def _shipped(cls) -> Rules:
        return cls._read(None)

    @classmethod
    def _read(cls, folder: Path | None) -> Rules:
        tables: dict[str, Any] = {}
        for file in sorted(files(__name__).iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                tables.update(tomllib.loads(file.read_text("utf-8")))
        for path in sorted(folder.glob("*.toml")) if folder else ():
            tables.update(tomllib.loads(path.read_text("utf-8")))
        return cls({name: _code(name, table) for name, table in tables.items()})

    @cached_property
    def _rules(self) -> dict[str | None, dict[str, list[Rule]]]:
        """Return language of a text → phrase → the rules that it speaks for; None: unknown."""
        found: dict[str | None, dict[str, list[Rule]]] = {spoken: {} for spoken in SPOKEN}
        for rule in (rule for code in self.codes.values() for rule in code.rules):
            for spoken, phrases in (("fr", rule.fr), ("en", rule.en)):
                for phrase in phrases:
                    found[spoken].setdefault(phrase, []).append(rule)
        for spoken, other in (("fr", "en"), ("en", "fr")):
            listed = sorted(found[spoken].keys() - found[other].keys())
            foreign = languages.leaning(listed, spoken, other)
            for phrase in found[spoken].keys() - foreign:
                rules = found[None].setdefault(phrase, [])
                rules += [rule for rule in found[spoken][phrase] if rule not in rules]
        return found

    @cached_property
    def phrases(self) -> frozenset[str]:
        """Return the folded phrases."""
        return frozenset(self._rules["fr"]) | frozenset(self._rules["en"])

    def read(
        self,
        folded: str,
        hits: Sequence[Hit],
        mentions: Sequence[Mention],
        spoken: str | None = None,
        denials: Denials | None = None,
        asked: bool = False,
    ) -> list[Fact]:
        """Return the practices said in a text; hits of other vocabularies are passed over.

        `spoken` is the language of the text; with another than fr and en it counts as unknown,
        and its own words are no phrases (`false_friends.toml`).
        `denials` is what the text denies; `asked`: somebody was asked about drugs, or noted it.
        """
        best: dict[str, tuple[float, Hit]] = {}
        scene = _Scene(folded, mentions, asked)
        silent = _false_friends().get(spoken or "", frozenset())
        if spoken not in self._rules:
            spoken = None
        if spoken is None and not scene.is_of_trade():
            return []
        rules = self._rules[spoken]
        for hit in hits:
            for rule in rules.get(hit.term, ()) if hit.term not in silent else ():
                known = best.get(rule.code)
                if known is not None and known[0] >= rule.confidence:
                    continue
                sure = scene.weigh(rule, hit)
                if sure > (known[0] if known else 0.0) and not (
                    denials and denials.cover(hit.start, hit.stop)
                ):
                    best[rule.code] = sure, hit
        if not best:
            return []
        dropped = {code for name in best for code in self.codes[name].drops}
        facts = []
        for name, (confidence, hit) in best.items():
            if any(name == code or name.startswith(code + ".") for code in dropped):
                continue
            if any(other.startswith(name + ".") for other in best):
                continue  # the most specific code only
            fields = {"code": name}
            facts.append(Fact("practice", hit.start, hit.stop, fields, confidence, hit.term))
        facts.sort(key=lambda fact: (fact.start, fact.fields["code"]))
        return facts


@cache
def _false_friends() -> dict[str, frozenset[str]]:
    """Return third language → phrases of French or English that mean something else in it."""
    text = files("fanal.coding").joinpath("false_friends.toml").read_text("utf-8")
    return {spoken: frozenset(words) for spoken, words in tomllib.loads(text).items()}


class _Scene:
    """A text while its hits are weighed; what is asked of the whole text is asked once."""

    def __init__(self, folded: str, mentions: Sequence[Mention], asked: bool) -> None:
        self.folded = folded
        self.asked = asked
        self.mentions = mentions
        self.known: dict[str, bool] = {}
        self.spans: dict[Terms, list[tuple[int, int]]] = {}
        self.heads = _heads_of(folded)
        self.around: dict[tuple[int, int, int], tuple[str, str, set[str]]] = {}

    def weigh(self, rule: Rule, hit: Hit) -> float:
        """Return how sure a hit is, by what a rule asks for and forbids around it."""
        sure = rule.confidence
        if rule.near and not self._near(rule, hit):
            if not (rule.traded and self._elsewhere(TRADE, hit)):
                return 0.0
            sure = min(sure, FAINT)
        if rule.every and not self._any(rule.every, hit):
            return 0.0
        if rule.unless_words is not None:
            around = self.folded[max(0, hit.start - WITHIN) : hit.stop + WITHIN]
            if rule.unless_words.search(around):
                return 0.0
        return sure

    def is_of_trade(self) -> bool:
        """Say whether the text is of drugs: asked about, or with one, an offer or such a word."""
        if self.asked or self.mentions or self._whole("@offer"):
            return True
        nowhere = Hit(-1, -1, "")
        return self._elsewhere(MARKET, nowhere) or self._elsewhere(TRADE, nowhere)

    def _near(self, rule: Rule, hit: Hit) -> bool:
        if self._any(rule.near, hit):
            return True
        words, heads = rule.near_words, rule.near_heads
        if words is None:
            return False
        key = hit.start, hit.stop, rule.within
        around = self.around.get(key)
        if around is None:
            before = self.folded[max(0, hit.start - rule.within) : hit.start]
            after = self.folded[hit.stop : hit.stop + rule.within]
            around = before, after, _heads_of(before + "\n" + after)
            self.around[key] = around
        before, after, said = around
        if heads is not None and heads.isdisjoint(said):
            return False
        return words.search(before) is not None or words.search(after) is not None

    def _any(self, names: tuple[str, ...], hit: Hit) -> bool:
        for name in names:
            if name[0] != "@":
                continue
            if name == "@beside":
                for m in self.mentions:
                    if m.start <= hit.stop + BESIDE and m.stop >= hit.start - BESIDE:
                        return True
            elif name == "@drug":
                if self.mentions or self._elsewhere(MARKET, hit):
                    return True
            elif name == "@asked":
                if self.asked:
                    return True
            elif self._whole(name):
                return True
        return False

    def _whole(self, name: str) -> bool:
        if name not in self.known:
            pattern = {"@offer": OFFER, "@platform": PLATFORM}[name]
            said = name != "@offer" or DIGIT.search(self.folded) is not None
            self.known[name] = said and pattern.search(self.folded) is not None
        return self.known[name]

    def _elsewhere(self, words: Terms, hit: Hit) -> bool:
        """Say whether one of the words stands in a text outside a hit."""
        if words.heads.isdisjoint(self.heads):
            return False
        spans = self.spans.get(words)
        if spans is None:
            spans = self.spans[words] = [m.span() for m in words.pattern.finditer(self.folded)]
        return any(stop <= hit.start or start >= hit.stop for start, stop in spans)


def expand(phrase: str) -> Iterator[str]:
    """Yield the spellings that a phrase of a rule stands for.

    >>> sorted(expand("livre(s) [tout] (vite|tot)"))
    ['livre tot', 'livre tout tot', 'livre tout vite', 'livre vite', \
'livres tot', 'livres tout tot', 'livres tout vite', 'livres vite']
    """
    parts: list[list[str]] = []
    previous = " "
    for group, optional, bracket, maybe, plain in PARTS.findall(phrase):
        if plain:
            parts.append([plain])
        elif maybe:
            parts.append([maybe, ""])
        elif bracket:
            parts.append([*bracket.split("|"), ""])
        else:
            choices = [form for choice in group.split("|") for form in expand(choice)]
            if optional or len(choices) == 1 or previous.isalpha():
                choices.append("")
            parts.append(choices)
        previous = plain or "a"
        if plain == "":
            previous = "("
    for choice in product(*parts):
        spelled = "".join(choice)
        yield " ".join(spelled.split()) if " " in spelled.strip() else spelled


def _code(name: str, table: dict[str, Any]) -> Code:
    try:
        return Code(
            name,
            dict(table["label"]),
            dict(table["definition"]),
            table["example"],
            table["counter"],
            tuple(table.get("drops", ())),
            tuple(_rule(name, rule) for rule in table.get("rules", ())),
        )
    except KeyError as error:
        raise ConfigError(
            f"code {name} has no {error.args[0]}",
            where="practices",
            allowed="label, definition, example, counter, drops, rules",
        ) from None


def _rule(name: str, table: dict[str, Any]) -> Rule:
    known = {"fr", "en", "near", "all", "unless", "within", "confidence"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise ConfigError(
            f"a rule of {name} has no key {unknown[0]}",
            where="practices",
            allowed=", ".join(sorted(known)),
        )
    return Rule(
        name,
        _spelled(table.get("fr", ())),
        _spelled(table.get("en", ())),
        tuple(fold(word) for word in table.get("near", ())),
        tuple(fold(word) for word in table.get("all", ())),
        tuple(fold(word) for word in table.get("unless", ())),
        int(table.get("within", WITHIN)),
        float(table.get("confidence", SURE)),
    )


def _spelled(phrases: Sequence[str]) -> tuple[str, ...]:
    """Return the folded spellings of phrases."""
    found = {fold(spelling) for phrase in phrases for spelling in expand(phrase)}
    return tuple(sorted(phrase for phrase in found if any(c.isalnum() for c in phrase)))


def _words(names: tuple[str, ...]) -> re.Pattern[str] | None:
    words = [name for name in names if not name.startswith("@")]
    if not words:
        return None
    spelled = [re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words]
    return re.compile(r"(?<!\w)(?:" + "|".join(spelled) + r")(?!\w)")


def _heads_of(text: str) -> set[str]:
    """Return the beginnings of the words of a text."""
    return {word[:HEAD] for word in TOKEN.findall(text)}


def _heads(names: tuple[str, ...]) -> frozenset[str] | None:
    """Return the beginnings of the first words of names, as rules write them."""
    heads = set()
    for name in names:
        if name.startswith("@"):
            continue
        first = TOKEN.match(name)
        if first is None or (first.end() < HEAD and name[first.end() : first.end() + 1] == "*"):
            return None
        heads.add(first[0][:HEAD])
    return frozenset(heads)
