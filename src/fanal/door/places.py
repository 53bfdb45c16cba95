"""Identifiers of places and things: addresses, door codes, plates, positions, papers, birthdays."""

# ruff: noqa: E501, SIM905 (patterns and lists of words read better on one line)
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from fanal.door import lexicon
from fanal.door.spans import Span

_STREETS = (
    r"rue|r\.|r(?=\s(?:de|du|des|d['’])\b)|ruelle|avenue|av\.?|ave\.?|boulevard|bd\.?|bld|blvd\.?|boul\.?|allees?|all\.|impasse|imp\.?|"
    r"chemin|chem\.|che\.|quai|square|sq\.|passage|faubourg|fbg|fg|sentier|sente|venelle|traverse|montee|"
    r"esplanade|promenade|rond-point|ruette|dreve|chaussee|lieu[- ]?dit|lieudit|corniche|galerie|degres"
)
_OPEN = r"place|pl\.?|cours|route|rte\.?|cite|villa|mail|parvis|voie|cour|residence|res\.|lotissement|hameau|zac?|za\b|zi\b|ch\.|port"
_PARTICLE = r"(?:de\s+l\s+|de\s+l['’]\s*|(?:de\s+la|des|du|de|les|la|le|aux?|sur|en|et)\s+|(?:de\s+l|d|l)['’]\s*|d\s+(?=[aeiouh]))"
_WORD = r"[^\W\d_]+(?:['’\-.][^\W\d_]+)*\.?"
_NUMBER = r"\d{1,4}(?:\s?[-/]\s?\d{1,4})?\s?(?:bis|ter|quater|[a-f](?![a-z]))?"
_SPELT = r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|cent)(?:[\s-](?:et[\s-])?(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix))?(?:\s(?:bis|ter))?"
_WITH_NUMBER = re.compile(
    rf"(?:(?<![\d.,/€-])(?:(?:n°|numero|n)\s?)?(?P<number>{_NUMBER})|(?<![a-z])(?:(?:au\s)?(?:numero|n°)\s)?(?P<spelt>{_SPELT}))\s?,?\s{{0,2}}(?:de\s(?:la\s|l['’]))?(?:{_STREETS}|{_OPEN})(?![a-z])\s*(?P<rest>)"
)
_WITHOUT_NUMBER = re.compile(rf"(?<![a-z0-9'’-])(?:{_STREETS})(?![a-z])\s*(?P<rest>)")
_HOME = re.compile(
    rf"\b(?:habite|vit|loge|crèche|creche|domicilie|reside|adresse|rdv|rendez-vous|livre|livrer|passe|viens|au|descends)\b[^.\n]{{0,24}}?(?<![a-z])(?:{_OPEN})(?![a-z])\s*(?P<rest>)"
)
_HOUSE = re.compile(
    r"(?<![a-z0-9'’-])(?:residence|immeuble|foyer|cite|tour|clos|domaine|hameau|lotissement|squat|hotel|camping|villa)\s+(?P<rest>)"
)
_DATE_NAME = re.compile(
    r"(?:\d{1,2}|premier|1er|huit|onze|quatre)\s(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)(?:\s(?:19|20)\d\d)?"
)
_STOP = frozenset(
    "a au aux y y'a ya il elle on je tu nous vous ils et ou mais donc car ni si que qui quoi dont pour par avec sans chez vers "
    "entre puis apres avant pendant depuis jusqu dans devant derriere sous c c'est est sont etait ce cet cette ces mon ma mes ton ta "
    "tes son sa ses notre votre leur dispo rdv code digicode digi interphone etage porte hall bat batiment appt apt appartement "
    "esc escalier vers stp svp merci ok demain ce soir maintenant tel num livraison livre appelle h heures in at on the and or to "
    "from near behind opposite next is was are it i we he she they my your his her until after before tonight tomorrow now please "
    "pres proche cote face juste angle coin a cote premier deuxieme 2e 3e 1er gauche droite nom prix prends prend ramene viens "
    "n no numero nr sonne monte descends appeler commande minimum seulement only".split()
)
_UNITS = re.compile(
    r"\W{0,3}(?:et\s)?(?:bat(?:iment)?|bt|hall|esc(?:alier)?|app?t|appartement|apt|porte|etage|lgt|logement|studio|chambre|ch|box|bal|"
    r"entree|tour|bte|bus|boite|flat|unit|apartment|floor|room|lot)\.?\s?(?:n°|no\.?)?\s?(?:[a-z]?-?\d{1,4}[a-z]?|[a-h])(?![a-z0-9])"
    r"|\W{0,3}(?:au\s)?(?:\d{1,2}\s?(?:e|eme|er|nd|ieme|th|rd|st)|rdc|rez[- ]de[- ]chaussee|premier|deuxieme|troisieme)\s?(?:etage|etg|floor|gauche|droite|face)?(?![a-z0-9])(?:\s(?:gauche|droite|face))?"
)
_CITY = re.compile(
    r"[\s,\-(/]{1,4}(?:a\s)?(?:(?:f|b|ch|l|d)-?\s?)?(?P<post>\d{5}|\d{2}\s\d{3}|\d{4}(?=\s[a-z]))(?!\d)(?P<name>[\s,\-]{1,3}[^\W\d_]+(?:[-'’\s][^\W\d_]+){0,5})?(?:\s?(?:cedex|\d{1,2}\s?(?:e|eme|er|ieme)?)(?![a-z0-9]))?"
    r"|[\s,\-(]{1,3}(?:a\s)?(?P<big>paris|lyon|marseille|toulouse|nice|nantes|montpellier|strasbourg|bordeaux|lille|rennes|reims|toulon|grenoble|dijon|angers|nimes|villeurbanne|roubaix|tourcoing|metz|nancy|rouen|caen|brest|tours|amiens|limoges|perpignan|besancon|orleans|mulhouse|avignon|saint-denis|montreuil|argenteuil|bruxelles|geneve|liege|lausanne|london|manchester|bristol|leeds|glasgow)(?![a-z])(?:\s?(?:\d{1,2}\s?(?:e|eme|er|ieme)(?![a-z0-9])|\d{1,2}(?!\d|\s?(?:€|g\b|e\b|h\b|mg\b|k\b|kg\b|balles|eur))))?\)?"
)
_BIG = {
    "paris": "75", "lyon": "69", "villeurbanne": "69", "marseille": "13", "toulouse": "31", "nice": "06",
    "nantes": "44", "montpellier": "34", "strasbourg": "67", "bordeaux": "33", "lille": "59", "roubaix": "59",
    "tourcoing": "59", "rennes": "35", "reims": "51", "toulon": "83", "grenoble": "38", "dijon": "21",
    "angers": "49", "nimes": "30", "metz": "57", "nancy": "54", "rouen": "76", "caen": "14", "brest": "29",
    "tours": "37", "amiens": "80", "limoges": "87", "perpignan": "66", "besancon": "25", "orleans": "45",
    "mulhouse": "68", "avignon": "84", "saint-denis": "93", "montreuil": "93", "argenteuil": "95",
}  # fmt: skip


