"""Invented messages with identifiers marked inline, composed from parts; half is held out.

`[[CLASS|text]]` as in the shared set. Templates and spellings whose position is odd are held
out: rules are written looking at the others only.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

FIRST = (
    "Karim Mehdi Kevin Thibault Fatoumata Claire Nico Sarah Yassine Amélie Lucas Bruno Inès Samira Ousmane Julien Élodie Mathilde "
    "Rachid Sofiane Aurélie Dylan Jordan Moussa Aïcha Léa Chloé Hugo Théo Enzo Romain Quentin Damien Ludovic Sandrine Patrick Gérard "
    "Abdoulaye Mamadou Ibrahima Aminata Khadija Nadia Leïla Bilal Hamza Ilyes Rayan Wassim Zineb Manon Océane Anaïs Maxime Baptiste "
    "Jérôme Cédric Stéphane Sylvain Didier Nathalie Véronique Corinne Laetitia Vanessa Mélanie Émilie Pauline Marion Justine Margaux "
    "Jason Ryan Liam Connor Callum Gareth Nigel Darren Tracey Siobhan Emily Hannah Oliver Jessica Ashley Tyler Dwayne Priya Ahmed"
).split()
LAST = (
    "Benali Dubois Diallo Lefebvre Moreau Martin Petit Nguyen Traoré Garnier Rousseau Fontaine Chevalier Bouchareb Haddad Coulibaly "
    "Da Silva|Fernandes|Le Gall|Girard|Lambert|Mercier|Belkacem|N'Diaye|Kowalski|O'Brien|Williams|Thompson|Okafor|McCarthy|Delacroix"
)
LAST_NAMES = [
    n
    for part in LAST.split("|")
    for n in (
        [part]
        if "|" in LAST and part in ("Da Silva", "Le Gall")
        else part.replace("Da Silva", "").split()
    )
] + ["Da Silva", "Le Gall"]


def pick(rng: random.Random, options: list[str], held: bool) -> str:
    half = options[1::2] if held else options[::2]
    return rng.choice(half or options)


def digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(n))


def mobile(rng: random.Random) -> str:
    return rng.choice(["063998", "019900"]) + digits(rng, 4)


def pairs(number: str) -> list[str]:
    return [number[i : i + 2] for i in range(0, 10, 2)]


def phone_plain(rng: random.Random, held: bool) -> str:
    n = mobile(rng)
    p = pairs(n)
    return pick(
        rng,
        [
            n,
            " ".join(p),
            ".".join(p),
            "-".join(p),
            "/".join(p),
            "+33" + n[1:],
            "+33 " + n[1] + " " + " ".join(p[1:]),
            "0033" + n[1:],
            "00 33 " + n[1] + " " + " ".join(p[1:]),
            "(+33) " + n[1] + " " + " ".join(p[1:]),
            "+33 (0)" + n[1] + " " + " ".join(p[1:]),
            "+33." + n[1] + "." + ".".join(p[1:]),
            n[:4] + " " + n[4:7] + " " + n[7:],
            "+33-" + n[1] + "-" + "-".join(p[1:]),
            "+32 470 " + digits(rng, 2) + " " + digits(rng, 2) + " " + digits(rng, 2),
            "0470/" + digits(rng, 2) + "." + digits(rng, 2) + "." + digits(rng, 2),
            "+34 6" + digits(rng, 2) + " " + digits(rng, 3) + " " + digits(rng, 3),
            "+44 7700 900" + digits(rng, 3),
            "07700 900" + digits(rng, 3),
            "+41 79 " + digits(rng, 3) + " " + digits(rng, 2) + " " + digits(rng, 2),
            "+49 151 " + digits(rng, 8),
            "+352 621 " + digits(rng, 3) + " " + digits(rng, 3),
            "+39 347 " + digits(rng, 7),
            "+31 6 " + digits(rng, 8),
            "+212 6" + digits(rng, 8),
            "+44 (0)7700 900 " + digits(rng, 3),
            n[1:] if n[1] in "67" else n,
        ],
        held,
    )


WORD = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
EN_WORD = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def fr_number(n: int) -> str:
    if n < 10:
        return WORD[n]
    teens = "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split()
    if n < 20:
        return teens[n - 10]
    tens = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
    if n < 70:
        t, o = divmod(n, 10)
        return tens[t] + ("" if not o else " et un" if o == 1 else "-" + WORD[o])
    if n < 80:
        return "soixante-" + teens[n - 70]
    if n < 100:
        return "quatre-vingt" + (
            "s" if n == 80 else "-" + (WORD[n - 80] if n < 90 else teens[n - 90])
        )
    raise ValueError


def spelt(number: str) -> str:
    out = []
    for p in pairs(number):
        out.append("zéro " + WORD[int(p[1])] if p[0] == "0" else fr_number(int(p)))
    return " ".join(out)


def phone_obfuscated(rng: random.Random, held: bool) -> str:
    n = mobile(rng)
    p = pairs(n)
    sep = rng.choice(
        [
            "*",
            "_",
            " - ",
            " . ",
            "|",
            "~",
            "•",
            "🔥",
            "  ",
            ",",
            " / ",
            "..",
            "#",
            "+",
            ";",
            "¤",
            "→"[:0] or "·",
        ]
    )
    return pick(
        rng,
        [
            sep.join(p),
            "".join(c + "\ufe0f\u20e3" for c in n),
            " ".join(n),
            spelt(n),
            n.replace("0", "O"),
            ".".join(p).replace("0", "o").replace("1", "i"),
            "".join(chr(0xFF10 + int(c)) for c in n),
            "".join(chr(0x1D7CE + int(c)) for c in n),
            " ".join("".join("⓪①②③④⑤⑥⑦⑧⑨"[int(c)] for c in q) for q in p),
            "zéro " + WORD[int(n[1])] + " " + " ".join(p[1:]),
            " ".join(EN_WORD[int(c)] for c in n),
            "".join(c + "\u200b" for c in n),
            "-".join(n),
            spelt(n).replace("-", " "),
            " ".join(p[:3]) + " " + fr_number(int(p[3]) if int(p[3]) > 9 else 12) + " " + p[4],
            "0" + WORD[int(n[1])] + " " + ".".join(p[1:]),
            "".join(chr(0x1D7EC + int(c)) for c in n),
            "(06)(39)(98)(" + p[3] + ")(" + p[4] + ")",
            "+33(0)" + n[1] + " . " + " . ".join(p[1:]),
            " ".join(p[:2]) + "\n" + " ".join(p[2:]),
            "x".join(p),
            "".join("₀₁₂₃₄₅₆₇₈₉"[int(c)] for c in n),
            ", ".join(spelt(n).split(" ")[0:2]) + ", " + ", ".join(p[1:]),
            "plus trente-trois " + n[1] + " " + " ".join(p[1:]),
            sep.join(n),
            "".join("0️⃣ 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣ 6️⃣ 7️⃣ 8️⃣ 9️⃣".split()[int(c)] + " " for c in n).strip(),
        ],
        held,
    )


STEM = "plug coffee green kush menu chimiste plombier livreur shop cabane doc nuage étoile tonton ghost blanche neige paname lyon mrs phocea candy panda joker frosty magic zaza".replace(
    "é", "e"
).split()


def handle_name(rng: random.Random, held: bool) -> str:
    a, b = rng.sample(STEM, 2)
    return pick(
        rng,
        [
            f"{a}_{b}",
            f"{a}{b}{rng.randrange(10, 99)}",
            f"{a}.{b}{rng.randrange(10, 99)}",
            f"{a}_{b}_{rng.randrange(10, 99)}",
            f"le_{a}{rng.randrange(10, 99)}",
            f"{a}{rng.randrange(100, 999)}",
            f"{a.title()}{b.title()}Bot",
            f"mr{a}{rng.randrange(10, 999)}",
            f"{a}-{b}{rng.randrange(10, 99)}",
            f"x{a}x{b}x",
            f"{a.title()}_{b.title()}_off",
            f"dr.{a}{rng.randrange(10, 99)}",
        ],
        held,
    )


def email(rng: random.Random, held: bool) -> str:
    return pick(
        rng,
        [
            "{l}@protonmail.com",
            "{l}@gmail.com",
            "{L}@Tutanota.de",
            "{l}@orange.fr",
            "{l}+shop@mail.ru",
            "{l}@univ-lille.fr",
            "{l}@yahoo.co.uk",
            "{l}@cock.li",
            "{l}@proton.me",
            "{l}@free.fr",
        ],
        held,
    ).format(
        l=handle_name(rng, held).replace("-", "."),
        L=rng.choice(FIRST) + "." + rng.choice(["Dubois", "Martin"]),
    )


def email_obfuscated(rng: random.Random, held: bool) -> str:
    l = rng.choice(STEM) + str(rng.randrange(10, 99))
    return pick(
        rng,
        [
            f"{l} arobase proton point me",
            f"{l}(at)riseup(dot)net",
            f"{l} [at] mailo [point] com",
            f"{l} at protonmail dot com",
            f"{l} @ gmail . com",
            f"{l}[arobase]laposte[point]net",
            f"{l} AT tutanota DOT com",
            f"{l} (a) gmail (point) com",
            f"{l}@gmail(point)com",
            f"{l} arobase gmail.com",
            f"{l} at gmail.com",
            f"{l}＠gmail.com",
        ],
        held,
    )


def link(rng: random.Random, held: bool) -> str:
    h = handle_name(rng, held)
    return pick(
        rng,
        [
            f"t.me/{h}",
            f"https://t.me/+{rng.choice('XkQp')}{digits(rng, 4)}abcDEF",
            f"https://t.me/joinchat/AAAAAE{h}",
            f"wa.me/33{mobile(rng)[1:]}",
            f"https://www.snapchat.com/add/{h}",
            f"https://www.instagram.com/{h}/",
            f"http://{h.replace('_', '-')}.onion/market",
            f"https://signal.me/#p/+33{mobile(rng)[1:]}",
            f"www.{h.replace('_', '-')}.com",
            f"https://discord.gg/{h[:8]}",
            f"telegram.me/{h}",
            f"potato.im/{h}",
            f"{rng.choice(STEM)}-{rng.choice(STEM)}.fr",
            f"https://signal.group/#CjQKI{digits(rng, 6)}",
            f"tg://resolve?domain={h}",
            f"https://linktr.ee/{h}",
            f"chat.whatsapp.com/K{digits(rng, 5)}sjdfh",
            f"https://{rng.choice(STEM)}shop.xyz/menu?id={digits(rng, 4)}",
            f"HTTPS://T.ME/{h.upper()}",
            f"snapchat.com/add/{h}",
        ],
        held,
    )


def iban(rng: random.Random, held: bool) -> str:
    d = "3000600001123456" + digits(rng, 7)
    fr = "FR76" + d
    grouped = " ".join(fr[i : i + 4] for i in range(0, 27, 4))
    return pick(
        rng,
        [
            fr,
            grouped,
            fr.lower(),
            "BE68 5390 0754 7034",
            "BE" + digits(rng, 14),
            "DE89 3704 0044 0532 0130 00",
            "ES91 2100 0418 4502 0005 1332",
            "LT12 1000 0111 0100 1000",
            grouped.replace(" ", "-"),
            "GB29 NWBK 6016 1331 9268 19",
            "IT60 X054 2811 1010 0000 0123 456",
            "LU28 0019 4006 4475 0000",
        ],
        held,
    )


def nir(rng: random.Random, held: bool) -> str:
    a = f"{rng.choice('12')} {digits(rng, 2)} {rng.randrange(1, 13):02d} {rng.randrange(1, 95):02d} {digits(rng, 3)} {digits(rng, 3)}"
    return pick(
        rng,
        [
            a + " " + f"{rng.randrange(1, 97):02d}",
            a.replace(" ", "") + f"{rng.randrange(1, 97):02d}",
            a,
            a.replace(" ", "."),
            a.replace(" ", ""),
            f"1 85 05 2A 004 012 {digits(rng, 2)}",
        ],
        held,
    )


def plate(rng: random.Random, held: bool) -> str:
    L = "ABCDEFGHJKLMNPQRSTVWXYZ"
    a, b = "".join(rng.sample(L, 2)), "".join(rng.sample(L, 2))
    n = digits(rng, 3)
    return pick(
        rng,
        [
            f"{a}-{n}-{b}",
            f"{a} {n} {b}",
            f"{a}{n}{b}",
            f"{a}-{n}-{b}".lower(),
            f"{digits(rng, 3)} {a} {rng.randrange(10, 95)}",
            f"{a}.{n}.{b}",
            f"1-{a}{b[0]}-{n}",
            f"{a}{rng.randrange(10, 70)} {b}{a[0]}",
        ],
        held,
    )


def wallet(rng: random.Random, held: bool) -> str:
    b58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    r = lambda n: "".join(rng.choice(b58) for _ in range(n))  # noqa: E731
    return pick(
        rng,
        [
            "bc1q" + "".join(rng.choice("ac0234567890qpzry") for _ in range(38)),
            "1" + r(33),
            "4" + "8" + r(93),
            "3" + r(33),
            "0x" + "".join(rng.choice("0123456789abcdef") for _ in range(40)),
            "L" + r(33),
            "ltc1q" + "".join(rng.choice("acdefghjklmnpqrstuvwxyz023456789") for _ in range(38)),
            "T" + r(33),
        ],
        held,
    )


STREET = [
    "rue de la République",
    "avenue Jean Jaurès",
    "allée des Tilleuls",
    "bd Victor Hugo",
    "impasse des Lilas",
    "cours Gambetta",
    "rue du 8 Mai 1945",
    "chemin de la Croix-Rousse",
    "place Bellecour",
    "quai Saint-Antoine",
    "rue Paul Bert",
    "avenue du Général de Gaulle",
    "square des Fleurs",
    "r. de Charenton",
    "boulevard Voltaire",
    "route de Vannes",
    "rue Félix Faure",
    "passage des Cordeliers",
    "av. Foch",
    "rue d'Arras",
]
CITY = [
    "69002 Lyon",
    "59000 Lille",
    "31200 Toulouse",
    "75012 Paris",
    "13003 Marseille",
    "93200 Saint-Denis",
    "67000 Strasbourg",
    "35000 Rennes",
]


def address(rng: random.Random, held: bool) -> str:
    s = pick(rng, STREET, held)
    n = rng.randrange(1, 199)
    c = rng.choice(CITY)
    return pick(
        rng,
        [
            f"{n} {s}, {c}",
            f"{n} {s}",
            f"{n} bis {s}",
            f"{n} {s} {c}",
            f"{n}, {s}",
            f"{n} {s} à {c.split(' ', 1)[1]}",
            f"{n} {s.lower()}",
            f"{n} {s.lower()} {c.lower()}",
            f"{n} {s} bât {rng.choice('ABC')}",
            f"{n} {s}, hall {rng.randrange(1, 9)}",
            f"{n}ter {s} - {c}",
            f"résidence Les {rng.choice(['Peupliers', 'Acacias', 'Glycines'])} bâtiment {rng.randrange(1, 9)}",
            f"{n} High Street",
            f"Flat {rng.randrange(1, 9)}, {n} Mill Lane",
            f"{n} Station Road, Leeds LS1 4DT",
            f"{n} {s.upper()}",
        ],
        held,
    )


def doorcode(rng: random.Random, held: bool) -> str:
    c = rng.choice(
        [
            digits(rng, 4),
            digits(rng, 2) + rng.choice("AB") + digits(rng, 2),
            rng.choice("AB") + digits(rng, 4),
            digits(rng, 4) + rng.choice("AB"),
            digits(rng, 5),
            digits(rng, 4) + "#",
        ]
    )
    return pick(
        rng,
        [
            "digicode {c}",
            "code {c}",
            "digi : {c}",
            "code porte {c}",
            "code de l'immeuble {c}",
            "code portail {c}",
            "le code c'est {c}",
            "interphone {c}",
            "code d'entrée : {c}",
            "door code {c}",
            "code en bas {c}",
            "code du hall {c}",
            "vigik sinon {c}",
            "gate code is {c}",
            "digicode: {c}",
            "code bat {c}",
        ],
        held,
    ).format(c=c)


def name(rng: random.Random, held: bool) -> str:
    f = pick(rng, FIRST, held)
    return rng.choice([f, f, f, f"{f} {pick(rng, LAST_NAMES, held)}"])


def full_name(rng: random.Random, held: bool) -> str:
    return f"{pick(rng, FIRST, held)} {pick(rng, LAST_NAMES, held)}"


SLOTS: dict[str, Callable[[random.Random, bool], str]] = {
    "PHONE": phone_plain, "PHONE_OBF": phone_obfuscated, "EMAIL": email, "EMAIL_OBF": email_obfuscated, "LINK": link, "IBAN": iban, "NIR": nir,
    "PLATE": plate, "CRYPTO": wallet, "ADDRESS": address, "DOORCODE": doorcode, "PERSON": name, "FULLNAME": full_name,
    "PERSON_LOW": lambda r, h: name(r, h).lower(), "HANDLE": handle_name, "HANDLE_AT": lambda r, h: "@" + handle_name(r, h).replace("-", "_"), "HANDLE_NOCUE": handle_name,
}  # fmt: skip

TEMPLATES = [
    "Dispo ce soir, appelle au {PHONE} pas de num masqué", "Menu à jour 🔥 beuh 10g 60€, taz 5/20€, contact {PHONE}", "livraison H24 7j/7 {PHONE} 92 93 94", "{PHONE} pour les semi-gros",
    "tel {PHONE} ou {HANDLE_AT}", "nouveau num {PHONE} gardez le", "wapp {PHONE} signal {PHONE}", "Hit me up on {PHONE} for the menu, 3.5g £35", "call {PHONE} any time, min order 2g", "Num du gars: {PHONE} il répond jusqu'à 2h",
    "jte file son tel {PHONE} tu dis que tu viens de ma part", "Le secrétariat du CSAPA est joignable au {PHONE} de 9h à 17h", "my mate gave me {PHONE} said he had ket for 25 a g", "patient joignable au {PHONE}, rappeler après 14h30",
    "{PHONE_OBF} les vrais savent", "appelle {PHONE_OBF} 📲 10g 60€", "nouveau 06 : {PHONE_OBF}", "📞 {PHONE_OBF} 📞", "sms uniquement {PHONE_OBF} pas d'appel", "dispo 24/7 au {PHONE_OBF} sur Lyon et alentours", "text me {PHONE_OBF} for the list", "le standard c {PHONE_OBF} jusqu'à minuit",
    "mail {EMAIL} pgp ok", "écris à {EMAIL} pour la liste", "{EMAIL_OBF} crypté", "contact: {EMAIL_OBF} pour les gros", "send your order to {EMAIL}", "réponses à {EMAIL} avant le 12/03", "pour le menu complet {EMAIL_OBF} réponse 24h", "email me {EMAIL_OBF} cheers",
    "Canal de secours 👉 {LINK}", "rejoins {LINK} avant qu'il saute", "{LINK} nouveau canal", "menu complet ici {LINK} 60€ les 10", "join us {LINK} new drop tonight", "le groupe est là: {LINK}, pas d'inconnus", "Photos et avis sur {LINK}", "we moved to {LINK}",
    "virement {IBAN} stp", "RIB: {IBAN} au nom de {FULLNAME}", "compte {IBAN} instantané seulement", "send the money to {IBAN} ref 12",
    "numéro sécu {NIR} pour le dossier", "NIR {NIR} vu aux urgences", "patiente {NIR} sortie le 14/02/2023", "sécu: {NIR}",
    "golf grise {PLATE} garée devant", "plaque {PLATE} c'est les condés", "attention mégane banalisée {PLATE}", "le livreur arrive en clio {PLATE}", "black van reg {PLATE} outside", "une Audi {PLATE} tourne dans le quartier", "immatriculée {PLATE}", "BAC en 308 {PLATE} méfiance",
    "btc {CRYPTO} 3 confirmations", "paiement en crypto sur {CRYPTO}", "send xmr to {CRYPTO}", "{CRYPTO} et tu m'envoies le hash",
    "RDV au {ADDRESS} 18h", "viens devant le {ADDRESS} y'a un banc", "je suis au {ADDRESS}, {DOORCODE}", "{ADDRESS} à côté du tabac", "four ouvert {ADDRESS}", "envoie au {ADDRESS} nom {FULLNAME}", "il habite {ADDRESS} depuis deux ans", "meet me at {ADDRESS} at 6pm", "livre moi {ADDRESS} stp, 2g de c", "point relais {ADDRESS}",
    "{DOORCODE} puis 2e porte à gauche", "monte au 5e, {DOORCODE}", "{DOORCODE} ascenseur 6e", "tu rentres, {DOORCODE}, 3e étage", "quand t'es en bas {DOORCODE}", "{DOORCODE} then second floor",
    "ajoute {HANDLE_AT} sur tg avant qu'il saute", "le contact c'est {HANDLE_AT} il est carré", "tg 👇 {HANDLE_AT}", "snap : {HANDLE} réponse rapide", "insta {HANDLE} story tous les soirs", "wickr: {HANDLE}", "mon snap c {HANDLE} jrep pas aux inconnus", "telegram -> {HANDLE}",
    "add me on snap {HANDLE}", "my wickr is {HANDLE}, no time wasters", "ajoutez sur signal : {HANDLE}", "threema {HANDLE} only", "session: {HANDLE}", "new ig {HANDLE} old one got banned", "contactez {HANDLE} sur telegram", "pseudo {HANDLE} sur potato",
    "passe sur {HANDLE_NOCUE} il a du bon", "{HANDLE_NOCUE} m'a livré en 20 min", "demande à {HANDLE_NOCUE} il connait", "shout out {HANDLE_NOCUE} best bud in town", "vu avec {HANDLE_NOCUE} hier, rien à redire", "{HANDLE_NOCUE} est un arnaqueur évitez",
    "C'est {PERSON} qui livre ce soir", "demande {FULLNAME} au comptoir", "mon pote {PERSON} a fait un bad avec la 3", "{FULLNAME} a été hospitalisée samedi à Bichat", "l'infirmière {FULLNAME} nous a prévenus", "{PERSON} et {PERSON} ont testé la nouvelle md", "passe le bonjour à {PERSON}", "Selon {PERSON}, la coke était coupée",
    "jsuis {FULLNAME} et je veux arrêter", "entretien avec {PERSON}, 34 ans, usager de crack depuis 8 ans", "sa copine {PERSON} prend du Lyrica", "je connais {PERSON} depuis le lycée", "hier {PERSON} m'a ramené 2g", "merci {PERSON} pour la livraison", "{PERSON} told me the pills were double strength", "my brother {PERSON} overdosed in March", "I got it from {PERSON} near the station", "ask for {PERSON} when you get there", "{FULLNAME} works at the needle exchange", "{PERSON} est passé au CAARUD mardi", "on était chez {PERSON} à Villeurbanne", "c'est le numéro de {PERSON} ça", "le frère de {PERSON} vend de la kéta", "avec {PERSON} on prend que le week-end", "interphone {FULLNAME}", "{PERSON} s'est fait péter hier", "{PERSON} lives with his mum", "we were at {PERSON}'s place", "salut {PERSON} t'as reçu", "Bonjour, je m'appelle {FULLNAME}",
    "mon pote {PERSON_LOW} a fait un bad", "{PERSON_LOW} m'a dit que la kéta était coupée", "jvois {PERSON_LOW} demain", "c {PERSON_LOW} qui livre", "appelle {PERSON_LOW} il a du shit", "chez {PERSON_LOW} y'a de tout", "{PERSON_LOW} est en garde à vue", "tkt {PERSON_LOW} arrive", "demande {PERSON_LOW}", "my mate {PERSON_LOW} sorted me out", "{PERSON_LOW} said its proper strong", "avec {PERSON_LOW} et sa meuf", "jsuis avec {PERSON_LOW}", "wsh {PERSON_LOW} t ou", "saw {PERSON_LOW} last night",
]  # fmt: skip

CLEAN = [
    "Beuh amnesia 10g 60€ 25g 140€ 50g 250€", "3-MMC 1g 20€, 5g 80€, 4-MMC rupture", "prix 0.8g 50€ / 1.6g 100 / 4g 220", "cocaïne pureté 67% lot 2024-118 SINTES", "Marie-Jeanne de qualité, Molly aussi, Tina dispo", "commande mini 50€ livraison 75 92 93 94 95",
    "ouvert de 12h à 02h du lundi au dimanche", "LSD 200µg buvard Shiva ref 33/21", "3x20 5x30 10x50 en taz Tesla bleue", "du 12/03 au 15/03 fermé pour congés", "lot 20231104 échantillon 12 reçu le 04/11/2023", "24/7 7j/7 livraison en 30 min", "La Caroline est arrivée, jaune mousseux 100 balles les 3",
    "5meo-dmt 50mg, 2C-B 20mg, 1P-LSD 150ug, 4-HO-MET 20mg", "JWH-018, MDMB-4en-PINACA et 5F-AKB48 identifiés dans l'échantillon", "dépts 01 07 26 38 42 69 71 73 74", "secteur 59 62 80 02 60", "promo 10+2, 20+5, 50+15 jusqu'à dimanche", "10 20 50 100 au choix, prix dégressif", "hash 4 dominos 25g 90 50g 160 100g 300",
    "La saisie portait sur 1 200 000 euros et 250 kg de résine", "en 2023, 1 345 678 personnes ont consommé du cannabis", "température 37.5, tension 12/8, pouls 110", "ISBN 978-2-11-157456-3 rapport OFDT", "article 222-37 du code pénal, peine de 10 ans", "Free delivery on orders over £50, 28g for 180, 14g for 100", "3.5g £35 7g £65 14g £120 28g £220", "blue punisher 300mg, pink rolls 210mg, test before use",
    "la rue est calme ce soir, pas de keufs", "la place est chère et le cours du produit monte", "il faut un code de conduite entre usagers", "carte fidélité: 10 achats = 1 offert", "rose, violette, jaune: trois couleurs de cachets", "Lemon haze et Purple kush dispo, Gelato bientôt", "je prends 2 par jour depuis 3 mois, 75mg matin et soir", "Rivotril 2mg 2€ Lyrica 300 3€ Valium 10 1€", "le prix du gramme est passé de 60 à 50 euros entre 2019 et 2022",
    "Paris Lyon Marseille Toulouse livraison partout", "on quitte telegram pour signal, lien demain", "insta mort, snap bientôt de retour", "Signal : dispo 24/7", "telegram: menu à jour tous les jours", "snap bloqué, patience", "whatsapp ou signal uniquement", "we are open 12-2am mon-sun", "mdma 84% lab tested, batch 2211", "résultat labo: N-pyrrolidino étonitazène 0.4 mg", "DMT 1-2 g sur demande", "GHB 10ml 15€ GBL 50ml 40€", "échantillon 23-1456 poudre blanche 250 mg Marseille", "tramadol 50mg plaquette de 10 à 15€", "Kétamine 1g 30e 2g 50e 5g 110e 10g 200e",
    "le 15/08/2023 à 14:30 puis le 16 à 09:00", "note 8,5/10 sur 1250 avis", "1er arrivage 2024, 2e en juin", "prise de 0,25 puis 0,5 puis 0,75 g", "la 3, la 4, la c et la md sont dispos", "j'ai pris un parachute de 150 et un carton", "on a mis 12 heures à redescendre", "Le médecin m'a dit d'arrêter, l'infirmière aussi", "mon pote a fait un bad, ma copine aussi", "Mercedes, Rolex et Tesla: les logos du mois", "Bonjour à tous, arrivage ce soir, premier arrivé premier servi", "Merci à tous pour votre confiance", "Le produit vient de Colombie via Anvers et Rotterdam", "la Hollande et la Belgique restent les sources", "pages 12 à 18, tableau 3, figure 2", "code promo NOEL20 -20% sur tout", "réf 12345, commande minimum 40", "18+ only, no minors", "jan feb mar: 120, 135, 150 samples", "2 pour 30, 5 pour 60, 10 pour 100", "buvards 100ug 8e/u par 10 6e/u par 25 5e/u",
]  # fmt: skip

_SLOT = re.compile(r"\{([A-Z_]+)\}")
_SHOWN = {"FULLNAME": "PERSON", "HANDLE_AT": "HANDLE"}


def messages(seed: int, count: int, *, held: bool) -> list[str]:
    """Return messages with identifiers marked, from the open or the held-out half of the parts."""
    rng = random.Random(seed)
    templates = TEMPLATES[1::2] if held else TEMPLATES[::2]
    out = []
    for index in range(count):
        template = templates[index % len(templates)]
        out.append(
            _SLOT.sub(lambda m: f"[[{_SHOWN.get(m[1], m[1])}|{SLOTS[m[1]](rng, held)}]]", template)
        )
    return out


def clean() -> list[str]:
    """Return messages that hold no identifier."""
    return list(CLEAN)
