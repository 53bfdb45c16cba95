"""Identifiers of the net: links, e-mail addresses, handles, wallets, technical ids."""

# ruff: noqa: E501, SIM905 (patterns and lists of words read better on one line)
from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.spans import Span

_TLD = (
    "com|net|org|fr|io|ru|gg|cc|app|shop|xyz|info|biz|onion|eu|uk|tv|store|online|site|click|dev|"
    "ch|nl|pl|lu|us|ca|be|im|li|su|pw|ws|nz|au|br|pt|se|dk|fi|cz|ro|ma|tn|dz|club|link|chat|bio|"
    "gouv|edu|gov|co|cloud|page|space|website|market|delivery|agency|email|lol|icu|bz|to|sx|is|ee|"
    "example|test|bzh|pro|mobi|world|life|today|tech|digital|network|company|cyou|sbs|cfd|monster|ltd|cat|ga|tk|ml|gq"
)
_WORDLIKE = "me|de|es|it|la|ai|in|at|no|so|pm|re|top|one|live|best|vip|tel|fun|red|re|sh|st|ly|id"
_DOT = r"(?:\s?(?:\[\s?\.\s?\]|\(\s?\.\s?\)|\{\.\}|\[\s?(?:dot|point|pt)\s?\]|\(\s?(?:dot|point|pt)\s?\)|\{(?:dot|point)\}|<(?:dot|point)>|\s(?:dot|point)\s|-(?:dot|point)-|\*dot\*|_(?:dot|point)_)\s?)"
_TAIL = r"[^\s<>\"'«»\[\]\x00]"
_LINK = re.compile(
    r"(?<![a-z])(?:h\s?(?:t\s?t|x\s?x)\s?p\s?s?|ftp|wss?|magnet|tg|tonsite|ton|signal|sgnl|whatsapp|session|geo|"
    rf"matrix|xmpp|bitcoin|monero|ethereum|intent|skype|viber|discord)\s?:\s?(?://|\?)\s?(?:{_DOT}|{_TAIL})+"
    r"|(?<![a-z0-9])www\s\.\s[\w-]+(?:\s\.\s[\w/-]+)+"
    rf"|(?<![a-z0-9])www\s?\.\s?{_TAIL}+"
    rf"|(?<![\w@.-])t\s?(?:[.,·]|{_DOT})?\s?me\s?(?:/|\bslash\b)\s?@?{_TAIL}+"
    rf"|(?<![\w@.-])(?:telegram|wa|signal)\s?(?:\.|{_DOT})\s?me\s?(?:/|\bslash\b)\s?{_TAIL}+"
    rf"|(?<![\w@.])(?:[^\W_][\w-]*\.)+(?:{_TLD})(?![\w@-])(?!\.\w)(?:[:/?#]{_TAIL}*)?"
    rf"|(?<![\w@.])(?:[^\W_][\w-]*\.)+(?:{_WORDLIKE})[/?#]{_TAIL}+"
    rf"|(?<![\w@.])[^\W_][\w-]*(?:(?:\.|{_DOT})[\w-]+)*{_DOT}(?:{_TLD}|{_WORDLIKE})(?!\w)(?:\s?(?:/|\bslash\b)\s?{_TAIL}+){{0,4}}"
    rf"|(?<![\w@.])(?P<odd>(?:[^\W_][\w-]*\.)+[a-z]{{2,12}})/(?P<path>{_TAIL}{{2,}})"
)
_BARE_CUE = re.compile(
    r"(?:\b(?:site|lien|link|url|web|adresse|sur|on|via|canal|boutique|shop)\W{0,3})\Z"
)
_BARE = re.compile(rf"(?<![\w@.])[^\W_][\w-]{{2,}}\.(?:{_WORDLIKE})(?![\w@-])")
_CLOSING = ".,;:!?…»\"')]}*_~"
_HOSTS = (
    ("telegram", ("t.me", "telegram.", "tg:", "tonsite:", "telegra.ph", "telesco.pe")),
    ("whatsapp", ("wa.me", "whatsapp", "chat.whatsapp")),
    ("signal", ("signal.", "sgnl:", "signal:")),
    ("snapchat", ("snapchat", "snap.", "story.snap")),
    ("instagram", ("instagram", "instagr.am", "ig.me")),
    ("discord", ("discord",)),
    ("potato", ("potato", "ptwk", "ptso")),
    ("facebook", ("facebook", "fb.", "m.me", "messenger")),
    ("tiktok", ("tiktok",)),
    ("twitter", ("twitter.", "x.com")),
    ("session", ("session:", "getsession")),
    ("threema", ("threema",)),
    ("wickr", ("wickr",)),
)