def addresses(text: str, folded: str) -> Iterator[Span]:
    """Yield postal addresses, with the département where a postcode or a city gives it."""
    for match in _WITH_NUMBER.finditer(folded):
        stop = _street_name(text, folded, match.start("rest"), numbered=True)
        if stop and not _is_amount(folded, match) and _is_street(text, folded, match, stop):
            yield _whole(text, folded, match.start(), stop)
    for match in _WITHOUT_NUMBER.finditer(folded):
        stop = _street_name(text, folded, match.start("rest"), numbered=False)
        if stop:
            number = re.match(
                r"\s?,?\s?(?:(?:au\sniveau\sdu|devant\sle|face\sau|vers\sle|au|numero|n°|n|no)\s?)?(?<!\d)\d{1,4}(?:\s?(?:bis|ter))?(?![\d€a-z%]|\s?(?:€|e\b|g\b|h\b|eur|usag|person|consom|deal|jeunes|hommes|femmes|ans\b|min|jours|fois))",
                folded[stop:],
            )
            whole = _whole(text, folded, match.start(), stop + (number.end() if number else 0))
            if number or whole.stop > stop or not _is_public(folded, match.start(), stop):
                yield whole
    for pattern in (_HOME, _HOUSE):
        for match in pattern.finditer(folded):
            start = match.start() if pattern is _HOUSE else _open_start(folded, match)
            stop = _street_name(text, folded, match.start("rest"), numbered=False)
            if stop and (
                pattern is _HOME
                or _named(text, folded, match.start("rest"))
                or _UNITS.match(folded, stop)
            ):
                yield _whole(text, folded, start, stop)
    for pattern in _FOREIGN:
        for match in pattern.finditer(text):
            yield _whole(text, folded, match.start(), match.end())
    for match in _UNIT_RUN.finditer(folded):
        yield _whole(text, folded, match.start(), match.end())


# A street without a number is nobody's home where a public thing goes on in it.
_PUBLIC = re.compile(
    r"(?<![a-z])(?:bus|tram|metro|ligne|arret|station|terrasses?|travaux|marche|caarud|csapa|pharmacie|police|policiers?|patrouilles?|maraude|"
    r"manif(?:estation)?|circulation|trottoirs?|commerces?|association|centre|mairie|mediatheque|hopital|ecole|lycee|gare|place|parc|square|jardin|"
    r"bars?|rassemblement|scene|deal|trafic|consommateurs?|usagers|dispositif|distribu|permanence|axes?(?![a-z])|perimetre|itineraire|tournee|carrefour|riverains|presse(?![a-z])|citee?s|travers|longe|ferme|pieton|secteur|entre la)"
)
_LIVED = re.compile(
    r"(?<![a-z])(?:habit|vi[st](?![a-z])|vivait|log|dor[ts]|dormait|creche|squat|domicil|resid|foyer|rdv|rendez|livr|chez|angle|adresse|appart|immeuble|hall|porte|code|digi|interphone|sonn|etage|studio|chambre|maison|rejoin|retrouve|attend|devant|descend|passe[zr]?(?=\s(?:au|a|me|chez)))"
)


_SENTENCE_END = re.compile(r"[!?\n]|\.(?=\s|\Z)")


def _is_public(folded: str, start: int, stop: int) -> bool:
    """Say whether a street without a number is spoken of as a public place, not as a home."""
    near = folded[max(0, start - 60) : stop + 40]
    first = max(folded.rfind(sign, 0, start) for sign in ".!?\n") + 1
    ending = _SENTENCE_END.search(folded, stop)
    last = ending.start() if ending else len(folded)
    if len(_WITHOUT_NUMBER.findall(folded, first, last)) > 1:  # a list of streets
        near = folded[first:last]
    return _PUBLIC.search(near) is not None and _LIVED.search(near) is None


def _named(text: str, folded: str, at: int) -> bool:
    """Say whether a word in capitals starts here, after an article or not."""
    article = re.compile(_PARTICLE).match(folded, at)
    at = article.end() if article else at
    return text[at : at + 1].isupper()


def _open_start(folded: str, match: re.Match[str]) -> int:
    kinds = list(re.finditer(rf"(?<![a-z])(?:{_OPEN})(?![a-z])", match[0]))
    return match.start() + kinds[-1].start()


