"""What a text denies: "pas de livraison ce soir", "on ne livre plus", "we don't ship".

A fact that begins in a denied stretch is no fact, whatever its kind: a practice, a price, a bonus,
hours, a platform, where is delivered. A mention stays one, whose role says that it is denied: who
says that there is no coke speaks against it.

A stretch begins after the word that denies (with "ne … pas" at the verb) and goes on for some
words that mean something: three after a verb, two after "pas de", "aucun", "no", one after "pas"
and "not" alone ("pas coupée"). It ends with the clause at the latest, and before a number that
nothing ties to it; "ou", "ni", "or" begin it anew. Denying words in a set phrase deny nothing
("pas cher", "pas de minimum", "n'hésitez pas à"), and what is denied under a condition is there
otherwise ("pas de livraison avant 18h").
"""

from __future__ import annotations

import re

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
    r"|no longer(?!\w)|never(?!\w)|cannot(?!\w)|unable to|stopped(?!\w)|impossible d[e']"
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
# "livraison suspendue", "delivery unavailable": what stands before is denied
AFTER = re.compile(
    r"(?<!\w)(?:(?:est |sont |is |are |c'est )?(?:impossibles?|suspendue?s?"
    r"|indisponibles?|arretee?s?|terminee?s?|finie?s?|non disponibles?|pas dispo\w*|unavailable"
    r"|not available|suspended"
    r"|(?:n'est|ne sont|n'etait|n'etaient|est|sont) (?:plus|pas) (?:assuree?s?|possibles?"
    r"|proposee?s?|disponibles?|dispos?|d'actualite)|plus (?:possibles?|disponibles?|assuree?s?)"
    r"|(?:n'existe(?:nt)?|ne se (?:fait|font)|ne (?:marche|fonctionne)(?:nt)?) (?:plus|pas)"
    r"|(?:isn't|aren't|(?:is|are) (?:no longer|not)|no longer) (?:available|possible|offered"
    r"|on offer)"
    r"|is off)(?!\w)(?! (?:la|les?|l'|de|d'))|: ?(?:non|no)(?!\w))"
)
SPARED_BEFORE = re.compile(
    r"(?:pourquoi pas|why not|ou pas|or not|if not|n'est[ -]ce pas|hesit\w+ pas|oubli\w+ pas"
    r"|(?:rat|manqu|loup|perd|tard|inquiet)\w* (?:pas|plus)|non[ -]?stop"
    r"|de plus en plus d[e']|(?:encore|toujours|beaucoup|bien|un peu|pour|avec|avoir|en)"
    r" plus d[e'])$"
)
SPARED_AFTER = re.compile(
    r" ?(?:de |d')?(?:"
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
    for match in AFTER.finditer(folded):
        before = folded[max(0, match.start() - 40) : match.start()]
        cut = max((end.end() for end in ENDS.finditer(before)), default=0)
        said = list(WORD.finditer(before, cut))[-WORDS:]
        if said:
            found.append((match.start() - len(before) + said[0].start(), match.start(), False))
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
