"""Where each rule of the door begins and ends: the last text that it masks, and the first it leaves."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from fanal.door.identifiers import screen_text
from fanal.door.normalise import fold
from fanal.door.recognisers.cards import luhn
from fanal.door.recognisers.digits import DATA, pieces

WIDE = (
    " et et et et et et et et et et et a "  # from a word of four letters to a plate: 40 characters
)
SHORT = " et et et et et et a "  # 25 with the word
FAR = " et et et et et et et et et et et et et et a "  # 60 with a name of eleven and an app of four

TEXTS = {
    # cards: of 15 and 16 figures always, of others with their check digit
    "carte 371234567890123": "carte [card]",
    "carte 4970101234567891": "carte [card]",
    "carte 5018000000007": "carte [card]",
    "carte 5018000000000": "carte 5018000000000",
    "réf 5018000000007": "réf 5018000000007",
    # codes
    "pcs abcdef1234": "pcs [code]",
    "pcs abcdefg123": "pcs [handle]",
    "tape 12 34": "[code]",
    "tape 1 23": "tape 1 23",
    "code 75011 postal": "code 75011 postal",
    "code 4512 envoyé sms": "code 4512 envoyé sms",
    "code 4512 recu par sms": "[code] recu par sms",
    "code 451": "code 451",
    "digicode 451": "[code]",
    "code 4512": "[code]",
    "mot de passe xhesika": "mot de passe xhesika",
    "mot de passe : xhesika": "mot de passe : [code]",
    "mot de passe : bonjour": "mot de passe : bonjour",
    "mdp: ab1, ok": "mdp: ab1, ok",
    "mdp: ab12, ok": "mdp: [code], ok",
    # papers: five figures at least
    "passeport 12345": "passeport [id-document]",
    "passeport 1234": "passeport 1234",
    "dni 12345678Z": "dni [id-document]",
    "12345678Z": "[id-document]",
    "dossier n° 2024/ABCDE/08841": "dossier n° [id-document]",
    "dossier n° 2024/ABCDEF/08841": "dossier n° 2024/ABCDEF/08841",
    # long tokens: three figures and three letters at least
    "jeton abcdefghijklmnopqrstu123": "jeton [user-id]",
    "jeton abcdefghijklmnopqrstuv12": "jeton [handle]",
    "jeton abc123456789012345678901": "jeton [user-id]",
    "le 10.20.30.40:8080 répond": "le [ip] répond",
    # plates
    "AB-123-CD et 1234 BZ 69": "[plate] et [plate]",
    "1234 BZ 69 et AB-123-CD": "[plate] et [plate]",
    "voiture 1234 BCD 69 et 5678 AB 69": "voiture [plate] 69 et [plate]",
    "plaque ABCD 1": "plaque ABCD 1",
    "plaque ABC 12": "plaque [plate]",
    "plaque AB 12": "plaque AB 12",
    "plaque 1234 A": "plaque [plate]",
    "plaque 1234 5": "plaque 1234 5",
    f"moto{WIDE}12 BZ 69": f"moto{WIDE}[plate]",
    f"moto{WIDE} 12 BZ 69": f"moto{WIDE} 12 BZ 69",
    f"12 BZ 69{SHORT}moto": f"[plate]{SHORT}moto",
    f"12 BZ 69{SHORT} moto": f"12 BZ 69{SHORT} moto",
    "VD 123 456 demain": "VD 123 456 demain",
    "voiture VD 123 456": "voiture [plate]",
    "voiture vd 123 456": "voiture vd 123 456",
    "voiture 1234 BCD": "voiture [plate]",
    "vu 1234 BCD là": "vu 1234 BCD là",
    "vu LX12 KXV là": "vu [plate] là",
    "vu LX12KXV là": "vu LX12KXV là",
    "AB-123-cd": "AB-123-cd",
    "TA 123CD": "TA 123CD",
    "TA123CD": "[plate]",
    "TA-123-CD": "[plate]",
    "TA 123 CD": "TA 123 CD",
    "voiture TA 123 CD": "voiture [plate]",
    "ab 123 cd": "ab 123 cd",
    "voiture ab 123 cd": "voiture [plate]",
    "voiture ta 123 cd": "voiture ta 123 cd",
    "ab123cd": "[plate]",
    "ta123cd": "ta123cd",
    "ta-123-cd": "[plate]",
    "1234 MG 69": "1234 MG 69",
    "123 BZ 69": "[plate]",
    "12 BZ 69": "12 BZ 69",
    "moto 12 BZ 69": "moto [plate]",
    "moto 12 GE 69": "moto 12 GE 69",
    # accounts of banks: nine figures at least, eight less than the country's length, or checked
    "NO93AB8601111": "[iban:NO]",
    "NO93ABC860111": "NO93ABC860111",
    "FR76 3000 6000 0112 3456 7": "[iban:FR]",
    "FR76 3000 6000 0112 3456": "FR76 [card]",
    "FR76ABCDE 30006000011234567": "FR76ABCDE [user-id]",
    "FR76ABCD1 30006000011234567": "[iban:FR]",
    "MT84MALT011000012345MTLCAST001S": "[iban:MT]",
    "MT85MALT011000012345MTLCAST001S": "[user-id]",
    "GB02ABQD123ZXKW4567890": "[iban:GB]",
    "GB56ABQD123ZXKW456789P": "GB56ABQD123ZXKW456789P",
    # the net
    "contact chez greenhouse point com": "[email]",
    "chez lui point de vue": "chez lui point de vue",
    "merci.bonjour/demain": "merci.bonjour/demain",
    "merci.bonjour/demain puis t.me/joinchat/abc": "merci.bonjour/demain puis [link:telegram]",
    "xhesika.bonjour/demain": "[link:web]",
    "merci.bonjour/xhesika": "[link:web]",
    "https://accounts.snapchat.com/x": "[link:snapchat]",
    "https://exemple.fr/x.snapchat": "[link:web]",
    "(https://exemple.fr/x).": "([link:web]).",
    "btc 12abcdefghijkmnopqrstuvwxyz": "btc [wallet:btc]",
    "btc 1abcdefghijkmnopqrstuvwxyzz": "btc 1abcdefghijkmnopqrstuvwxyzz",
    # streets
    "12 rue Alpha Beta Gamma Delta Epsilon Zeta Theta": "[address] Theta",
    "12 cours petite": "12 cours petite",
    "rdv rue petite": "rdv rue petite",
    "il habite place petite": "il habite place petite",
    "résidence petite bât 2": "résidence petite bât 2",
    "Il y a du monde rue Pelleport et rue Xhesika, deal permanent": "Il y a du monde rue Pelleport et rue Xhesika, deal permanent",
    "Il y a du monde. On se voit rue Pelleport et rue Xhesika": "Il y a du monde. On se voit [address] et [address]",
    "Le deal continue. On se voit rue Pelleport": "Le deal continue. On se voit rue Pelleport",
    "on se voit rue Pelleport 12 hommes": "on se voit [address] 12 hommes",
    "3 cours de chimie Lyon": "3 cours de chimie Lyon",
    "3 cours de xhesika": "[address]",
    "3 rue petite": "[address]",
    "3 place petite": "3 place petite",
    "3 place petite, 69003 Lyon": "[address:69]",
    "x 60 place Xhesika": "x 60 place Xhesika",
    "10g 60 place Xhesika": "10g [address]",
    "12 rue A": "12 rue A",
    "12 rue ab": "[address]",
    "rdv rue xk": "rdv rue xk",
    "rdv rue xyz": "rdv [address]",
    "12 rue Karim grande ici": "[address] ici",
    "12 rue xhesika petite": "[address] petite",
    "12 rue Lyon de petite": "[address] de petite",
    "12 rue Lyon de Paris": "[address]",
    "12 rue Lyon de xhesika": "[address]",
    "12 rue Lyon de la": "[address] de la",
    "12 rue Xhesika et Karim": "[address]",
    "12 rue Xhesika et sonne": "[address] et sonne",
    "dans le hall 3, 12 rue Xhesika": "dans le [address]",
    "12 Mill Lane, Springfield, IL 62704": "[address]",
    "12 Mill Lane, Now": "[address], Now",
    "12 rue Xhesika, Nice": "[address:06]",
    "12 rue Xhesika, bruxelles": "[address]",
    "12 rue Xhesika, 1201 Genève": "[address]",
    "12 rue Xhesika, 1201 grammes": "[address] grammes",
    "12 rue Xhesika, 1201 Grammes": "[address] Grammes",
    "12 rue Xhesika 69002 Villefranche sur Saône demain": "[address:69] demain",
    "12 rue Xhesika 69002 Villefranche sur rue": "[address:69] sur rue",
    "12 rue Xhesika 69002 L'Isle d'Abeau demain": "[address:69] demain",
    "12 rue Xhesika 20199 Ajaccio": "[address:2A]",
    "12 rue Xhesika 20200 Bastia": "[address:2B]",
    "12 rue Xhesika 97110 Pointe": "[address:971]",
    "12 rue Xhesika 98000 Monaco": "[address:980]",
    "12 rue Xhesika 95000 Cergy": "[address:95]",
    "12 rue Xhesika 96000 Rien": "[address]",
    "12 rue Xhesika 01000 Bourg": "[address:01]",
    "12 rue Xhesika 00100 Rome": "[address]",
    # names of accounts
    "cashapp $maison": "cashapp [handle]",
    "1nsta mort, passe sur kushking420": "1nsta mort, passe sur [handle:instagram]",
    "rdv @x1 demain": "rdv @x1 demain",
    "rdv @xy demain": "rdv [handle] demain",
    "voir @lune_bleue.": "voir [handle].",
    "snap du frère : kzorg.xhesika.": "snap du frère : [handle:snapchat].",
    "snap : lune.bleue.": "snap : [handle:snapchat].",
    "mrgreen420. sur snap": "[handle:snapchat]. sur snap",
    "xhesika.demain- sur snap": "[handle:snapchat]- sur snap",
    "ajoute nages sur snap": "ajoute nages sur snap",
    "ajoute roulees sur snap": "ajoute roulees sur snap",
    "ajoute roulee sur snap": "ajoute roulee sur snap",
    "ajoute pinceaux sur snap": "ajoute pinceaux sur snap",
    "ajoute tousser sur snap": "ajoute tousser sur snap",
    "ajoute toussez sur snap": "ajoute toussez sur snap",
    "ajoute toussent sur snap": "ajoute toussent sur snap",
    "ajoute pinceauw sur snap": "ajoute [handle:snapchat] sur snap",
    # titles of works, and who is named beside
    "le film « Léa » avec Mehdi": "le film « Léa » avec [name]",
    'Karim lit le livre "Sandrine Delattre" et Mehdi dort': '[name] lit le livre "Sandrine Delattre" et [name] dort',
    'le voisin "Sandrine Delattre" et Mehdi dort': 'le voisin "[name]" et [name] dort',
    "LuneBleue sur insta": "[handle:instagram] sur insta",
    "xhesika.demain sur snap": "[handle:snapchat] sur snap",
    "xhesika.kzorg sur snap": "[handle:snapchat] sur snap",
    "bonjour.demain sur snap": "bonjour.demain sur snap",
    "golf7 sur snap": "golf7 sur snap",
    "ajoute kzx sur snap": "ajoute kzx sur snap",
    "ajoute kzxy sur snap": "ajoute [handle:snapchat] sur snap",
    "@ :kzorg_xhesika dispo": "@ :[handle] dispo",
    "snap : @ ab1": "snap : [handle:snapchat]",
    "snap : @ a12": "snap : @ a12",
    "snap : kzx": "snap : kzx",
    "snap : kzxy": "snap : [handle:snapchat]",
    "snap x_1": "snap x_1",
    "a_b dispo": "a_b dispo",
    "ab_c dispo": "[handle] dispo",
    "MenuBot répond": "[handle] répond",
    "Menubot répond": "Menubot répond",
    "xlunex dispo": "[handle] dispo",
    "l1n3abc dispo": "[handle] dispo",
    "l1n3ab dispo": "l1n3ab dispo",
    "purple-haze-20 dispo": "purple-haze-20 dispo",
    "lune-bleue-20 dispo": "[handle] dispo",
    "ab.c12 dispo": "ab.c12 dispo",
    "ab.cd12 dispo": "[handle] dispo",
    "kushking420 dispo\nsnap mort": "[handle] dispo\nsnap mort",
    f"snap{WIDE}kushking420": f"snap{WIDE}[handle:snapchat]",
    f"snap{WIDE} kushking420": f"snap{WIDE} [handle]",
    f"kushking420{FAR}snap": f"[handle:snapchat]{FAR}snap",
    f"kushking420{FAR} snap": f"[handle]{FAR} snap",
}


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_stored(text: str) -> None:
    (screened,) = screen_text([text])
    assert screened.text == TEXTS[text]


@pytest.mark.parametrize("digits", ["0", "18", "26", "34", "42", "59", "67", "75", "83", "91"])
def test_one_check_digit_is_right(digits: str) -> None:
    assert [n for n in "0123456789" if luhn(digits[:-1] + n)] == [digits[-1]]


# The examples of the registry of account numbers, a country each.
ACCOUNTS = """
AL47212110090000000235698741 AD1200012030200359100100 AT611904300234573201 BE68539007547034
BG80BNBG96611020345678 CH9300762011623852957 CY17002001280000001200527600 CZ6508000000192000145399
DE89370400440532013000 DK5000400440116243 EE382200221020145685 ES9121000418450200051332
FI2112345600000785 FR1420041010050500013M02606 GB29NWBK60161331926819 GI75NWBK000000007099453
GR1601101250000000012300695 HR1210010051863000160 HU42117730161111101800000000
IE29AIBK93115212345678 IT60X0542811101000000123456 LI21088100002324013AA LT121000011101001000
LU280019400644750000 LV80BANK0000435195001 MA64011519000001205000534921
MC5811222000010123456789030 MD24AG000225100013104168 MT84MALT011000012345MTLCAST001S
MU17BOMM0101101030300200000MUR NL91ABNA0417164300 NO9386011117947 PL61109010140000071219812874
PT50000201231234567890154 RO49AAAA1B31007593840000 RS35260005601001611379
SA0380000000608010167519 SE4550000000058398257466 SI56263300012039086 SK3112000000198742637541
SM86U0322509800000000270100 TN5910006035183598478831 TR330006100519786457841326
UA213223130000026007233566001 AE070331234567890123456 BA391290079401028494
BY13NBRB3600900000002Z00AB00 DZ580002100001113000000570 EG380019000500000000263180002
FO6264600001631634 GE29NB0000000101904917 GL8964710001000206 IL620108000000099999999
IS140159260076545510730339 JO94CBJO0010000000000131000302 KW81CBKU0000000000001234560101
KZ86125KZT5004100100 LB62099900000001001901229114 ME25505000012345678951 MK07250120000058984
QA58DOHB00001234567890ABCDEFG XK051212012345678906
"""


@pytest.mark.parametrize("account", ACCOUNTS.split())
def test_an_account_ends_where_its_country_says(account: str) -> None:
    (screened,) = screen_text([f"{account} 99"])
    assert screened.text == f"[iban:{account[:2]}] 99"


FIGURES = {
    "quatre-vingts": ["80"], "quatre vingt un": ["81"], "quatre-vingt-dix-huit": ["98"],
    "soixante-dix-sept": ["77"], "soixante et onze": ["71"], "triple six": ["666"],
    "double 7": ["77"], "triple 7": ["777"], "trente9": ["39"], "trente 9": ["39"],
    "two hundred": ["200"], "z.e.r.o": ["0"], "⑫": ["12"], "o6": ["06"], "6O": ["60"],
    "l2": ["12"], "dix-sept": ["17"], "vingt et un": ["21"], "nonante-neuf": ["99"],
    "thirtynine": ["39"], "zérosixtrenteneuf": ["0639"], "septante": ["70"],
    "z3ro s1x": ["0", "6"], "12 34": ["12", "34"], "12:30 45": ["45"], "forty-two": ["42"],
    "12/03/2024 14:30 06": ["06"], "unis": [], "huitième": [],
}  # fmt: skip


@pytest.mark.parametrize("text", FIGURES)
def test_the_figures_that_words_stand_for(text: str) -> None:
    found = pieces(fold(text), DATA["time-or-amount"])
    assert [chunk.digits for chunk in found.chunks] == FIGURES[text]


PREPOSED = {  # "della" is a preposition too, a name where a capital or a cue says so
    "La purezza della cocaina va dal 50 all'80 %.": "La purezza della cocaina va dal 50 all'80 %.",
    "Il costo della canapa va su": "Il costo della canapa va su",
    "Della Rossi va al mare": "[name] va al mare",
    "parla con Della, vende coca": "parla con [name], vende coca",
    "ma copine della habite ici": "ma copine [name] habite ici",
}


@pytest.mark.parametrize("text", PREPOSED)
def test_a_preposition_in_small_letters_is_no_first_name(text: str) -> None:
    (screened,) = screen_text([text])
    assert screened.text == PREPOSED[text]