_UNIT_RUN = re.compile(
    r"(?<![a-z])(?:(?:(?:bat(?:iment)?|bt|hall|esc(?:alier)?|app?t|appartement|apt|porte|interphone|tour|bloc|flat|unit)\.?\s?(?:n°)?\s?(?:[a-z]?-?\d{1,4}[a-z]?|[a-h])(?![a-z0-9])|\d{1,2}\s?(?:e|eme)\setage)[\s,]{0,3}){2,}(?:(?:residence|cite|quartier)?\s?(?:les|la|le|des|du)\s[^\W\d_]{3,})?"
)
_FOREIGN = (
    re.compile(
        r"(?<![\d.,£$€/-])\d{1,5}[A-Za-z]?,?\s(?:[A-Z][\w'’.-]*\s|(?:St|Saint)\.?\s|\d{1,3}(?:st|nd|rd|th)\s){1,3}(?:[Ss]treet|St|[Rr]oad|Rd|[Aa]venue|Ave|[Ll]ane|Ln|[Dd]rive|Dr|[Cc]lose|[Cc]ourt|Ct|[Cc]rescent|[Ww]ay|[Tt]errace|[Pp]lace|[Ss]quare|[Gg]ardens|[Gg]rove|[Mm]ews|[Hh]ill|[Rr]ow|[Ww]alk|[Bb]oulevard|Blvd|[Pp]arade)(?:\s(?:North|South|East|West))?(?![\w-])"
    ),
    re.compile(
        r"(?<![\d.,£$€/-])\d{1,5}[a-z]?,?\s(?:[a-z'’.-]+\s){1,2}(?:street|road|avenue|lane|close|crescent|terrace|gardens|grove|mews|drive)(?![\w-])"
    ),
    re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}(?![A-Za-z0-9])"),
    re.compile(r"(?<!\w)(?:[A-Z\u00c4\u00d6\u00dc][\w\u00df-]+\s){0,2}[A-Z\u00c4\u00d6\u00dc][\w\u00df-]+(?:stra\u00dfe|strasse|str\.|weg|platz|gasse|allee|damm|straat|laan|plein|gracht|kade)\s?\d{1,4}\s?[a-h]?(?![\w€])"),
    re.compile(r"(?<!\w)(?:[Cc]alle|[Cc]/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Vv]ia|[Vv]iale|[Cc]orso|[Pp]iazza|[Rr]ua|[Tt]ravessa)\s(?:(?:de|del|de la|dos|das|da|do|di|della|dei)\s)?[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,3},?\s(?:n[°º.]?\s?)?\d{1,4}(?![\w€])"),
    re.compile(r"(?<!\w)(?:[Pp]\.?[Oo]\.?\s?[Bb][Oo][Xx]|[Bb]o[iî]te\s[Pp]ostale|[Pp]ostfach|[Pp]ostbus|[Aa]partado(?:\sde\s[Cc]orreos)?)\s?\d{1,6}(?!\w)"),
    re.compile(r"(?<!\w)[A-ZÀ-Ý][\w'’-]+(?:\s[\w'’-]+){0,3}\s\d{1,4}[a-zA-Z]?(?:\s(?:bte|bus|boîte|box)\s\w{1,4})?,\s(?:[BLDA]-)?\d{4,5}\s[A-ZÀ-Ý][\w-]+"),
    re.compile(r"(?<!\w)(?:BP|B\.P\.|CS|TSA)\s?\d{1,6}(?=,?\s{1,2}-?\s?\d{5}\s[A-ZÀ-Ý])"),
)  # fmt: skip


def _is_street(text: str, folded: str, match: re.Match[str], stop: int) -> bool:
    """Say whether what follows a number is a street by its name, not "3 cours de chimie"."""
    name = folded[match.start("rest") : stop].split()[-1:]
    if _named(text, folded, match.start("rest")):
        return True
    if name and name[0] in lexicon.drugs():
        return False
    if _SURE_STREET.search(match[0].rstrip()):
        return True
    rest = re.findall(r"[^\W\d_]{4,}", folded[match.start("rest") : stop])
    strange = any(word not in lexicon.words() or word in lexicon.first_names() for word in rest)
    return strange or _CITY.match(folded, stop) is not None


_SURE_STREET = re.compile(r"(?:rue|avenue|boulevard|allee|allees|impasse|quai|chemin)\Z")


def _is_amount(folded: str, match: re.Match[str]) -> bool:
    """Say whether the number belongs to what stands before it ("10g 60 place de marché")."""
    return (
        re.search(r"[€$£x×*/]\s?\Z", folded[max(0, match.start() - 3) : match.start()]) is not None
    )


def _street_name(text: str, folded: str, start: int, *, numbered: bool) -> int | None:
    """Return where the name of a street that starts here ends; None where there is no name."""
    dated = re.compile(rf"{_PARTICLE}?").match(folded, start)
    at = dated.end() if dated else start
    if found := _DATE_NAME.match(folded, at):
        return found.end()
    stop: int | None = None
    particle = False
    at, taken, name_so_far = start, 0, ""
    while taken < 6:
        if joined := re.compile(rf"{_PARTICLE}").match(folded, at):
            if taken and not _continues_after(text, folded, joined.end()):
                break
            at, particle = joined.end(), True
            continue
        word = re.compile(_WORD).match(folded, at)
        if not word or (word[0] in _STOP and not (particle and text[at].isupper())):
            break
        raw, plain = text[word.start() : word.end()], word[0].strip(".")
        upper = raw[0].isupper()
        if taken == 0:
            if len(plain) < 2:
                break
            common = plain in lexicon.words()
            if not numbered and not upper and (common or len(plain) < 3):
                break
            if (
                not upper
                and not particle
                and common
                and plain not in lexicon.first_names()
                and not numbered
            ):
                break
        elif not upper:
            known = plain in lexicon.first_names() or plain in lexicon.last_names()
            after_name = taken == 1 and lexicon.first_names().get(name_so_far) is not None
            if plain in lexicon.words() and not after_name:
                break
            if not (known or after_name or plain not in lexicon.words()):
                break
        stop, taken, name_so_far = word.end(), taken + 1, plain
        gap = re.compile(r"[ \u00a0]{1,2}|-").match(folded, stop)
        if not gap:
            break
        at, particle = gap.end(), False
    if stop and folded[stop - 1] == ".":
        stop -= 1
    return stop


def _continues_after(text: str, folded: str, at: int) -> bool:
    word = re.compile(_WORD).match(folded, at)
    if not word or (word[0] in _STOP and not text[at].isupper()):
        return False
    return text[at].isupper() or word[0].strip(".") not in lexicon.words()