def links(folded: str) -> Iterator[Span]:
    """Yield addresses of the web and of apps, plain or with dots and slashes spelt out."""
    for match in _LINK.finditer(folded):
        if match["odd"] and not _is_path(match["odd"], match["path"]):
            continue
        if not _is_word_pair(match[0]) and _is_address(folded, match.start(), match.end()):
            yield _link(folded, match.start(), match.end())
    for match in _BARE.finditer(folded):
        if _BARE_CUE.search(folded[max(0, match.start() - 16) : match.start()]) and not (
            match[0].partition(".")[0] in lexicon.words() and _RUNS_ON.match(folded, match.end())
        ):
            yield _link(folded, match.start(), match.end())


_SAID_DOT = re.compile(r"[\s_-](?:dot|point)[\s_-]")
_SIGN = re.compile(r"[./@:]|slash|\bwww\b|[(\[{<*_]\s?(?:dot|point|pt)")
_RUNS_ON = re.compile(r"\s{1,2}(?!slash\b|underscore\b|tiret\b)[^\W\d_]")
_ADDRESS_CUE = re.compile(
    r"(?<![a-z])(?:sites?|liens?|link|url|web|www|adresse|boutique|shop|canal|mail|e-mail|email|http|visit|sur|on)"
    r"(?:\s(?:internet|web|c['’]?est|cest|est|is|en\sligne))?\W{1,3}\Z"
)
# Whatever precedes "point" as a noun or a verb of its own: "ce point", "you point me", "un point".
_POINTED = frozenset(
    "le les un une des du de d au aux a ce cet cette mon ton son notre votre leur mes tes ses nos vos "
    "leurs quel quelle tel tout chaque aucun dernier premier second autre meme seul bon bons gros "
    "petit petits mise mis mettre faire fait fais rond ronds en et ou sur que qui par sans vers entre deux trois "
    "the an this that no any some each every one another which what same you we they i to me us "
    "him her them can could would will of from is was main whole last first next good starting "
    "turning vantage polka".split()
)


def _is_address(folded: str, start: int, stop: int) -> bool:
    """Say whether words with "point" or "dot" between them are an address said aloud, not prose.

    An ending that is also a word ("point de vente", "point info", "this point in") needs a host
    that is none and an end there, or a path; any host may stand before "point com" but an article.
    """
    said = list(_SAID_DOT.finditer(folded, start, stop))
    if not said or _SIGN.search(folded, start, stop):
        return True
    host = re.split(r"[\s_-]", folded[start : said[-1].start()].strip())[-1]
    ending = folded[said[-1].end() : stop].strip()
    if host in _POINTED or (host in lexicon.drugs() and host not in lexicon.first_names()):
        return False
    cued = _ADDRESS_CUE.search(folded[max(0, start - 28) : start]) is not None
    if ending in _LIKE_WORDS:
        return (cued or host not in lexicon.words()) and not _RUNS_ON.match(folded, stop)
    if ending in lexicon.words() and ending not in _OF_THE_NET:
        return cued or host not in lexicon.words()
    return True


_LIKE_WORDS = frozenset(_WORDLIKE.split("|")) | frozenset(
    "to is be us ca ma se im co net info ch".split()
)
_OF_THE_NET = frozenset(
    "app onion uk eu cc ru delivery website email online cloud agency digital network click dev gov".split()
)


def _is_path(host: str, path: str) -> bool:
    """Say whether a host of an unknown ending and what follows it are an address, not prose."""
    return (
        re.search(r"[\d#?=_%+&@-]", path) is not None
        or any(part not in lexicon.words() for part in (host.rpartition(".")[0], path.strip("/")))
    ) and not host.rpartition(".")[2].isdigit()


