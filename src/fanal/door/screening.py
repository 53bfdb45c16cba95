"""The first look at a batch: which readers each text needs, most of them none.

One hyperscan pass over the UTF-8 bytes of the whole batch; a pattern here is wider than the
reader behind it, so that nothing is lost, and says only "look closer".
"""

# ruff: noqa: E501 (patterns and lists of words read better on one line)
from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

import hyperscan
import numpy as np

from fanal.door import lexicon, links
from fanal.door.normalise import fold
from fanal.text import automata

# One bit for each group of readers in `identifiers`.
DIGITS, URL, AT, CUE, SHAPE, LONG, GPS, BIRTH, PAPER, TECH, ADDRESS, CODE, PLATE, NAME = (
    1 << n for n in range(14)
)
EVERYTHING = (1 << 14) - 1
CALLED = (
    1 << 14
)  # a word that may announce a name: NAME if a capital follows that is no common word

_AUTOMATA = 4  # one takes long to build and to scan with, and sixteen passes take longer too

_E = r"(?:e|\xc3[\x88-\x8b\xa8-\xab])"
_A = r"(?:a|\xc3[\x80-\x85\xa0-\xa5])"
_SEP = (
    r"(?:[\x01-\x23\x26-\x2f\x3a-\x3c\x3e-\x40\x5b-\x60\x7b-\x7e]|\xe2[\x80\x81\x83-\xbf][\x80-\xbf]"
    r"|[\xc2-\xdf][\x80-\xbf]|[\xe0\xe1\xe3-\xef][\x80-\xbf][\x80-\xbf]|\xf0[\x80-\xbf]{3})"
)
_NUMBER_WORD = (
    rf"(?:z{_E}ro|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|"
    r"seize|vingt|trente|quarante|cinquante|soixante|septante|huitante|nonante|one|two|three|four|"
    r"five|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|oh|double|triple|"
    r"null|eins|zwei|drei|vier|f\xc3\xbcnf|fuenf|sechs|sieben|acht|neun|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|"
    r"treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|due|tre|quattro|cinque|sei|sette|otto|nove|nul|een|twee|drie|vijf|zes|zeven|negen)"
)
_TLD = (
    "com|net|org|fr|io|ru|gg|cc|app|shop|xyz|info|biz|onion|eu|uk|tv|store|online|site|click|dev|"
    "ch|nl|pl|lu|us|ca|be|im|li|su|pw|ws|nz|au|br|pt|se|dk|fi|cz|ro|ma|tn|dz|club|link|chat|bio|"
    "gouv|edu|gov|co|cloud|page|space|website|market|delivery|agency|email|lol|icu|bz|to|sx|is|ee|"
    "example|test|bzh|pro|mobi|world|life|today|tech|digital|network|company|cyou|sbs|cfd|monster|ltd|cat|ga|tk|ml|gq|"
    "me|de|es|it|la|ai|in|at|no|so|pm|re|top|one|live|best|vip|tel|fun|red|sh|st|ly|id"
)
_APPS = "|".join(
    links.disguised(word).replace("\xe9", "e").replace("[e3]", rf"(?:3|{_E})")
    for word in links.APPS
)
_WEAK = (
    r"pseudo|username|user name|user|handle|identifiant|nick|login|compte|account|profil|ajoutez?|add|"
    r"follow|dm|canal|channel|contact|groupe|bot|backup"
)
_TITLES = (
    r"[Dd]r|[Dd]oc|DR|[Dd]octeur|[Dd]octor|[Pp]r|[Pp]rof|[Pp]rofesseur|[Mm]mes?|[Mm]lle|[Mm]elle|"
    r"Mrs?|MR|mr|M|m|[Mm]s|[Mm]iss|[Ss]ir|"
    r"[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|[Mm]a(?:i|\xc3\xae)tre|[Oo]fficer|[Ii]nspecteur|[Cc]apitaine|[Bb]rigadier|"
    r"[Cc]ommandant|[Cc]ommissaire|[Ll]ieutenant|[Jj]uge|[Jj]udge|[Ss]ergeant|[Dd]etective|[Nn]urse|[Uu]ncle|[Tt]onton|"
    r"[Aa]unt|[Aa]untie|[Tt]ata|[Tt]atie|Me"
)
_KIN = (
    r"grand|petit|p'?tit|gros|vieux|jeune|big|old|little|pote|amie?|copain|copine|fr\xc3\xa8re|frere|frero|s\xc5\x93ur|soeur|cousine?|mari|femme|fils|fille|coll\xc3\xa8gue|voisine?|ex|"
    r"patronn?e?|chef|associ\xc3\xa9|p\xc3\xa8re|m\xc3\xa8re|oncle|tante|neveu|ni\xc3\xa8ce|compagn\w+|conjointe?|ch\xc3\xa9rie?|gars|mec|meuf|reuf|"
    r"khey|bro|sis|coloc\w*|livreu\w+|dealer|plug|vendeu\w+|cliente?|usag\S+|patiente?|m\xc3\xa9decin|infirmi\S+|\S+ducat\S+|psy\w*|"
    r"addictologue|sociale?|pharmac\S+|intervenante?|b\xc3\xa9n\xc3\xa9vole|stagiaire|directeur|directrice|responsable|"
    r"t\xc3\xa9moin|avocate?|mate|friend|brother|sister|boyfriend|girlfriend|wife|husband|son|daughter|boss|neighbou?r|"
    r"guy|lad|girl|flatmate|roommate|partner|mum|dad|nephew|doctor|worker|counsellor|driver|runner|colleague|"
    r"buddy|homie|client|customer|named|called|\w*nomm\S+|dite?|appelle|appelles|est|c|nom|pr\xc3\xa9nom|interphone|sonnette|sonne[rz]?|chez|"
    r"name|is|me|for|demande[rz]?|proc\xc3\xa8s|avec|with|rip|RIP|famille|buzzer|part|dixit|y'?a|avait|de|d'|d\xe2\x80\x99"
)
_HUMAN = (
    r"(?:(?:vend|cherche|propose|pr\xc3\xaate|loue|perd|retrouve|oublie) (?:s|d)|[mtl]['\x99]? ?a (?:dit|donn|vendu|fil|appel|racont|montr)|(?:nous|vous|lui|leur|te|me) (?:a|ont) |tient l|dit qu|raconte|explique|"
    r"t\xc3\xa9moigne|confirme|habite|bosse|s['\x99]est fait|est (?:d\xc3\xa9c|mort|en garde|incarc|hospit|venu|pass)|a (?:dit|\xc3\xa9crit|racont|expliq|consomm|fait un|overdos)|conduit|"
    r"told|said|says|explains|swears|drives|lives|texted|called me|rang|thinks|reckons|owes|died|overdosed|was (?:sentenced|arrested|charged|jailed|found)|got (?:nicked|arrested|busted)|who |[0-9][0-9] |a nurse|a doctor|une? infirm|une? m\xc3\xa9decin|une? usag)"
)
_GREETED = (
    r"bonjour|bonsoir|salut|coucou|slt|hi|hey|hello|dear|ch\xc3\xa8re|cher|thanks|thank you|cheers|merci(?: \xc3\xa0| a)?|regards,?|cordialement,?|bises?,?|bisous,?|love,|text|tell|ring|met|(?:demande|dis|parle) (?:\xc3\xa0|a)|vois avec|"
    r"pregunta por|frag nach|vraag naar|het is|it'?s|spoke (?:to|with)|talked to|pt|bravo|d'apr\xc3\xa8s|selon|according to|sonne[rz]? (?:\xc3\xa0|a|chez)|aux lettres:?|letterbox|mailbox"
)
_CASELESS = hyperscan.HS_FLAG_CASELESS
_W = r"(?:^|[^a-zA-Z0-9_])"
_PATTERNS: tuple[tuple[int, str, int], ...] = (
    (DIGITS, rf"(?:[0-9oil]{_SEP}{{0,6}}){{6}}[0-9oil]", _CASELESS),
    (DIGITS, rf"z{_E}ro|{_NUMBER_WORD}[^a-z0-9]{{1,4}}{_NUMBER_WORD}[^a-z0-9]{{1,4}}(?:{_NUMBER_WORD}|[0-9])", _CASELESS),
    (DIGITS, rf"[0-9][^a-z0-9]{{0,4}}{_NUMBER_WORD}[^a-z0-9]{{0,4}}[0-9]", _CASELESS),
    (DIGITS, r"[a-z]{2}[ .\-]?[0-9]{2}[ .\-]?[a-z0-9]{4}[ .\-]?[0-9]{2}", _CASELESS),
    (DIGITS, rf"(?:z{_E}ro|six|seven|sept)-?(?:{_NUMBER_WORD})", _CASELESS),
    (DIGITS, rf"{_W}(?:{_NUMBER_WORD}) hundred|{_W}o[ .\-_/]{{1,2}}(?:six|sept|seven)", _CASELESS),
    (DIGITS, r"0[1-9][^a-z0-9]{0,4}(?:et|puis|fois|times|then|and|und|ensuite|apr\S+s|dot|point|pt|tiret|dash|espace|space|slash|virgule|comma|star|[a-z]|\([^()0-9\x00]{1,40}\))?[^a-z0-9]{0,4}[0-9a-z]{2}", _CASELESS),
    (DIGITS, r"(?:^|[^0-9])0[67]?(?:[^0-9\x00]{1,24}[0-9]{1,4}){3}|(?:^|[^a-z0-9])o[1-9](?:[^0-9\x00]{1,24}[0-9a-z]{2}){3}|(?:^|[^a-z])[0o] ?(?:six|sept|seven)", _CASELESS),
    (DIGITS, r"(?:[0-9][^0-9\x00]{1,6}){9}[0-9]|33[^0-9a-z]{0,4}0?[^0-9a-z]{0,4}[67][^0-9a-z]", _CASELESS),
    (DIGITS, r"sort ?code", _CASELESS),
    (EVERYTHING, r"(?:^|[ :=\n])[a-z0-9@+](?: [a-z0-9@.:/_+-]){5}(?: |$|[\x00\n])", _CASELESS),
    (DIGITS, r"envers|invers|revers|backward|miro|mirror|rebours|droite \S+ gauche|right to left|fin au d", _CASELESS),
    (DIGITS, r"[o0][1-9a-z][ ._\-/*,][a-z0-9]{2}[ ._\-/*,][a-z0-9]{2}[ ._\-/*,][a-z0-9]{2}[ ._\-/*,][a-z0-9]{2}", _CASELESS),
    (DIGITS, r"[ivxlc]{1,8}[ .\-/,]{1,3}[ivxlc]{1,8}[ .\-/,]{1,3}[ivxlc]{1,8}[ .\-/,]{1,3}[ivxlc]{1,8}", _CASELESS),
    (DIGITS, r"z[ .\-_]{1,2}[e3][ .\-_]{1,2}r[ .\-_]{1,2}[o0]|z[e3]r0|z3ro", _CASELESS),
    (URL, rf"{_W}t ?(?:[.,]|\xc2\xb7)? ?me ?/|[a-z0-9]\.[a-z]{{2,12}}/[^ \x00]{{2}}", _CASELESS),
    (URL, r"://|www ?\.|hxxp|[a-z]:\?|bitcoin:|magnet:", _CASELESS),
    (URL, rf"[a-z0-9\xa0-\xbf] ?\. ?(?:{_TLD})(?:[^a-z0-9]|$)", _CASELESS),
    (URL, r"[(\[{<] ?(?:dot|point|pt|\.|at|a|@|arobase?s?|arrobase|chez) ?[)\]}>]|(?:dot|point|slash)[ \-_]|a[r]+obas", _CASELESS),
    (AT, r"@|\xef\xbc\xa0|\xef\xb9\xab", 0),
    (CUE, rf"{_W}(?:{_APPS}|pseudo|username|user name|handle)(?:[^a-z0-9_]{{1,12}}|[^a-z0-9_]{{1,4}}[a-z']{{1,10}}[^a-z0-9_]{{1,8}}|[^a-z0-9_]{{1,4}}[a-z']{{1,10}} [a-z']{{1,10}}[^a-z0-9_]{{1,8}})[a-z0-9_]{{3}}", _CASELESS),
    (CUE, r"(?:\xf0\x9f\x91\xbb|\xf0\x9f\x93\xb8|\xe2\x9c\x88)[^a-z0-9_\x00]{0,16}[a-z0-9_]{3}", _CASELESS),
    (CUE, rf"[\"\xbb] ?(?:sur|on|via) (?:[a-z]{{2,5}} )?(?:{_APPS})[^a-z]|{_W}(?:{_APPS}) ?(?:[:=]|c['\xe2]?|is)[^a-z0-9\x00]{{0,8}}(?:est ?)?[\"\xc2]", _CASELESS),
    (SHAPE, r"tiret (?:bas|du)|underscore|under score|barre du", _CASELESS),
    (CUE, rf"{_W}(?:{_APPS}) (?:du|de|des|pour|of|for) [^\n\x00]{{1,24}}(?:[:=>\xe2]|est|is)", _CASELESS),
    (CUE, rf"{_W}(?:{_APPS}) (?:as|comme|sous|under|named|called) [a-z0-9]{{3}}", _CASELESS),
    (CUE, rf"[a-z0-9_.\-]{{3}} (?:sur|on|@|via|\() ?(?:(?:mon|my|le|notre) )?(?:{_APPS})(?:[^a-z]|$)", _CASELESS),
    (CUE, rf"{_W}(?:{_WEAK})[^a-z0-9_]{{1,12}}(?:[a-z']{{1,10}}[^a-z0-9_]{{1,8}}){{0,2}}[a-z0-9_.\-]*[0-9_.][a-z0-9_]", _CASELESS),
    (SHAPE, r"[a-z0-9]_[a-z0-9]|#[0-9]{4}", _CASELESS),
    (SHAPE, r"(?:cash ?app|venmo|revolut|revtag|lydia|wero)[^a-z]", _CASELESS),
    (SHAPE, r"[a-z]{3}-?[0-9]|[a-z][0-9][a-z]{1,8}[0-9][a-z]{2}|/?u/[a-z0-9_-]{3}", _CASELESS),
    (SHAPE, r"[a-z][0-9]+\.[a-z]|[a-z]bot(?:[^a-z]|$)|x[a-z]{3,20}x", _CASELESS),
    (LONG, r"[a-z0-9]{24}", _CASELESS),
    (LONG, r"(?:bc1|ltc1|0x)[a-z0-9]{10}", _CASELESS),
    (GPS, r"[0-9]{1,2}\.[0-9]{3}", _CASELESS),
    (GPS, r"\xc2[\xb0\xba]|///", 0),
    (GPS, r"[a-z0-9]{4}\+[a-z0-9]{2}", _CASELESS),
    (GPS, rf"{_W}lat(?:itude)?[^a-z]", _CASELESS),
    (BIRTH, rf"{_W}n(?:e|\xc3\x89|\xc3\xa9)e?s?(?:\(e\)|\.e|\xc2\xb7e)? ?(?:le |un |:|[0-9])", _CASELESS),
    (BIRTH, rf"{_W}n(?:e|\xc3\xa9)e?s? en [a-z]|naiss|ddn|d\.o\.b|dob[^a-z]|born|birth|anniv|geboren|nacid|nat[oa] il", _CASELESS),
    (PAPER, rf"passe?port|pasaporte|{_W}cni|identit|carte id|id card|s{_E}jour|permis|licen[cs]e|{_W}dni|{_W}nie|nino|insurance|{_W}ni number|agdref|ofpra|{_W}ine|rpps|adeli|{_W}ipp|patient|dossier|etranger|\xc3\xa9tranger|{_E}crou|{_W}caf|allocataire|registre|codice|{_W}bsn|ausweis|steuer|{_W}nhs|{_W}ssn", _CASELESS),
    (PAPER, rf"{_W}(?:parquet|proc{_E}dure|affaire|instruction|jugement|mandat|convocation|r{_E}c{_E}piss{_E}|assur{_E}|b{_E}n{_E}ficiaire|adh{_E}rent|matricule|badge|visa|rg|judiciaire|lev{_E}e|d{_E}tenu|{_E}tudiant|proc{_E}s.verbal|pv|plainte|attestation|carte|titre|livret)e?[^0-9\x00]{{1,40}}[0-9]", _CASELESS),
    (PAPER, r"[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d](?:[^a-z]|$)", _CASELESS),
    (PAPER, r"(?:^|[^0-9])[0-9]{7}[0-9]?-?[a-z]", _CASELESS),
    (PAPER, r"[a-z]{6}[0-9]{2}[a-z][0-9]{2}", _CASELESS),
    (PAPER, r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-|756\.?[0-9]{4}|[0-9]{3}-[0-9]{2}-[0-9]{4}", 0),
    (PAPER, r"[0-9]{2}[a-z]{2}[0-9]{5}", _CASELESS),
    (TECH, r"-[0-9a-f]{4}-[0-9a-f]{4}-", _CASELESS),
    (TECH, r"(?:[0-9a-f]{4}[ :]{1,2}){5}", _CASELESS),
    (TECH, r"(?:[0-9a-f]{2}[:\-]){4}", _CASELESS),
    (TECH, r"[0-9]{17}|identifiants? [^0-9\x00]{0,30}[0-9]{6}", _CASELESS),
    (TECH, r"begin pgp|<@|<#|::|threema|imei|imsi|iccid", _CASELESS),
    (TECH, r"(?:[0-9]{1,3}\.){3}[0-9]", 0),
    (TECH, r"(?:[0-9a-f]{1,4}:){3}", _CASELESS),
    (TECH, rf"(?:id|uid|imei|imsi|identifiant|num|no|n\xc2\xb0|num{_E}ro)(?: ?[:=#\-]+| est| is)? ?[a-z]{{0,3}}-?[0-9]{{5}}", _CASELESS),
    (TECH, r"(?:user|channel|chat)[0-9]{5}", _CASELESS),
    (ADDRESS, rf"(?:^|[^a-zA-Z_])(?:rue|ruelle|avenue|ave|av|boulevard|bd|bld|blvd|boul|all{_E}es?|impasse|imp|chemin|chem|che|quai|square|sq|passage|faubourg|fbg|fg|sentier|sente|venelle|traverse|mont{_E}e|esplanade|promenade|rond-point|ruette|dr\S?ve|chauss\S+|lieu[ -]?dit|corniche|galerie)(?:[^a-z0-9]|$)|[0-9][^a-z]{{0,4}}(?:bis|ter|quater|[a-f])?[^a-z]{{0,4}}(?:r\.|all\.|r (?:de|du|des|d['\xe2]) ?)", _CASELESS),
    (ADDRESS, rf"[0-9](?: ?(?:bis|ter|quater|[a-f]))?[ ,]{{1,3}}(?:place|pl|cours|route|rte|cit{_E}|villa|mail|parvis|voie|cour|r{_E}sidence|res|lotissement|hameau|zac|za|zi|ch\.|port|r\.)[^a-z]", _CASELESS),
    (ADDRESS, rf"(?:habite|vit|loge|cr\S?che|domicili|r{_E}side|adresse|rdv|rendez-vous|livrer?|passe|viens|au|descends)[^.\n\x00]{{0,30}}(?:place|pl|cours|route|rte|cit{_E}|villa|mail|parvis|voie|cour|lotissement|hameau|port|r{_E}sidence|res)[^a-z]", _CASELESS),
    (ADDRESS, rf"{_W}(?:r{_E}sidence|immeuble|foyer|cit{_E}|tour|clos|domaine|hameau|lotissement|squat|h\S{{1,2}}tel|camping|villa) [^\x00]", _CASELESS),
    (ADDRESS, r"[0-9][a-z]?,? [^0-9\n\x00]{1,36} (?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|crescent|way|terrace|place|square|gardens|grove|mews|hill|row|walk|boulevard|blvd|parade|green)(?:[^a-z]|$)", _CASELESS),
    (ADDRESS, r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}", 0),
    (ADDRESS, r"p\.?o\.? ?box|boite postale|bo\xc3\xaete postale|postfach|postbus|apartado", _CASELESS),
    (ADDRESS, r"[0-9a-zA-Z], (?:[BLDA]-)?[0-9]{4,5} [A-Z\xc3]", 0),
    (ADDRESS, r"(?:BP|B\.P\.|CS|TSA) ?[0-9]{1,6},? ", 0),
    (ADDRESS, r"[0-9][0-9]?(?:st|nd|rd|th) (?:st|street|ave|avenue)", _CASELESS),
    (ADDRESS, r"(?:stra\xc3\x9fe|strasse|str\.|weg|platz|gasse|allee|damm|straat|laan|plein|gracht|kade) ?[0-9]|(?:calle|c/|avenida|avda|plaza|via|viale|corso|piazza|rua|travessa) ", _CASELESS),
    (ADDRESS, rf"(?:b{_A}t(?:iment)?|bt|hall|esc(?:alier)?|app?t|appartement|apt|porte|interphone|flat|unit)\.? ?(?:n\xc2\xb0)? ?(?:[a-z]?-?[0-9]|[a-h][^a-z])", _CASELESS),
    (CODE, r"(?:d[i1]?gi?c|sonnette|sonne[rz]|bell|d1g|c0d|cod3|digi|code|codigo|codice|vigik|interphone|interfone|visiophone|portail|buzzer|intercom|keypad|key ?box|key ?safe|lock ?box|boite|bo\xc3\xaete|cadenas)[^0-9\x00]{0,44}[0-9]", _CASELESS),
    (CODE, rf"{_W}(?:door|gate|porte|portail|entr{_E}e|hall|entrance|lobby) ?[:=]? (?:[0-9]{{2}}|[a-z][0-9]{{4}})", _CASELESS),
    (CODE, rf"{_W}(?:pin|tape[rsz]?|compose[rsz]?|fai[st]e?s?|dial|punch in|type|enter|press|key in|buzz)[^0-9\x00]{{1,16}}[0-9#*a-z][0-9a-z]{{2}}", _CASELESS),
    (CODE, r"[0-9][a-z0-9#*]{1,6} (?:pour|to|for|au|sur|a|\xc3\xa0|on) ?(?:l[ae'] ?|l\xe2\x80\x99|the )?(?:porte|portail|entrer|rentrer|monter|immeuble|hall|interphone|digi|get in|door|gate|open|vigik|keypad|intercom|buzzer)", _CASELESS),
    (CODE, rf"{_W}(?:cl(?:e|\xc3\xa9)s?|codes?|passe) (?:d\S{{1,3}} ?)?(?:la |le )?(?:wi-?fi|wpa|wep|box|r{_E}seau|s{_E}cu|acc|chif)|phrase de passe", _CASELESS),
    (CODE, rf"{_W}(?:mdp|mots? de passe|password|passwd|passphrase|pwd|pcs|transcash|neosurf|paysafe|toneo|cashlib|coupon|voucher|mtcn)[^a-z]", _CASELESS),
    (CODE, r"[0-9][#*][0-9]", 0),
    (PLATE, rf"{_W}[a-z]{{2}}[ .\-_*/|,\xc2\xb7]{{0,4}}[0-9]{{3}}[ .\-_*/|,\xc2\xb7]{{0,4}}[a-z]{{2}}(?:[^a-z0-9]|$)", _CASELESS),
    (PLATE, r"[0-9]{2,4}[ \-.]?[A-Z]{2,3}[ \-.]?[0-9][0-9AB]", 0),
    (PLATE, r"[0-9]-[A-Za-z]{3}-[0-9]{3}|[0-9]{1,2}-[A-Z]{2,3}-[0-9]|[A-Z]{1,2}-[0-9]{2,3}-[A-Z]{2}|[A-Z]{2}-[0-9]{2}-[0-9]{2}", 0),
    (PLATE, r"[A-Z]{2}[0-9]{2} ?[A-Z]{3}|[A-Z]{2}(?:[ -]|\xc2\xb7)?[0-9]{1,3}[ '.]?[0-9]{3}|[A-Z]{1,3}-[A-Z]{1,2} ?[0-9]{2}", 0),
    (PLATE, r"[0-9]{4}[ \-]?[A-Z]{3}|[A-Z]-[A-Z]{1,2} [0-9]{2}", 0),
    (PLATE, rf"{_W}(?:plaques?|immat[a-z]*|plates?|reg|registration|kennzeichen|matricula|targa)[^a-z]", _CASELESS),
    (NAME, rf"(?:^|[^a-zA-Z])(?:{_TITLES})\.? {{1,2}}(?:[A-Z]|\xc3[\x80-\x9e])", 0),
    (CALLED, rf"(?:^|[^a-zA-Z])(?:{_KIN}),? ?:? ?(?:[A-Z]|\xc3[\x80-\x9e])[a-z\xc3]", 0),
    (NAME, r"(?:^|[^A-Za-z])(?i:fr\S{1,2}ro|fr\S{1,2}rot|frr|poto|tonton|tata|tatie|cousin|couz|khouya|khoya|akhi|khey|kho|reuf|reup|srab|m(?:on|a) (?:gars|pote|belle|s\S{1,2}ur|copine|fr\S{1,2}re)|wesh|eh|h\xc3\xa9) [A-Z][a-z\xc3]", 0),
    (CALLED, r"(?:^|[^A-Za-z])(?i:gros|grosse|grande?|petite?|p'?tite?|vieux|vieille) (?:[A-Z]|\xc3[\x80-\x9e])[a-z\xc3]", 0),
    (NAME, r"(?:^|[^A-Za-z])[A-Z\xc3][A-Za-z\xc3\x80-\xbf]{0,8}(?:\xc4[\x80-\xbf]|\xc5[\x80-\x91\x94-\xbf]|\xc8[\x80-\xbf]|\xe1[\xba\xbb][\x80-\xbf])", 0),
    (NAME, r"(?:qu['\x99](?:on|ils)|tout le monde|les gens|les autres) (?:[mlt]['\x99] ?)?appel", _CASELESS),
    (CALLED, r"(?:^|[.!?\n:\xab\xbb\"] ?\xc2?\xa0? ?)[A-Z][a-z\x80-\xbf\xc3]{2,12} ?[,!] (?:l\xc3|donne|passe|file|pren|va|att|rev|calm|lais|fais|boug|ouv|ren|r\xc3|app|sor|cass|ram|gard|stp|te|pos|lev|l\xc3|touch|pay|rapp|env|rac|exp|t)", 0),
    (CALLED, r"(?:^|[^A-Za-z])(?i:nom de|nom ?:?|sonne[rz]? chez|famille|demande[rz]?) [A-Z\xc3]{3}", 0),
    (NAME, rf"{_W}(?:mme|mlle|melle|madame|mademoiselle|monsieur|docteur|dr|doctor|professeur|mrs|mr|officer|inspecteur|tonton|uncle|auntie)\.? [a-z\xc3]{{4}}", _CASELESS),
    (NAME, r"(?:dite?|alias|aka|surnomm\S+|nicknamed|known as) (?:\xc2\xab|\"|\xe2)", _CASELESS),
    (NAME, r"fai[st] appeler|['\x99]appell?e|blaze|blase|surnom|nicknam|street name|goes by|calls? (?:me|him|her) ", _CASELESS),
    (CALLED, r"(?:^|[^A-Za-z])(?i:agente?|adjudante?|mar\S{1,2}chal|gardien(?:ne)?|procureure?|substitut|pr\S{1,2}f\S{1,2}te?|d\S{1,2}put\S{1,3}|s\S{1,2}nat\S+|maire|ministre|pr\S{1,2}sidente?|pasteur|imam|abb\S{1,2}|s(?:oe|\xc5\x93)ur|sister|father|pastor|constable|sgt|captain|councillor|minister) (?:[A-Z]|\xc3[\x80-\x9e])", 0),
    (NAME, r"(?:^|[^A-Za-z])(?:(?i:et|and|ou|or|&) )[A-Z][a-z]+ (?i:et|and|ou|or|&) [A-Z]|(?:^|[^A-Za-z])[A-Z][a-z\xc3\x80-\xbf]*[013457@][a-z]{2}", 0),
    (NAME, r"[A-Z][a-z\xc3\x80-\xbf]{2,14} (?:est|is|was) (?:mon|ma|my|notre|our) |[A-Z][a-z\xc3\x80-\xbf]{2,14},? ?\(?[0-9][0-9] (?:ans|y)", 0),
    (NAME, r"(?:^|[^A-Za-z.])(?:[A-Z]|Ch|Ph|Th|Fr|Cl|Ed|Gh|Yv|Jn|Gu)\.[ \-]?(?:[A-Z]\. ?)?[A-Z][a-z\xc3]", 0),
    (CALLED, rf"[A-Z][a-z\xc3\x80-\xbf]{{3,14}},? {_HUMAN}", 0),
    (CALLED, rf"(?:^|[^a-zA-Z])(?i:{_GREETED}) [A-Z\xc3]", 0),
    (NAME, rf"{_W}(?:cousine?|pote|mate|friend|livreur|voisin|coloc|copain|copine|homie|boy|bro|colleague) [a-z]{{4,12}} (?:est|a|ma|habite|livre|conduit|gere|tient|bosse|dit|vend|drives|sells|said|told|lives|works|was|is|has|got|died|took|who|qui) ", _CASELESS),
    (EVERYTHING, r"\xf0\x9d[\x90-\x9f]|\xef\xbc[\x80-\xbf]|\xef\xbd[\x80-\x9f]|\xe2[\x91-\x93][\x80-\xbf]|\xe2\x9d[\xb6-\xbf]|\xe2\x9e[\x80-\x93]|\xf0\x9f[\x84-\x86]|\xe1\xb4|\xc9[\x90-\xbf]|\xca[\x80-\xaf]", 0),
    (EVERYTHING, r"[\xce\xcf\xd0-\xd3][\x80-\xbf][a-z0-9]|[a-z0-9][\xce\xcf\xd0-\xd3][\x80-\xbf]", _CASELESS),
)  # fmt: skip


def _other_digits() -> str:
    """Return a pattern of the digits of other scripts and shapes, all that folding makes 0 to 9."""
    last_bytes: dict[bytes, set[int]] = {}
    for code in range(0x100, 0x20000):
        if fold(chr(code)) in "0123456789":
            *lead, last = chr(code).encode()
            last_bytes.setdefault(bytes(lead), set()).add(last)
    return "|".join(
        "".join(f"\\x{byte:02x}" for byte in lead)
        + "[" + "".join(f"\\x{byte:02x}" for byte in sorted(last)) + "]"
        for lead, last in last_bytes.items()
    )  # fmt: skip


@cache
def _databases() -> list[Any]:
    """Return the automata of all patterns; a hit tells the bits of its pattern."""
    groups = list(dict.fromkeys(bits for bits, _, _ in _PATTERNS))
    patterns = [*_PATTERNS, (EVERYTHING, _other_digits(), 0)]
    out = []
    for first in range(_AUTOMATA):
        several = groups[first::_AUTOMATA]
        chosen = [pattern for pattern in patterns if pattern[0] in several]
        bits, expressions, flags = zip(*chosen, strict=True)
        out.append(automata.kept([text.encode("ascii") for text in expressions], bits, flags))
    return out


# Words that are names too, seldom, and of which neither products nor other lists tell.
_PLAIN_WORDS = frozenset(
    [
        "early",
        "elle",
        "else",
        "german",
        "kit",
        "little",
        "long",
        "major",
        "orange",
        "over",
        "page",
        "price",
        "queen",
        "royal",
        "spring",
    ]
)


@cache
def _name_tokens() -> frozenset[bytes]:
    """Return the words that make the reader of names look: in small letters only sure ones."""
    out: set[bytes] = set()
    products = (lexicon.never_names() | lexicon.drugs() | _PLAIN_WORDS) - lexicon.small_names()
    for name, ambiguous in lexicon.first_names().items():
        if ambiguous and name in products:
            continue  # a name only in words that patterns find
        for part in {name, *name.split("-")} if not ambiguous else {name}:
            if len(part) < 3:
                continue
            out.update((part.title().encode(), part.capitalize().encode(), part.upper().encode()))
            if lexicon.first_names().get(part) is False:
                out.update((part.encode(), f"{part}s".encode(), f"{part.title()}s".encode()))
    out.update(name.encode() for name in lexicon.small_names())
    out.update(name.title().encode() for name in lexicon.last_names() - lexicon.words())
    return frozenset(out)


@cache
def _common_capitals() -> frozenset[bytes]:
    """Return the words that with a capital are still no names."""
    out: set[bytes] = set()
    names = lexicon.first_names().keys() | lexicon.last_names()
    for word in (lexicon.words() | lexicon.drugs()) - names:
        out.update((word.title().encode(), word.upper().encode()))
    return frozenset(out)


def _letters() -> bytes:
    """Return the table that makes Latin-1 text plain letters and spaces, 0 kept between texts."""
    table = bytearray(b" " * 256)
    for code in range(256):
        plain = unicodedata.normalize("NFD", chr(code))[0]
        if plain.isascii() and plain.isalpha():
            table[code] = ord(plain)
    table[0] = 0
    return bytes(table)


_LETTERS = _letters()


def prepare() -> None:
    """Load what `screen` reads, so that processes forked from this one share it."""
    _databases(), _name_tokens(), _common_capitals()


def screen(texts: Sequence[str]) -> dict[int, int]:
    """Return, for each text that needs a reader, the bits of which ones."""
    joined = "\x00".join(texts)
    if joined.count("\x00") != len(texts) - 1:
        texts = [text.replace("\x00", "\x01") for text in texts]
        joined = "\x00".join(texts)
    data = joined.encode("utf-8", "surrogatepass")
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 0)
    out: dict[int, int] = {}
    stops: defaultdict[int, list[int]] = defaultdict(list)

    def hit(identifier: int, start: int, stop: int, flags: int, context: object) -> None:
        stops[identifier].append(stop)

    for database in _databases():
        scratch = hyperscan.Scratch(database)  # of its own for each call, as threads need it
        database.scan(data, match_event_handler=hit, scratch=scratch)
    for bits, found in stops.items():
        for row in np.unique(np.searchsorted(ends, np.array(found) - 1)).tolist():
            out[row] = out.get(row, 0) | bits
    names = _name_tokens()
    plain = joined.encode("latin-1", "replace").translate(_LETTERS)
    common = _common_capitals()
    for row, line in enumerate(plain.split(b"\x00")):
        words = line.split()
        bits = out.get(row, 0)
        if not names.isdisjoint(words) or (
            bits & CALLED
            and any(len(w) > 1 and w[0] < 91 and w not in common for w in words)  # 91: past Z
        ):
            out[row] = bits & EVERYTHING | NAME
        elif bits & CALLED:
            if bits == CALLED:
                del out[row]
            else:
                out[row] = bits & EVERYTHING
    return out
