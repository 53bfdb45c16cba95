"""What a text denies: "pas de livraison ce soir", "on ne livre plus", "we don't ship".

A fact that begins in a denied stretch is no fact, whatever its kind: a practice, a price, a bonus,
hours, a platform, where is delivered. A mention stays one, whose role says that it is denied: who
says that there is no coke speaks against it.

What denies stands before, or behind ("livraison suspendue", "coke : rien", `negation.toml`): then a
stretch is what its clause says before it, three words at most, and the place that it goes on with.

A stretch begins after the word that denies (with "ne … pas" at the verb) and goes on for some
words that mean something: three after a verb, two after "pas de", "aucun", "no", one after "pas"
and "not" alone ("pas coupée"). It ends with the clause at the latest, and before a number that
nothing ties to it; "ou", "ni", "or" begin it anew. Denying words in a set phrase deny nothing
("pas cher", "pas de minimum", "n'hésitez pas à"), and what is denied under a condition is there
otherwise ("pas de livraison avant 18h").
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

WORDS = 3  # words that mean something and are denied, at most

DENIES = re.compile(
    r"(?<!\w)(?:"
    # ne livre plus, n'acceptons pas; the verb is denied with what follows
    r"(?P<verb>(?:wir|ich|er|sie|man|we|wij|ik|ze|zij|je|hij) (?:[\w'\-]+ ){1,2}?"
    r"(?:nicht|niet)(?!\w)"
    r"|(?:ne |n')(?:[\w'\-]+ ){1,3}?(?:pas|plus|jamais|aucun\w*)(?!\w)"
    r"|(?:on|je|j'|tu|ils?|elles?|nous|vous) ?(?:\w+[ ']){1,2}?pas(?!\w)"
    r"|(?:on|je|j'|ils?|elles?|nous|vous) ?(?:\w+[ ']){1,2}?plus"
    r"(?= ?(?:$|[.,;!?\n]| du tout| ce soir)))"
    # don't ship, no longer ship
    r"|(?P<said>(?:do|does|did|wo|ca|is|are|was|were|ai|have|has|could|would|should)n'?t(?!\w)"
    r"|no longer(?!\w)|never(?!\w)|cannot(?!\w)|unable to|stopped(?!\w)"
    r"|(?:impossible|(?:pas|plus) moyen) d[e']"
    r"|(?:impossible|no way) to (?=find|get|buy|score)"
    r"|jamais (?:vu|trouve|croise|touche)(?= (?:de|du|des|d'))"
    r"|no (?:es|esta|cuesta|vale)(?!\w)|non (?:costa|e|sta|vale)(?!\w)"
    # nobody had one: personne n'a, aucun usager ne, none of them, niemand, nadie, nessuno
    r"|(?<!une )(?<!cette )(?<!la )(?<!chaque )(?<!autre )(?<!jeune )personne "
    r"(?:n(?:e(?!\w)|'(?=\w))|a(?!\w))"
    r"|(?:aucune?|nulle?) (?:[\w\-]+ ){1,2}?n(?:e(?!\w)|'(?=\w))|rien n(?:e(?!\w)|'(?=\w))"
    r"|none of(?: \w+)?|no one(?!\w)|nobody(?!\w)|niemand(?!\w)|nadie(?!\w)|nessuno(?!\w)"
    r"|no(?= (?:\w+[aei]mos|hay|hubo|se|ha|han|hemos|tuvo)(?!\w))"
    r"|non(?= (?:\w+iamo|c'e|ci|si|ha|ho|hanno|e)(?!\w)))"
    # plus de coke: no more of it, where nothing says more of it
    r"|(?P<more>(?:(?:y a|on a|j'ai|a|ai|avons|avez|ont|fait|fais|faisons|font|prend|vend"
    r"|trouve\w*) )?"
    r"plus (?:de |d'|aucun\w*))(?! ?\d)"
    r"|(?P<bare>(?:pas|jamais)(?! (?:de|du|des|le|la|les|l'|un|une|d')(?!\w))(?!\w)(?! d')"
    r"|not(?!\w)|nicht(?!\w)|niet(?!\w)"
    r"|non(?= (?:livr|coup|dispo|accept|vend)\w*))"
    r"|pas(?!\w)|jamais(?!\w)|aucun(?:e|s|es)?(?!\w)|sans(?!\w)|ni(?!\w)|zero(?!\w)"
    r"|fini(?:e|s|es)? (?:la|les?|l')|terminee?s? (?:la|les?|l')|stop (?:aux?|a la|les?|la)(?!\w)"
    r"|no(?!\w|[.:°]| ?\d)|without(?!\w)|neither(?!\w)|nor(?!\w)"
    r"|kein(?:e|en|er|em|es|erlei)?(?!\w)|nie(?:mals)?(?!\w)|ohne(?!\w)|weder(?!\w)"
    r"|ningun[oa]?(?!\w)|nunca(?!\w)|sin(?!\w)|nada de(?!\w)|tampoco(?!\w)"
    r"|nessuna?(?!\w)|nessun'|niente(?!\w)|senza(?!\w)|geen(?!\w)|nooit(?!\w)"
    r"|zonder(?!\w)"
    r")"
)
SPARED_BEFORE = re.compile(
    r"(?:pourquoi pas|why not|ou pas|or not|if not|n'est[ -]ce pas|hesit\w+ pas|oubli\w+ pas"
    r"|(?:rat|manqu|loup|perd|tard|inquiet)\w* (?:pas|plus)|non[ -]?stop"
    r"|de plus en plus d[e']|(?:encore|toujours|beaucoup|bien|un peu|pour|avec|avoir|en)"
    r" plus d[e'])$"
)
SPARED_AFTER = re.compile(
    r" ?(?:de |d')?(?:"
    # impossible de résister, de trouver mieux
    r"(?:se (?:tromper|rater)|resister|refuser|rater|louper"
    r"|(?:trouver|avoir|faire) (?:mieux|plus|moins))"
    r"|(?:find|get) (?:better|cheaper)"
    # it is found
    r"|impossibles?|introuvables?|indisponibles?|inexistante?s?|absente?s?|rares?|unavailable|"
    # pas que, pas cher, pas de minimum; sans attente; plus d'infos
    r"qu[e']|seulement|uniquement|chere?s?|mal|loin|moins|plus|besoin|toujours|tou(?:s|tes?)|trop"
    r"|soucis?|problemes?|minimum|mini|min|limites?|panique|arnaques?|stress|grave|question|attente"
    r"|risques?|frais|engagement|doute|cesse|compter|parler|oublier|hesiter|arret|interruption"
    r"|en dessous|infos?|informations?|details?|renseignements?|choix|photos?|decue?s?"
    # not only, no problem, don't miss
    r"|only|just|even|to mention|bad|far|sure|limit|problems?|worr\w+|doubt|need|matter|wonder"
    r"|scams?|fees?|hassle|wait\w*|hesitat\w+|miss|forget|mind|sleep on|disappoint\w*|fail\w*"
    r"|go wrong|beat|believe|delay"
    # nicht nur, kein Problem, no solo, senza minimo
    r"|nur|bloss|teuer|mindest\w*|zweifel|zoger\w*|solo|solamente|soltanto|caro|dud\w+|dubbi\w*"
    r"|minimo|minim[ao]le?|problem[ao]|probleem|alleen|enkel|duur|twijfel"
    r")(?!\w)|(?<=pas) a (?!quatre)(?:pas(?!\w)|[\w\-]+(?:er|ir|re)(?!\w))"
)
REACH = 60  # characters before a denial in which what it denies begins
ELSEWHERE = re.compile(
    r"(?: \w+)? (?:ailleurs|elsewhere|autre part|sans|without|hors|anderswo)(?!\w)"
)
PLACED = re.compile(r" (?:a|au|en|sur|dans|in|at|around|near|pres de) ")
WORD = re.compile(r"[\w'\-]+|\d+")
EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
        de d la le l les du des en a au aux par sur un une votre vos nos notre y vous te nous
        the any our my your an to of in on with for
        der die das den dem ein eine einen einer einem zu nach im am auf mit fur
        el los las una unos unas con por para il lo gli i di da per het een op met voor naar
        """,
    )
)
# words between what is denied and what denies it behind: "la coke est toujours introuvable"
BETWEEN = EMPTY | frozenset(
    re.findall(
        r"\S+",
        "est sont c'est is are ist sind reste devenu devenue toujours vraiment totalement just",
    )
)
WITH = frozenset(
    ("on", "sur", "in", "en", "par", "via", "with", "avec", "a", "vers", "to", "nach", "naar")
)
TIES = frozenset(("a", "at", "de", "pour", "for", "of", "au"))
JOINS = frozenset(("ou", "ni", "or", "nor"))
ENDS = re.compile(
    r"[.!?;,:\n()|•*~_+/]| -|[^\x00-\u024f]| (?:mais|sauf|car|sinon|donc|et|qui|seulement"
    r"|uniquement"
    r"|but|except|only|so|and|aber|sondern|nur|und|pero|sino|solo|ma|maar|alleen)(?!\w)"
)
COMPARED = re.compile(r"[^.,;!?\n]{0,40}? qu[e']")
# "avant 18h", "en dessous de 50 €", "le dimanche", "sans minimum": denied on this condition alone
CONDITION = re.compile(
    r"(?: [\w'\-]+){0,3}? (?:avant|apres|en dessous|au dessous|sous|moins de|a moins|hors|sans|si"
    r"|s'il|tant que|pour moins|before|after|under|below|less than|without|outside|unless|until"
    # jamais vu de coke aussi pure: there is some
    r"|aussi|comme (?:ca|celle|la notre|le notre|elle)|pareille?s?|meilleure?s?|mieux|better"
    r"|stronger|purer|cleaner|like (?:this|that|it|ours|mine)"
    r"|(?:this|so|as) (?:good|pure|strong|clean|fresh|fine|cheap)"
    r"|(?P<day>(?:les? |on )"
    r"(?:lun|mar|mercre|jeu|vendre|same|diman|mon|tues|wednes|thurs|fri|satur|sun)"
    r"(?:di|che|day)s?))(?!\w)"
)