def _link(folded: str, start: int, stop: int) -> Span:
    while stop > start + 1 and folded[stop - 1] in _CLOSING:
        stop -= 1
    address = re.sub(rf"{_DOT}|\s?\.\s?", ".", folded[start:stop])
    host = re.sub(r"^\W*(?:h\s?(?:t\s?t|x\s?x)\s?p\s?s?\s?:\s?/*)?(?:www\s?\.\s?)?", "", address)
    host = re.sub(r"\s", "", host)
    for platform, hosts in _HOSTS:
        if host.startswith(hosts) or any(f".{part}" in host.partition("/")[0] for part in hosts):
            return Span(start, stop, f"link:{platform}")
    return Span(start, stop, "link:web")


_ENDINGS = frozenset({"ru", "cc", "onion", "eu", "uk", "ch", "app", "gov"})  # words of no sentence


def _is_word_pair(address: str) -> bool:
    """Say whether this is two sentences without a space between ("arrivage.info demain")."""
    left, _, right = address.rpartition(".")
    return (
        bool(left)
        and "." not in left
        and left in lexicon.words()
        and right in (lexicon.words() | {"co", "ml"}) - _ENDINGS
    )


_AT = r"(?:\s{0,2}@\s{0,2}|\s?[\[({<]\s?(?:at|@|a|arobase?s?|arrobase|chez)\s?[\])}>]\s?|[\s_*-]{1,2}(?:arobase?s?|arrobase|arobaze)[\s_*-]{1,2}|\s(?:at|chez)\s|\saro\s)"
_ANY_DOT = rf"(?:{_DOT}|\s{{0,2}}\.\s{{0,2}})"
_LOCAL = r"[^\W_][\w.%+-]*"
_MAIL_TLD = rf"(?:{_TLD}|me|de|es|it|at|live|pm|ai)"
_EMAIL = re.compile(
    rf"(?<![\w.]){_LOCAL}(?:{_DOT}[\w-]+)?@[\w-]+(?:\.[\w-]+)+"
    rf"|(?<![\w.]){_LOCAL}(?:{_DOT}[\w-]+)?{_AT}[\w-]+(?:{_ANY_DOT}[\w-]+)??{_ANY_DOT}{_MAIL_TLD}(?!\w)"
)
_PROVIDER = r"(?:gmail|proton(?:mail)?|hotmail|outlook|yahoo|tutanota|tuta|riseup|laposte|icloud|wanadoo|mailo|gmx|orange|free|sfr)"
_EMAIL_NO_DOT = re.compile(
    rf"(?<![\w.]){_LOCAL}(?:\s?@\s?|\s?[\[({{]\s?(?:at|a|arobase?s?)\s?[\])}}]\s?|\s(?:arobase?s?|arrobase)\s){_PROVIDER}(?!\w)"
)
_SPACED_MAIL = re.compile(
    rf"(?<!\w)(?:\w\s){{3,20}}(?:@|arobase)\s?(?:\w\s?){{3,15}}(?:\.|point|dot)\s?{_MAIL_TLD}(?!\w)"
)


def emails(folded: str) -> Iterator[Span]:
    """Yield e-mail addresses, plain or with @ and dots spelt out."""
    for pattern in (_EMAIL, _EMAIL_NO_DOT, _SPACED_MAIL):
        for match in pattern.finditer(folded):
            if re.search(" (?:at|chez) ", match[0]) and not (
                re.search(_DOT, match[0]) or re.search(rf" (?:at|chez) {_PROVIDER}\.", match[0])
            ):
                continue
            if not _is_mailed(folded, match):
                continue
            if (mention := re.match(r"([\w.%+-]+)\s{1,2}@(?=\S)", match[0])) and (
                mention[1] in _PLATFORM_OF or mention[1] in lexicon.words()
            ):
                continue  # "insta @name.of.it"
            yield Span(match.start(), match.end(), "email")


def _is_mailed(folded: str, match: re.Match[str]) -> bool:
    """Say whether "… chez … point …" or "… at … dot …" is an address, not "chez lui, point de"."""
    said = re.search(r" (?:at|chez) ", match[0])
    if said is None or re.match(_PROVIDER, match[0][said.end() :]):
        return True
    return _is_address(folded, match.start() + said.end(), match.end())