def _whole(text: str, folded: str, start: int, stop: int) -> Span:
    """Return an address with the building, postcode and city that follow or precede it."""
    area = ""
    lead = re.search(
        r"(?<!\d)(?:\d{1,2}\s?(?:er|e|eme|nd)\s(?:etage|et\.?)[\s,]{1,3})?(?:(?:residence|immeuble|villa|bat(?:iment)?|bt|bloc|esc(?:alier)?|entree|tour|porte|app?t|appartement|apt|hall|flat|unit|suite|room)\.?\s[^\W_][\w'’]{0,14}(?:\s[^\W\d_][\w'’]{0,14})?[\s,]{1,3}){0,3}\Z",
        folded[max(0, start - 40) : start],
    )
    if tall := _TALL.search(text[max(0, start - 60) : start]):
        start -= len(tall[0])
    elif lead and not re.search(r"\b(?:a|au|de|du|la|le|dans|sur)\s*,?\s\Z", lead[0]):
        start -= len(lead[0])
    while True:
        if unit := _UNITS.match(folded, stop):
            stop = unit.end()
        elif city := _CITY.match(folded, stop):
            if city["post"] and len(city["post"]) == 4:
                name = (city["name"] or "").strip(" ,-").partition(" ")[0]
                if not (name[:1] and text[city.start("name") :].lstrip(" ,-")[:1].isupper()):
                    break
                if name in lexicon.words() and name not in lexicon.never_names():
                    break
            if city["post"]:
                area = area or department(city["post"].replace(" ", ""))
                stop = city.end("post")
                if city["name"]:
                    stop = _city_end(text, city.start("name"), city.end("name"))
            else:
                area = area or _BIG.get(city["big"], "")
                stop = city.end()
        elif post := _UK_POST.match(text, stop):
            stop = post.end()
        elif town := _TOWN.match(text, stop):
            name = folded[town.start("town") : town.end("town")]
            last = name.rpartition(" ")[2]
            place = last in lexicon.never_names()
            if not place and (last in lexicon.words() or last in lexicon.first_names()):
                break
            stop = town.end()
        else:
            break
    return Span(start, stop, f"address:{area}" if area else "address")


_TALL = re.compile(
    r"(?:(?:[Ff]lat|[Aa]pt\.?|[Aa]partment|[Uu]nit|[Ss]uite|[Rr]oom)\s\w{1,4},\s)?[A-Z][\w'’]+(?:\s[A-Z][\w'’]+)?\s(?:House|Court|Tower|Point|Lodge|Mansions|Buildings?|Estate),?\s\Z"
)
_UK_POST = re.compile(r",?\s[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}(?!\w)")
_TOWN = re.compile(
    r",\s(?P<town>(?:(?:New|Los|San|Saint|St|La|Le|Les|Las|El|Den)[ -])?[A-ZÀ-Ý][a-zà-ÿ]{2,}(?:-[A-Za-zÀ-ÿ]+)*)(?:,?\s[A-Z]{2}\b)?(?:\s\d{5}(?:-\d{4})?(?!\w))?"
)


def _city_end(text: str, start: int, stop: int) -> int:
    """Return where the name of a city ends: its capitalised words, or its first."""
    end = start
    for word in re.finditer(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text[start:stop]):
        if end > start and not (
            word[0][0].isupper()
            or (word[0][:2] in ("d'", "d’", "l'", "l’") and word[0][2:3].isupper())
            or (
                word[0] in ("sur", "en", "les", "la", "le")
                and text[start + word.end() + 1 : start + word.end() + 2].isupper()
            )
        ):
            break
        end = start + word.end()
    return end


def department(postcode: str) -> str:
    """Return the département of a French postcode; "" for other ones."""
    if len(postcode) != 5:
        return ""
    if postcode.startswith("20"):
        return "2A" if postcode < "20200" else "2B"
    if postcode.startswith(("97", "98")):
        return postcode[:3]
    return postcode[:2] if "01" <= postcode[:2] <= "95" else ""