# none at all: a day beside it is when it is said of, not the one day without
NONE = re.compile(r"aucun|nul|jamais|never|nessun|ningun|nunca")


class Denials:
    """The stretches of a text that are denied; they are looked for when first asked."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._spans: list[tuple[int, int, bool]] | None = None

    def cover(self, start: int, stop: int) -> bool:
        """Say whether what stands from start to stop is denied, and not on a condition alone."""
        if self._spans is None:
            self._spans = list(_spans(self._folded))
        none = [none for first, last, none in self._spans if first <= start < last]
        if not none:
            return False
        condition = CONDITION.match(self._folded, stop)
        return condition is None or (any(none) and condition["day"] is not None)


def _spans(folded: str) -> list[tuple[int, int, bool]]:
    """Return where what is denied begins and ends, and whether there is none of it at all."""
    found = []
    for match in DENIES.finditer(folded):
        start, stop = match.span()
        if SPARED_BEFORE.search(folded, max(0, start - 20), stop):
            continue
        if SPARED_AFTER.match(folded, stop):
            continue
        if match["more"] and not _is_none(folded, start, stop):
            continue
        first = start if match["verb"] else stop
        words = WORDS if match["verb"] or match["said"] else 1 if match["bare"] else 2
        none = NONE.match(folded, start) is not None
        found.append((first, _end(folded, stop, words), none))
    return found + _behind(folded)


class _Behind(NamedTuple):
    """What denies what stands before it."""

    pattern: re.Pattern[str]
    unless: re.Pattern[str]  # before it
    tail: re.Pattern[str]  # after one that stands apart
    rows: dict[str, tuple[str, bool]]  # signs that may stand between, whether one must


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("fanal.coding").joinpath("negation.toml").read_text("utf-8"))


@cache
def _denies_behind() -> _Behind:
    rules = _rules()
    rows = rules["behind"]
    spelled = "|".join(f"(?P<{row['name']}>{row['pattern']})" for row in rows)
    return _Behind(
        re.compile(rf"(?<![\w'])(?:{spelled})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{rules['unless']}|\w+n't) $"),
        re.compile(rf"\s*(?:$|[.,;!?\n)…]| (?:{rules['tail']})(?!\w))"),
        {row["name"]: (row.get("apart", ""), row.get("only", False)) for row in rows},
    )


def _behind(folded: str) -> list[tuple[int, int, bool]]:
    """Return what is denied by what stands behind it, and where."""
    found = []
    denies = _denies_behind()
    for match in denies.pattern.finditer(folded):
        start, stop = match.span()
        signs, only = denies.rows[match.lastgroup or ""]
        before = folded[max(0, start - REACH) : start]
        sign = before.rstrip()[-1:]
        apart = sign != "" and sign in signs
        if (only and not apart) or denies.unless.search(before) or ELSEWHERE.match(folded, stop):
            continue
        if signs and denies.tail.match(folded, stop) is None:
            continue
        clause = before.rstrip()[:-1] if apart else before
        cut = max((end.end() for end in ENDS.finditer(clause)), default=0)
        said = [word for word in WORD.finditer(clause, cut) if word[0] not in BETWEEN][-WORDS:]
        if said:
            found.append((start - len(before) + said[0].start(), start, False))
            if PLACED.match(folded, stop):
                found.append((stop, _end(folded, stop, 1), False))
    return found


def _is_none(folded: str, start: int, stop: int) -> bool:
    """Say whether "plus de" is no more of it: after a verb or where a clause begins."""
    if COMPARED.match(folded, stop):
        return False
    if not folded.startswith("plus", start):
        return True
    before = folded[max(0, start - 3) : start].rstrip(" ")
    return not before or not (before[-1].isalnum() or before[-1] in "%'")


def _end(folded: str, start: int, words: int) -> int:
    """Return where what is denied from start on ends."""
    end = ENDS.search(folded, start)
    limit = end.start() if end else len(folded)
    left, stop, before = words, start, ""
    for word in WORD.finditer(folded, start, limit):
        said = word[0]
        if said in JOINS:
            left = words
        elif said in EMPTY:
            if not left and said not in WITH:
                break
        elif (not left and before not in WITH) or (
            before and said[0].isdigit() and before not in TIES
        ):
            break
        else:
            left = max(left - 1, 0)
        stop, before = word.end(), said
    return stop