_PLATFORMS = {
    "telegram": ("telegram", "telegramm", "telegrame", "telegramme", "tgram", "telegr", "tlgrm", "tg", "tlg", "tele", "télé", "teleg"),
    "snapchat": ("snapchat", "snap", "snp", "sc", "snape", "snapp"),
    "instagram": ("instagram", "insta", "ig", "instag", "insta:"),
    "whatsapp": ("whatsapp", "wapp", "whats", "wa", "whatapp", "watsapp", "wsp"),
    "signal": ("signal",),
    "wickr": ("wickr", "wickrme", "wicker", "wickr me"),
    "threema": ("threema",),
    "session": ("session",),
    "wire": ("wire",),
    "potato": ("potato", "potatochat", "potato chat"),
    "discord": ("discord", "disc"),
    "twitter": ("twitter",),
    "tiktok": ("tiktok", "tik tok"),
    "kik": ("kik",),
    "skype": ("skype",),
    "viber": ("viber",),
    "line": ("line",),
    "wechat": ("wechat",),
    "facebook": ("facebook", "fb", "messenger"),
    "matrix": ("matrix", "element"),
    "jabber": ("jabber", "xmpp", "otr"),
    "icq": ("icq",),
    "onlyfans": ("onlyfans", "mym"),
    "": ("pseudo", "username", "user name", "user", "handle", "identifiant", "nick", "login", "@ :", "compte", "account", "profil", "ajoute", "ajoutez", "add", "follow", "dm", "canal", "channel", "contact", "groupe", "bot", "backup"),
}  # fmt: skip
_PLATFORM_OF = {word: name for name, words in _PLATFORMS.items() for word in words}
_LEET = {"a": "[a@4]", "e": "[e3]", "i": "[i1!]", "o": "[o0]", "s": "[s5$]"}
_UNLEET = str.maketrans("@431!05$", "aaeiioss")
APPS = sorted((w for n, ws in _PLATFORMS.items() if n for w in ws), key=len, reverse=True)


def disguised(word: str) -> str:
    """Return a pattern for the name of an app with figures for letters: sn@p, t3legram."""
    return "".join(_LEET.get(char, re.escape(char)) for char in word) if len(word) > 3 else word


_STRONG = "|".join(disguised(word) for word in APPS)


def _platform(cue: str) -> str:
    return _PLATFORM_OF[cue if cue in _PLATFORM_OF else cue.translate(_UNLEET)]