_CODE = r"(?:[#*]?(?=[a-z0-9 .\-]{0,9}\d)(?:[a-z]\s?\d(?:\s?[\d]){2,5}\s?[a-z]?|\d(?:\s?\d){1,5}\s?[a-z](?:\s?\d){0,4}|\d(?:[\s.\-]?\d){2,6}|[a-z]\d{1,2}[a-z]\d{1,3}|[a-z]{2}\d{3,4}|[a-z]?\d{1,5}[#*]\d{1,5}[a-z]?)(?![a-z0-9€%])[#*]?)"
_CODE_CUE = (
    r"(?:(?:le\s|mon\s|the\s)?(?:d[i1]?g[i1]?(?:\s?-?c[o0]de|c|t)|digi|vigik|interphone|interfone|visiophone|portail|porte\scode|c[o0]d[e3]s?\s?(?:(?:de\s(?:la\s|l['’])?|du\s|d['’]|pour\s(?:la\s|le\s|l['’])?|of\s(?:the\s)?|for\s(?:the\s)?|a\s(?:la\s|l['’])?)?"
    r"(?:porte|portail|immeuble|entree|hall|interphone|acces|batiment|bat|portier|vigik|bas|residence|rez|garage|parking|grille|sas|cour|cage|ascenseur|boite(?:\s(?:a\scle|aux?\slettre)s?)?|door|gate|entry|building|front\sdoor|flat|lobby|lift))?"
    r"|(?:door|gate|entry|access|building|lobby|entrance)\s?-?(?:code|pin|buzzer)|buzzer|intercom|keypad|key\s?(?:box|safe)|lock\s?box|boite\sa\scles?|cadenas|pin\scode|tuer?-?code|turcode|zugangscode|deurcode|codigo(?:\sde(?:l)?\s(?:la\s)?(?:puerta|portal))?|codice(?:\sdel)?\s(?:portone|porta)))"
)
_AFTER_CUE = r"(?:\s?(?:[:=>.,\-–]|c['\s]?est|cest|c|est|is|sinon|puis|then|ou|or|le|la|de|du|en\sbas|du\sbas|d['’]entree|a|au|tape|compose|fais|number|n°|numero|etage|immeuble|porte|portail|code|\()){0,4}\s?"
_DOOR = re.compile(
    rf"(?<![a-z]){_CODE_CUE}(?![a-z])(?:(?:\s[a-z'’]+){{1,6}}\s?(?::|=|->|→|,\sc['’]?est|\sest)\s?|{_AFTER_CUE})(?P<code>{_CODE})(?:\s?(?:et|puis|and|then|,|ensuite|\+|ou|or)\s?(?:le\s|the\s)?(?:[a-z]\d{{3,5}}|\d{{4,5}}[a-z]?)(?![a-z0-9€%]|\s?(?:€|e\b|g\b|h\b|balles)))?"
)
_DOOR_DIALLED = re.compile(
    rf"(?<![a-z])(?:tapes?|taper|tapez|composes?|composer|composez|fais|faites|dial|punch\sin|type|enter|press|key\sin|buzz)\s(?:le\s|the\s|in\s|code\s|sur\s)?(?P<code>{_CODE})"
)
_DOOR_AFTER = re.compile(
    rf"(?<![a-z0-9.,])(?P<code>{_CODE})\s(?:(?:pour|to|for)\s(?:la\s|le\s|l['’]|the\s)?(?:porte|portail|entrer|rentrer|monter|immeuble|hall|interphone|digicode|get\sin|door|gate|open)|(?:au|sur\sle|a\sl['’]|on\sthe)\s?(?:digi(?:code)?|interphone|portail|vigik|keypad|intercom|buzzer))(?![a-z])"
)
_DOOR_BARE = re.compile(
    r"(?<![a-z])(?:door|gate|porte|portail|entree|hall|entrance|lobby)\s?[:=]?\s(?P<code>\d{4,5}[a-z]|[a-z]\d{4,5}|\d{2}[a-z]\d{2})(?![a-z0-9€])"
)
_BELL = re.compile(
    r"(?<![a-z])(?:interphone|buzzer|sonnette|sonnez?r?|bell|doorbell)\s?(?:(?::|c['’]?est|est|is|au|le|n°|numero|number|#)\s?){0,3}(?:le\s|la\s|au\s)?\d{1,3}[a-z]?(?![\da-z%€]|\s?(?:€|e\b|fois|times|ans|min|h\b|g\b|balles|secondes?|coups?))"
)
_SECRET = re.compile(
    r"(?<![a-z])(?:mdp|cles?\s(?=(?:de\s|du\s|d['’])?(?:la\s|le\s)?(?:wifi|wi-fi|wpa2?|wep|securite|reseau|box|acces|chiffrement))|codes?\s(?=(?:du\s|de\sla\s)?(?:wifi|wi-fi|box))|phrases?\sde\spasse|passe\s(?=wifi|wi-fi)|mots?\sde\spasse|password|passwd|passphrase|pwd)(?:\s?(?:du|de|de\sla|d['’]|la|pour|le|wifi|wi-fi|wpa2?|wep|securite|reseau|acces|chiffrement|box|site|groupe|canal|compte)(?![a-z]))*(?:(?:\s[a-z'’-]+){1,4}(?=\s?[:=]))?\s?(?P<sign>[:=]|->|→|c['’]?est|est|is)?\s?[\"«]?\s?(?P<secret>[^\s\"«»\x00\x01]{4,40})"
)
# Numbers that are money for whoever reads them: prepaid vouchers, transfers.
_VOUCHER = re.compile(
    r"(?<![a-z])(?:pcs|transcash|neosurf|paysafe(?:card)?|toneo|cashlib|coupons?|voucher|mtcn)(?:\s(?:code|mastercard|de|du|n°|num(?:ero)?|first|recharge|pcs|transcash|neosurf|\d{1,3}\s?(?:€|e|eur|euros?)))*\W{0,3}"
    r"(?P<voucher>(?:[a-z0-9]{8,20}|[a-z0-9]{3,5}(?:[ -][a-z0-9]{3,5}){1,4}))(?![a-z0-9€])"
)
_NOT_DOOR = re.compile(
    r"(?:promo|reduc|postal|barre|insee|naf|\bape\b|penal|article|parrain|couleur|source|rural|civil|deonto|conduite|electoral|\bqr\b|wifi|postcode|discount|voucher|sms|hs\b|rome\b|cim|atc\b|cas\b|sante|travail|route)"
)


def codes(folded: str) -> Iterator[Span]:
    """Yield codes of doors, gates and key boxes, with the words that announce them."""
    for match in _DOOR.finditer(folded):
        code = re.sub(r"\W", "", match["code"])
        plain = re.match(r"(?:le\s|mon\s|the\s)?codes?(?![a-z])", match[0]) is not None
        if _NOT_DOOR.search(match[0]) or _NOT_DOOR.search(
            folded[match.end("code") : match.end("code") + 12]
        ):
            continue
        if re.match(
            r"\s?(?:€|euros?|e\b|g\b|gr\b|mg|balles|%|h\b|ml\b|ans\b|min)", folded[match.end() :]
        ):
            continue
        if (plain and len(code) < 4) or (len(code) < 3):
            continue
        yield Span(match.start(), match.end(), "code")
    for match in _BELL.finditer(folded):
        yield Span(match.start(), match.end(), "code")
    for match in _SECRET.finditer(folded):
        secret = match["secret"].rstrip(".,;:!?)\"'»")
        mixed = any(c.isdigit() or c in "-_#@$*+=&!" for c in secret)
        if len(secret) > 3 and (mixed or (match["sign"] and secret not in lexicon.words())):
            yield Span(match.start("secret"), match.start("secret") + len(secret), "code")
    for match in _VOUCHER.finditer(folded):
        if sum(c.isdigit() for c in match["voucher"]) > 3:
            yield Span(match.start("voucher"), match.end("voucher"), "code")
    for match in _DOOR_BARE.finditer(folded):
        yield Span(match.start("code"), match.end("code"), "code")
    for pattern in (_DOOR_DIALLED, _DOOR_AFTER):
        for match in pattern.finditer(folded):
            code = re.sub(r"\W", "", match["code"])
            amount = re.match(
                r"\s?(?:€|euros?|e\b|g\b|gr\b|mg|balles|%|h\b|ml\b|x\b)", folded[match.end() :]
            )
            if len(code) >= 4 and not amount and not re.fullmatch(r"\d+(?:g|e|h|k|mg)\d*", code):
                yield Span(match.start(), match.end(), "code")