_WEAK = "|".join(sorted((re.escape(w) for w in _PLATFORMS[""]), key=len, reverse=True))
_FILL = (
    r"(?:\s?(?:chat|me|id|perso|pro|officiel|c['\s]?est|c|cest|est|is|moi|us|nous|le|la|mon|ma|notre|our|my|sur|on|at|"
    r"as|comme|sous|de|of|under|named|called|pseudo|user(?:name)?|compte|account|nouveau|new|now|maintenant|d'abord|handle|name|contact|backup|secours|canal)\b)"
)
_ARROW = r"(?:\s{0,2}(?:[:=~>|/]|->|=>|[-–](?=\s)|👉|👇|➡|⬇|➜|→|⇒|⟶|➔|▶|»|⤵|📲|📩|🔗|👻|✈|📸|🔵|\x7f|🏻|🏼|🏽|🏾|🏿|\())"
_NAME = r"(?P<at>@\s?)?(?P<name>[^\W_][\w.\-]{2,31}|_[\w.\-]{2,31})"
_CUED = re.compile(
    rf"(?<![\w@/.])(?P<cue>{_STRONG}|{_WEAK})\b(?P<fill>(?:{_FILL}{{0,3}}{_ARROW}{{0,3}}\s{{0,2}}|\s))(?:\n\s?)?(?={_NAME})"
)
_REVERSED = re.compile(  # "mrgreen420 sur snap", "add mrgreen420 on wickr"
    rf"(?<![\w@/.#])(?P<name>[\w][\w.\-]{{2,31}})\s(?:sur|on|@|via|\()\s?(?:mon\s|my\s|le\s|notre\s)?(?P<cue>{_STRONG})\b"
)
_SURNAME = re.compile(r"(?:\s[A-Z\u00c0-\u00de][\w'’-]+){1,2}")
_PICTURES = {"👻": "snapchat", "📸": "instagram", "✈": "telegram"}
_PICTURED = re.compile(rf"(?P<cue>[👻📸✈])[\s\x7f:=>👉👇➡→-]{{0,5}}{_NAME}")
_QUOTED = re.compile(
    rf"[\"«]\s?(?P<name>[^\"«»\n]{{3,32}}?)\s?[\"»]\s(?:sur|on|via)\s(?:(?:mon|my|le|notre|the)\s)?(?P<cue>{_STRONG})(?!\w)"
    rf"|(?<!\w)(?P<before>{_STRONG})\s?(?:[:=]|c['’]?est|is)\s?[\"«]\s?(?P<named>[^\"«»\n]{{3,32}}?)\s?[\"»]"
)
_UNDERSCORED = re.compile(  # "weed tiret bas nantes"
    r"(?<![\w@])@?[^\W_]{2,}(?:\s(?:tiret\s(?:bas|du\s(?:8|huit|bas))|underscore|under\sscore|barre\sdu\s(?:8|huit))\s[^\W_]{2,})+"
)
_INVITED = re.compile(
    r"(?:ajoutez?|rajoutez?|add|follow|contactez?|cherchez?|find|search|message|dm|pm|ecris|ecrivez)(?:[\s-](?:a|moi|me|us|nous|le|la))?\s:?\s?\Z"
)
_MENTION = re.compile(
    r"(?<![\w/.])@(?!\s)(?P<name>[\w][\w.\-]{1,40})(?::[\w-]+(?:\.[\w-]+)+|@[\w-]+(?:\.[\w-]+)+)?"
)
_PAID = re.compile(
    r"(?<![a-z])(?:cash\s?app|venmo|revolut|revtag|lydia|wero)\s?(?:tag|me|is|:|=|-)?\s{0,2}(?P<name>[$@][a-z][\w.-]{2,20}|[a-z][\w.-]*\d[\w.-]*)"
)
_FORUM = re.compile(r"(?<![\w/.])/?u/[\w-]{3,20}(?![\w/])")
_AMOUNT = re.compile(
    r"\d+(?:[.,]\d+)?(?:e|eur|euros?|g|gr|h\d*|k|balles|mg|ml|pm|am|usd|\d+g?)?\.?\Z"
)
_DISCORD = re.compile(r"(?<![\w#])[\w.][\w.\-]{1,31}#\d{4}(?!\d)")
_SHAPED = re.compile(
    r"(?<![\w@/.#'’+-])(?=[\w.\-]*[\d_]|\w*bot\b|x\w+x)(?=[\w.\-]*[^\W\d_])[\w](?:[\w.\-]*[\w])?(?![\w@])"
)
_SUBSTANCE = re.compile(
    r"\d?(?:x|f|cl|br|fl|meo|aco|ho|mmc|cmc|mec|lsd|cb|ci|ct|fa|fma|apb|mapb|dck|oxe|pce|meopce|mxe|mdpv|"
    r"pv|php|pvp|dmt|dpt|det|mipt|thc|hhc|cbd|cbn|cbg|jwh|am|ur|mdmb|adb|ab|mda|mde|mdma|bdb|nbome|mda|ghb|gbl|bk|"
    r"fur|fent|u|w|rc|h|vitamine|omega|co|sp|ph|no|o)-?[a-z]?\d{1,5}[a-z]{0,12}\Z"
    r"|\d+[a-z]{1,3}\d*\Z"
)
_PRODUCT = re.compile(
    _SUBSTANCE.pattern + r"|[a-z]{1,5}\d{1,2}\Z|\d+[a-z]{1,3}\d*\Z|(?:\d+[a-z]{1,6})+\d*\Z"
    r"|(?:covid|iphone|galaxy|windows|android|ios|mp|ps|xbox|golf|clio|audi|bmw|serie|gta|fifa|pack|menu|promo|"
    r"lot|ref|batch|top|page|niveau|level|tome|saison|episode|chapitre|noel|ete|hiver|printemps|nike|air|max|"
    r"airmax|tn|jordan|route|rocade|ligne|bus|metro|tram|terminal|porte|sortie|zone|secteur|dept|departement|"
    r"article|annee|version|euro|jour|heure|semaine|code|promo|bienvenue|welcome)\d{1,4}\Z"
)