_L = "[a-hj-np-tv-z]"
_SIV = re.compile(
    rf"(?<![a-z0-9.-])(?=(?P<plate>(?P<a>{_L}{{2}})(?P<s>[\s.\-_·*/|,]{{0,3}})(?P<n>\d{{3}})(?P<t>[\s.\-_·*/|,]{{0,3}})(?P<b>{_L}{{2}}))(?![a-z0-9]|-[a-z0-9]))"
)
_FNI = re.compile(
    r"(?<![a-z0-9.,-])(?P<plate>(?P<n>\d{2,4})[ \-.]?(?P<b>[a-z]{2,3})[ \-.]?(?:0[1-9]|[1-8]\d|9[0-5]|2[ab]|97[1-6]))(?![a-z0-9€%]|[.,]\d|\s?€)"
)
_OTHER_PLATES = re.compile(
    r"(?<![a-z0-9.-])(?P<plate>(?P<be>[1-9]-[a-z]{3}-\d{3})|(?P<gb>[a-z]{2}\d{2}\s?[a-z]{3})|(?P<es>\d{4}[ -]?[bcdfghj-np-tv-z]{3})"
    r"|(?P<ch>(?:zh|be|lu|ur|sz|ow|nw|gl|zg|fr|so|bs|bl|sh|ar|ai|sg|gr|ag|tg|ti|vd|vs|ne|ge|ju)[\s·-]?\d{1,3}[\s'.]?\d{3})|(?P<de>[a-z]{1,3}-[a-z]{1,2}\s\d{2,4})|(?P<nl>\d{2}-[a-z]{3}-\d|[a-z]-\d{3}-[a-z]{2}|\d-[a-z]{3}-\d{2}|[a-z]{2}-\d{2}-\d{2})|(?P<pt>\d{2}-[a-z]{2}-\d{2}|[a-z]{2}-\d{2}-[a-z]{2}))(?![a-z0-9-])"
)
_PLATE_CUE = re.compile(
    r"(?<![a-z])(?:plaques?|immat[a-z]*|plates?|number\s?plate|reg(?:istration)?|kennzeichen|matricula|targa)(?![a-z])(?:\s(?:c['’]?est|est|is|du|de|la|le|n°|finit|commence|belge|espagnole|anglaise|allemande|suisse|italienne|[a-z]{4,})){0,2}\W{0,4}"
    r"(?P<plate>(?=[a-z0-9 .\-]{0,10}\d)[a-z0-9]{1,4}(?:[\s.\-·]{0,3}[a-z0-9]{1,4}){1,3})(?![a-z0-9])"
)
_VEHICLE = re.compile(
    r"(?:plaque|immat|plate|\breg\b|voiture|caisse|bagnole|gamos|vehicule|\bcar\b|\bvan\b|scooter|moto|tmax|camionnette|fourgon|"
    r"clio|megane|twingo|kangoo|trafic|captur|golf|polo|audi|bmw|merco|mercedes|peugeot|renault|citroen|fiat|seat|ford|opel|"
    r"toyota|nissan|skoda|volkswagen|\bvw\b|berlingo|partner|scenic|\bserie\s?\d|\b[1-5]0[0-9]\b|garee?|stationnee?|banalisee?|\bbac\b|parked|driv|duster|sandero|astra|corsa|focus|civils?\b|flics?\b|keufs?\b|condes?\b|\bcops?\b|undercover|conduit|roule|livreur|uber)"
)
_UNIT_WORDS = frozenset("hr bp fc ta rr gcs mg ml cl kg gr mm cm km kw eu da pm am gb ge cc md ke hs de la le et en du au ma ta sa se ce je te me ne es as ca va ch".split())  # fmt: skip


def plates(text: str, folded: str) -> Iterator[Span]:
    """Yield registration plates of France and its neighbours."""
    taken: list[Span] = []
    for pattern in (_SIV, _OTHER_PLATES, _FNI):
        for match in pattern.finditer(folded):
            start, stop = match.span("plate")
            if any(span.start < stop and start < span.stop for span in taken):
                continue
            if _is_plate(text[start:stop], match, folded):
                taken.append(Span(start, stop, "plate"))
    yield from taken
    for match in _PLATE_CUE.finditer(folded):
        plate = match["plate"]
        if (
            sum(c.isdigit() for c in plate) > 1
            and sum(c.isalpha() for c in plate) > 0
            and not any(word in lexicon.words() for word in re.findall(r"[a-z]{3,}", plate))
            and len(re.sub(r"\W", "", plate)) > 4
        ):
            yield Span(match.start("plate"), match.end("plate"), "plate")


def _is_plate(raw: str, match: re.Match[str], folded: str) -> bool:
    """Say whether a string with the shape of a plate is one: by separators, capitals, context."""
    start, stop = match.span("plate")
    near = _VEHICLE.search(folded[max(0, start - 40) : stop + 25]) is not None
    letters = "".join(char for char in raw if char.isalpha())
    if match.re is _SIV:
        if raw[:2].isupper() != raw[-2:].isupper() or match["b"] in ("mg", "ml", "gr", "kg", "cl"):
            return False
        words = match["a"] in _UNIT_WORDS or match["b"] in _UNIT_WORDS
        dashed = match["s"].strip() == match["t"].strip() == "-"
        joined = dashed or not (match["s"] or match["t"])
        if letters.isupper():
            return near or joined or not words
        return dashed or (joined and not words) or (near and not words)
    if match.re is _FNI:
        if match["b"] in ("mg", "ml", "gr", "kg", "cl", "ug", "gm", "mm", "cm", "km", "mcg"):
            return False
        vetoed = match["b"] in _UNIT_WORDS or match["b"] in lexicon.words()
        sized = len(match["n"]) > 2 and len(match["b"]) == 2
        return letters.isupper() and ((near and sized) or (not vetoed and (near or sized)))
    if match["be"]:
        return letters.isupper() or near
    parts = re.findall(r"[a-z]+", match["plate"])
    if match["ch"] or match["de"]:
        return letters.isupper() and near
    vetoed = any(part in lexicon.words() or part in _UNIT_WORDS for part in parts)
    return (
        letters.isupper()
        and (near or (bool(match["gb"]) and " " in raw))
        and not (vetoed and not (near and match["gb"]))
    )


_GPS = re.compile(
    r"(?<![a-z0-9])[ns]\s?\d{1,2}[.,]\d{3,}\s?°?\W{1,3}[eow]\s?\d{1,3}[.,]\d{3,}(?:\s?°)?"
    r"|(?<![\d.])[-+]?\d{1,2}[.]\d{3,}(?:\s?°)?(?:\s?[ns])?\s?[,;/ ]\s?[-+]?\d{1,3}[.]\d{3,}(?:\s?°)?(?:\s?[eow](?![a-z]))?(?![\d.]\d|\d)"
    r"|(?<!\d)\d{1,2}\s?[°º]\s?\d{1,2}\s?['’′]\s?(?:\d{1,2}(?:[.,]\d+)?\s?(?:[\"”″]|'')\s?)?[ns][\s,;/]{0,3}\d{1,3}\s?[°º]\s?\d{1,2}\s?['’′]\s?(?:\d{1,2}(?:[.,]\d+)?\s?(?:[\"”″]|'')\s?)?[eow]"
    r"|(?<![a-z0-9])[23456789cfghjmpqrvwx]{4,8}\+[23456789cfghjmpqrvwx]{2,3}(?![a-z0-9])"
    r"|///\s?[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+|\blat(?:itude)?\W{0,3}[-+]?\d{1,2}[.,]\d{2,}\W{1,4}lon(?:g(?:itude)?)?\W{0,3}[-+]?\d{1,3}[.,]\d{2,}"
)


def positions(folded: str) -> Iterator[Span]:
    """Yield geographic positions finer than a kilometre or so."""
    for match in _GPS.finditer(folded):
        if (
            "+" not in match[0]
            or match[0].startswith(("+", "-"))
            or "." in match[0]
            or re.search(r"\d.*[a-z]|[a-z].*\d", match[0])
        ):
            yield Span(match.start(), match.end(), "gps")


_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|fev|avr|apr|jun|jul|aug|sept?|oct|nov|dec"
_SPELT_MONTH = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
)
_SPELT_DAY = r"(?:premier|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?:[\s-](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize|vingt(?:[\s-](?:et[\s-])?(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf))?|trente(?:[\s-](?:et[\s-])?un)?)"
_A_YEAR_WORD = r"(?:mille|deux|cents?|neuf|dix|onze|douze|treize|quatorze|quinze|seize|un|trois|quatre|cinq|six|sept|huit|vingts?|trente|quarante|cinquante|soixante|septante|octante|huitante|nonante)"
_SPELT_YEAR = rf"(?:{_A_YEAR_WORD}(?:[\s-](?:et[\s-])?{_A_YEAR_WORD}){{0,6}})"
_SPELT_DATE = rf"(?:{_SPELT_DAY}|\d{{1,2}}(?:er)?)\s(?:{_SPELT_MONTH})\s(?:{_SPELT_YEAR}|['’]?(?:19|20)?\d\d)(?![\w])|{_SPELT_DAY}\s(?:{_SPELT_MONTH})\s(?:19|20)?\d\d"
_DAY = rf"(?:{_SPELT_DATE}|\d{{1,2}}\s?[./\-\s]\s?\d{{1,2}}\s?[./\-\s]\s?(?:19|20)?\d\d|\d{{1,2}}(?:er|st|nd|rd|th)?\s(?:of\s)?(?:{_MONTHS})\.?,?\s(?:19|20)?\d\d|(?:{_MONTHS})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?!\d)"
_BIRTH = re.compile(
    rf"(?<![a-z])(?:nee?s?(?:\(e\)|\.e|·e)?\s?(?:le|un|:)?|date\s(?:de\s)?naiss(?:ance)?\.?|ddn|d\.o\.b\.?|dob|date\sof\sbirth|born(?:\son)?(?:\sthe)?|naissance|birth\s?(?:day|date)|anniversaire|anniv|nacid[oa]\sel|geboren\sam|nat[oa]\sil)(?:\s?(?:le|:|on|is|est|=|c'est)(?![a-z])){{0,2}}\s{{0,2}}{_DAY}"
)


_BIRTH_AFTER = re.compile(
    rf"(?<!\d){_DAY}\s?,?\s?(?:c['’]?est|is|=|:|-|\()?\s?(?:ma|my|la|sa|his|her)?\s?(?:date\s(?:de\snaissance|of\sbirth)|ddn|dob|birthday|anniv(?:ersaire)?|naissance)(?![a-z])"
    rf"|(?<![a-z])nee?s?\s(?:en|le)\s(?:{_MONTHS})\s(?:19|20)\d\d(?!\d)"
)


# What is born without being somebody: an association, a product.
_FOUNDED = re.compile(
    r"(?<![a-z])(?<!de\sl['’])(?<!du\s)(?<!de\sla\s)(?:asso(?:ciation)?|molecule|substance|produit|projet|dispositif|collectif|federation|reseau|structure|centre|csapa|caarud|salle|loi|idee|revue|site|forum|canal|groupe|mouvement|programme|plateforme|observatoire|institut|ville|equipe)"
    r"(?:\s[a-z'’-]+){0,3}\s(?:est|sont|etait|serait|fut|qui\sest)\s\Z"
)


def birthdates(folded: str) -> Iterator[Span]:
    """Yield dates of birth, with the words that announce them."""
    for pattern in (_BIRTH, _BIRTH_AFTER):
        for match in pattern.finditer(folded):
            if not _FOUNDED.search(folded[max(0, match.start() - 60) : match.start()]):
                yield Span(match.start(), match.end(), "birthdate")