def handles(text: str, folded: str) -> Iterator[Span]:
    """Yield account names: with @, or with the shape of one."""
    for match in _DISCORD.finditer(folded):
        yield Span(match.start(), match.end(), "handle:discord")
    for match in _PAID.finditer(folded):
        if match["name"][0] in "$@" or match["name"] not in lexicon.words():
            yield Span(match.start("name"), match.end("name"), "handle")
    for match in _FORUM.finditer(folded):
        yield Span(match.start(), match.end(), "handle:reddit")
    for match in _MENTION.finditer(folded):
        name = match["name"].rstrip(".-")
        if sum(c.isalpha() for c in name) > 1 and not _AMOUNT.match(name):
            stop = (
                match.start() + 1 + len(name) if match.end() == match.end("name") else match.end()
            )
            yield Span(match.start(), stop, _handle_kind(folded, match.start()))
    for match in _UNDERSCORED.finditer(folded):
        yield Span(match.start(), match.end(), "handle")
    for match in _SHAPED.finditer(folded):
        if match[0].translate(_UNLEET) in _PLATFORM_OF:
            continue
        if _stands_alone(match[0], text[match.start() : match.end()]):
            yield Span(match.start(), match.end(), _handle_kind(folded, match.start()))


_CUED_FAR = re.compile(  # "compte snap du livreur : …"
    rf"(?<![\w@/.])(?P<cue>{_STRONG})\s(?:du|de|des|pour|of|for)(?:\s(?:la|le|les|l['’]|the))?\s\w+\s?(?:[:=→]|->|c['’]?est|is)\s{{0,2}}{_NAME}"
)


def cued(text: str, folded: str) -> Iterator[Span]:
    """Yield account names that the name of an app announces: "snap: …", "… sur insta"."""
    for match in _CUED.finditer(folded):
        name = match["name"].rstrip(".-")
        strong = _platform(match["cue"]) != ""
        pointed = bool(match["at"]) or re.search(
            r"[:=>👉👇➡⬇➜→⇒⟶➔▶»⤵]|\b(?:c'?est|c|is|moi|me|pseudo|user)\b", match["fill"]
        )
        if _is_handle(
            name,
            text[match.start("name") :],
            pointed=bool(strong and pointed),
            strong=strong,
            at=bool(match["at"]),
        ):
            start = match.start("at") if match["at"] else match.start("name")
            platform = _platform(match["cue"]) or _near(folded, start)
            stop = match.start("name") + len(name)
            if platform == "facebook" and (more := _SURNAME.match(text, stop)):
                stop = more.end()
            yield Span(start, stop, f"handle:{platform}" if platform else "handle")
    for match in _CUED_FAR.finditer(folded):
        name = match["name"].rstrip(".-")
        if match["at"] or _has_shape(name, text[match.start("name") :]):
            stop = match.start("name") + len(name)
            yield Span(match.start("name"), stop, f"handle:{_platform(match['cue'])}")
    for match in _REVERSED.finditer(folded):
        name = match["name"].rstrip(".-")
        asked = _INVITED.search(folded[max(0, match.start() - 24) : match.start()])
        unknown = not any(_known(part) for part in (name, name.replace("-", "")))
        if (
            _has_shape(name, text[match.start() :]) or (asked and unknown and len(name) > 3)
        ) and not _PRODUCT.match(name):
            yield Span(
                match.start(), match.start() + len(name), f"handle:{_PLATFORM_OF[match['cue']]}"
            )
    for match in _PICTURED.finditer(folded):
        name = match["name"].rstrip(".-")
        ghost = match["cue"] == "👻"
        rest = text[match.start("name") :]
        if _is_handle(name, rest, pointed=ghost, strong=ghost, at=bool(match["at"])):
            stop = match.start("name") + len(name)
            yield Span(match.start("name"), stop, f"handle:{_PICTURES[match['cue']]}")
    for match in _QUOTED.finditer(folded):
        group = "name" if match["name"] else "named"
        kind = _platform(match["cue"] or match["before"])
        yield Span(match.start(group), match.end(group), f"handle:{kind}")


def _is_handle(name: str, rest: str, *, pointed: bool, strong: bool, at: bool) -> bool:
    if at:
        return sum(c.isalpha() for c in name) > 1
    if _AMOUNT.match(name) or not any(c.isalpha() for c in name):
        return False
    if pointed and name not in lexicon.words() and not _SUBSTANCE.match(name):
        return len(name) > 3 or _has_shape(name, rest)
    if _PRODUCT.match(name):
        return False
    return _has_shape(name, rest) or (strong and len(name) > 5 and not _known(name))


def _known(name: str) -> bool:
    """Say whether a token is a common word, in the singular or plural, or a place or brand."""
    return any(
        name.removesuffix(end) in lexicon.words()
        for end in ("", "s", "es", "e", "x", "r", "z", "nt")
    )