_PAPER_CUE = re.compile(
    r"(?<![a-z])(?:passeports?|passports?|pasaporte|cni|carte\s(?:nationale\s)?d['’]identite|carte\sid|identity\scard|id\scard|titre\sde\ssejour|carte\sde\ssejour|permis(?:\sde\sconduire)?|driving\slicen[cs]e|"
    r"dni|nie|nino|national\sinsurance(?:\snumber)?|\bni\snumber|agdref|ofpra|\bine\b|rpps|adeli|\bipp\b|n°?\s?(?:de\s)?patient|patiente?(?:\s(?:id|no|number))?|dossier\smedical|(?:num(?:ero)?|n°)\s?(?:de\s)?(?:dossier|patient|etranger|ecrou|caf|allocataire|cni|passeport)|(?:ref(?:erence)?s?|n°|num(?:ero)?)\.?\s?(?:(?:de|du|d)[\s'’]\s?)?(?:la\s)?(?:parquet|procedure|affaire|instruction|jugement|mandat|convocation|recepisse|assure|beneficiaire|adherent|licence|matricule|badge|permis|sejour|visa|rg|suivi\sjudiciaire|levee|detenu|etudiant)|(?:matricule|recepisse|visa)(?=\s(?:[a-z]+\s)?(?:n°|no\.?|num(?:ero)?|:|[a-z]{0,3}-?\d))|ecrou|allocataire|dossier(?=\s(?:mdph|caf|cpam|cmu|css|ame|aah|rsa|ofpra|ofii|cnda|spip|ase|msa|fsl|mdmph|penal|social|hospitalier|d['’]instruction)\s[\da-z])|(?:dossier|pv|proces-verbal|plainte|procedure|affaire|parquet|mandat|jugement|adherent|assure|beneficiaire|badge|licence|convocation)(?=\s(?:n°|no\.?|num(?:ero)?)\s?:?\s?[\da-z])|registre\snational|codice\sfiscale|bsn|personalausweis|steuer-?id|nhs(?:\s(?:no|number))?|ssn)"
    r"(?:\s(?:caf|cpam|mdph|cmu|css|ame|aah|ofii|cnda|spip|ase|fsl|penal|social|hospitalier|d['’]instruction|ofpra|prefecture|rsa|msa|(?!date|annee|du\b)[a-z]{3,13}(?=\s(?:n°|no\.?\s|num|(?!au|le|la|du|de|en|et|un|a\b)[a-z]{0,3}\s?\d))))?\s?(?:n°|no\.?|num(?:ero)?|number|nr\.?|c'est|est|is)?\s?[:=#-]?\s?(?P<paper>(?=[a-z0-9 .\-]{0,18}\d)(?!\d{1,3}\s?(?:cc|cm3|€|e\b|g\b|ans))[a-z0-9]{1,20}(?:[ .\-/][a-z0-9]{1,12}){0,4})(?![a-z0-9])"
)
_NUMBERED_PAPER = re.compile(  # "visa long séjour n° 221934005"
    r"(?<![a-z])(?:recepisse|visa|proces-verbal|pv|plainte|convocation|dossier|carte|titre|permis|passeport|attestation|procedure|jugement|mandat|ordonnance\sde|livret)"
    r"(?:\s[a-z'’-]+){0,5}?\s(?:n°|numero|no\.?)\s?:?\s?(?P<paper>(?=[a-z0-9 .\-]{0,18}\d)[a-z0-9]{1,20}(?:[ .\-/][a-z0-9]{1,12}){0,4})(?![a-z0-9])"
)
# "expire le 12/04/2025", "la patiente reçue 12 450 fois"
_A_DATE = re.compile(r"(?:\A|[a-z]\s)(?:(?:\d{1,2}[./-])?\d{1,2}[./-](?:19|20)\d\d)\Z")
_PREPOSITION = re.compile(r"(?:de|du|des|sur|en|et|a|au|aux|le|la|les|un|par|pour)\s")
_AMOUNT = re.compile(r"\d{1,3}\s\d{3}\Z")
_PAPERS = re.compile(
    r"(?<![a-z0-9])(?:(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]"
    r"|(?P<dni>\d{8})-?(?P<letter>[a-z])|[xyz]-?\d{7}-?[a-z]|[a-z]{6}\d{2}[a-ehlmprst]\d{2}[a-z]\d{3}[a-z]"
    r"|\d{2}\.\d{2}\.\d{2}[-–]\d{3}[.\-]\d{2}|756\.?\d{4}\.?\d{4}\.?\d{2}|\d{3}-\d{2}-\d{4}|\d{2}[a-z]{2}\d{5})(?![a-z0-9])"
)


def papers(folded: str) -> Iterator[Span]:
    """Yield numbers of identity papers and files."""
    for match in chain(_PAPER_CUE.finditer(folded), _NUMBERED_PAPER.finditer(folded)):
        paper = match["paper"]
        if _PREPOSITION.match(paper):
            continue
        kept: list[str] = []
        for part in re.split(r"(?<=[ .\-/])", paper):
            word = part.strip(" .-/")
            joined = part[-1] in "-/" and len(word) < 6  # "2024/PSY/08841"
            if not any(c.isdigit() for c in part) and len(word) > 2 and not joined:
                break
            kept.append(part)
        while kept and len(kept[-1].strip(" .-/")) > 1 and not any(map(str.isdigit, kept[-1])):
            kept.pop()
        number = "".join(kept).rstrip(" .-/")
        if sum(c.isdigit() for c in number) >= 5 and not (
            _A_DATE.search(number) or (match[0].startswith("patient") and _AMOUNT.match(number))
        ):
            yield Span(match.start("paper"), match.start("paper") + len(number), "id-document")
    for match in _PAPERS.finditer(folded):
        if match["dni"] and "trwagmyfpdxbnjzsqvhlcke"[int(match["dni"]) % 23] != match["letter"]:
            continue
        yield Span(match.start(), match.end(), "id-document")