def _has_shape(name: str, rest: str) -> bool:
    """Say whether a token is built like an account name: digits, underscores, inner capitals."""
    raw = rest[: len(name)]
    letters = sum(c.isalpha() for c in name)
    if letters < 2:
        return False
    if "_" in name or re.search(r"[^\W\d_]{3}\d|[^\W\d_]\d{2,}[^\W\d_]|\d[^\W\d_]{4}", name):
        return True
    if re.search(r"\w\.\w", name):
        return not all(part in lexicon.words() for part in name.split("."))
    if "-" in name:
        return any(c.isdigit() for c in name)
    return re.search(r"[a-z][A-Z][a-z]", raw) is not None and name not in lexicon.words()


def _stands_alone(name: str, raw: str) -> bool:
    """Say whether a token is an account name by its shape alone, without any cue."""
    if name in lexicon.drugs():
        return False
    letters = sum(c.isalpha() for c in name)
    if "_" in name.strip("_") and letters > 2:
        return True
    if re.fullmatch(r"[^\W\d_]{3,}(?:bot|Bot)", raw) and re.search(
        r"[a-z]Bot$|[a-z][A-Z].*bot$", raw
    ):
        return True
    if re.fullmatch(r"x[a-z]{3,}x[a-z]*x?", name) and name.count("x") > 1:
        return not _known(name)
    if re.fullmatch(r"[^\W\d_]{4,}\d{2,4}", name) or re.fullmatch(
        r"[^\W\d_]{3,}\d{1,4}[^\W\d_]{2,}", name
    ):
        stem = re.sub(r"\d.*", "", name)
        odd = stem not in lexicon.words() or letters > 7 or sum(c.isdigit() for c in name) > 2
        return odd and not _PRODUCT.match(name)
    if re.fullmatch(r"[^\W\d_]+\d[^\W\d_]+\d[^\W\d_]{2,}(?:\d[^\W\d_]*)*", name):
        return len(name) > 6 and name not in lexicon.drugs() and not _PRODUCT.match(name)
    if re.fullmatch(r"[^\W\d_]{4,}-[^\W\d_]{4,}-\d{2,4}", name):
        return name not in lexicon.drugs() and name.rpartition("-")[0] not in lexicon.drugs()
    if re.fullmatch(r"[^\W\d_]+(?:\.[^\W_]+)+\d+|[^\W\d_]+\d+(?:\.[^\W_]+)+", name):
        return letters > 3 and not _PRODUCT.match(name)
    return False


_NEAR = re.compile(rf"\b({_STRONG})\b")


def _near(folded: str, start: int) -> str:
    """Return the app named on the same line nearest before a place, or after it."""
    line_start = folded.rfind("\n", 0, start) + 1
    line_end = folded.find("\n", start)
    found = _NEAR.findall(folded[max(line_start, start - 40) : start])
    if found:
        return _platform(found[-1])
    after = _NEAR.search(folded[start : min(line_end if line_end > 0 else len(folded), start + 60)])
    return _platform(after[1]) if after else ""


def _handle_kind(folded: str, start: int) -> str:
    platform = _near(folded, start)
    return f"handle:{platform}" if platform else "handle"


_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_WALLETS = (
    ("btc", re.compile(r"(?<!\w)(?:bc1[ac-hj-np-z02-9]{11,87}|BC1[AC-HJ-NP-Z02-9]{11,87})(?!\w)")),
    ("xmr", re.compile(rf"(?<!\w)[48]{_BASE58}{{94}}(?:{_BASE58}{{11}})?(?!\w)")),
    ("eth", re.compile(r"(?<!\w)0x[0-9a-fA-F]{40}(?!\w)")),
    ("ltc", re.compile(rf"(?<!\w)(?:ltc1[a-z0-9]{{20,80}}|[LM]{_BASE58}{{26,33}})(?!\w)")),
    ("btc", re.compile(rf"(?<!\w)[13]{_BASE58}{{25,34}}(?!\w)")),
    ("trx", re.compile(rf"(?<!\w)T{_BASE58}{{33}}(?!\w)")),
    ("bch", re.compile(r"(?<!\w)(?:bitcoincash:)?[qp][a-z0-9]{41}(?!\w)")),
    ("xrp", re.compile(rf"(?<!\w)r{_BASE58}{{24,34}}(?!\w)")),
    ("doge", re.compile(rf"(?<!\w)D{_BASE58}{{33}}(?!\w)")),
    ("sol", re.compile(rf"(?<!\w){_BASE58}{{43,44}}(?!\w)")),
)  # fmt: skip
_LONG = re.compile(r"(?<!\w)[A-Za-z0-9]{24,}(?!\w)")


def wallets(text: str) -> Iterator[Span]:
    """Yield wallets of crypto-currencies, in the clean text, where case counts."""
    for name, pattern in _WALLETS:
        for match in pattern.finditer(text):
            if any(c.isdigit() for c in match[0][1:]):
                yield Span(match.start(), match.end(), f"wallet:{name}")


_TECHNICAL = re.compile(
    r"(?<![a-z0-9])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![a-z0-9])"
    r"|(?<![a-z0-9])(?:[0-9a-f]{32,}|0[0-9a-f]{65})(?![a-z0-9])"
    r"|(?<![a-z0-9])(?:[0-9a-f]{4}[ :]{1,2}){9}[0-9a-f]{4}(?![a-z0-9])"
    r"|(?<![a-z0-9])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![a-z0-9:-])"
    r"|-----begin pgp[^-]*-----(?:(?!-----end).)*(?:-----end pgp[^-]*-----)?"
    r"|<@!?\d{6,20}>|<#\d{6,20}>"
    r"|(?<![\w.,/-])[1-9]\d{16,18}(?![\w%€]|[.,/-]\d|\s(?:€|eur))",  # accounts of Discord, of X
    re.DOTALL,
)
_ACCOUNT_ID = re.compile(
    r"\b(?:(?:user|chat|tg|telegram|discord|snap|account|compte|member|profil|client|customer)[\s_-]?(?:id|identifiant|n°|no|num(?:ero)?)?|id|uid|imei|imsi)"
    r"\s?(?:[:=#n°-]{1,3}|est|is)\s?(?P<id>[a-z]{0,3}-?\d{5,20})(?!\d)|(?<!\w)(?P<bare>(?:user|channel|chat)\d{5,20})(?!\w)"
    r"|\bidentifiants?(?:\s[a-z]+){0,2}\s?[:=#]?\s?(?P<named>[a-z]{0,3}-?\d{6,20})(?![\d€%])"
    r"|\bthreema(?:\s?id)?\s?[:=\s-]{1,3}(?P<threema>[a-z0-9]{8})(?!\w)"
    r"|\b(?:imei|imsi|iccid|eid)(?:\s?[12](?=\s?[:=]))?\s?(?:[:=#n°-]{1,3}|est|is|c['’]est|finit\spar)?\s?(?P<device>\d(?:[ ./-]?\d){9,19})(?!\d)"
)
_RELEASE = re.compile(
    r"(?<![a-z])(?:version|maj|mise\sa\sjour|update|release|build|firmware|v|ver|patch)(?:\W{1,3}[a-z]{1,8}\s|\W{0,3})\Z"
)
_IP = re.compile(
    r"(?<![\d.a-z])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d|\d|[a-z])(?::\d{2,5})?"
    r"|(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![0-9a-f:])|(?<![0-9a-z:])(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}:?){1,6}(?![0-9a-z:])"
)


def technical(text: str, folded: str) -> Iterator[Span]:
    """Yield ids of accounts and devices, keys, internet addresses."""
    for match in _TECHNICAL.finditer(folded):
        kind = "user-id"
        yield Span(match.start(), match.end(), kind)
    for match in _ACCOUNT_ID.finditer(folded):
        group = match.lastgroup or "id"
        yield Span(match.start(group), match.end(group), "user-id")
    for match in _IP.finditer(folded):
        numbers = re.split(r"[.:]", match[0])
        if _RELEASE.search(folded[max(0, match.start() - 24) : match.start()]):
            continue
        if ":" in match[0] or not (len(numbers[0]) == 2 and all(len(n) == 2 for n in numbers[:4])):
            yield Span(match.start(), match.end(), "ip")
    for match in _LONG.finditer(text):
        token = match[0]
        if sum(c.isdigit() for c in token) > 2 and sum(c.isalpha() for c in token) > 2:
            yield Span(match.start(), match.end(), "user-id")
