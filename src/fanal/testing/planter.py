"""Invented identifiers of every kind, and the list of those that were planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

FIRST = [
    "Zéphyrin",
    "Aurore",
    "Bastien",
    "Mounir",
    "Léonie",
    "Karim",
    "Solène",
    "Yacine",
    "Maëlle",
    "Thibault",
    "Inès",
    "Goran",
    "Fatou",
    "Octave",
    "Rosalie",
    "Ilyes",
    "Capucine",
    "Dorian",
    "Naïma",
    "Gaspard",
    "Salomé",
    "Wassim",
    "Apolline",
    "Ruben",
    "Djamila",
]
LAST = [
    "Vaugrimond",
    "Tervagnat",
    "Belhassouin",
    "Quincerot",
    "Marvillou",
    "Desfrémont",
    "Abouzarra",
    "Loctavin",
    "Karadjouk",
    "Sauvenière",
    "Pontarcel",
    "Diaminatou",
    "Grosbreuil",
    "Zellawi",
    "Trémazan",
    "Coquillart",
    "Bensarhoui",
    "Valtournel",
    "Ruchaplat",
    "Mirbonnet",
    "Oukhiari",
    "Fontbreyne",
    "Castelmori",
    "Jaubrignac",
    "Nédromeur",
]
STREETS = ["des Essais", "de l'Invention", "du Simulacre", "des Figurants", "de la Fiction"]
POSTCODE = {"lille": "59000", "lyon": "69003", "toulouse": "31000"}
WORDS = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]


@dataclass(frozen=True, slots=True)
class Planted:
    """One identifier that must not be found anywhere after the door."""

    kind: str
    value: str
    source: str


@dataclass(slots=True)
class Planter:
    """Makes identifiers that belong to nobody and remembers where each was planted."""

    random: Random
    planted: list[Planted] = field(default_factory=list)

    def plant(self, kind: str, source: str, site: str = "lyon") -> str:
        """Return a new identifier of that kind."""
        value = KINDS[kind](self.random, site)
        self.note(kind, value, source)
        return value

    def note(self, kind: str, value: str, source: str) -> None:
        """Remember an identifier that was made elsewhere (a channel's title, a file's name)."""
        self.planted.append(Planted(kind, value, source))


def digits(random: Random, n: int) -> str:
    """Return n digits."""
    return "".join(random.choices("0123456789", k=n))


def number(random: Random) -> str:
    """Return ten digits in the ranges that the French regulator keeps for fiction."""
    return random.choice(("063998", "063998", "063998", "019900")) + digits(random, 4)


def phone(random: Random, site: str) -> str:
    """Return a number of the fiction ranges as people write them."""
    n = number(random)
    pairs = [n[i : i + 2] for i in range(0, 10, 2)]
    return random.choice(
        (
            n,
            " ".join(pairs),
            ".".join(pairs),
            "-".join(pairs),
            "+33" + n[1:],
            "+33 " + n[1] + " " + " ".join(pairs[1:]),
            "0033" + n[1:],
        )
    )


def phone_obfuscated(random: Random, site: str) -> str:
    """Return a number of the fiction ranges, disguised."""
    n = number(random)
    pairs = [n[i : i + 2] for i in range(0, 10, 2)]
    return random.choice(
        (
            "".join(d + "\ufe0f\u20e3" for d in n),
            " ".join(n),
            "*".join(pairs),
            "O" + n[1] + " " + " ".join(pairs[1:]),
            " ".join(WORDS[int(d)] for d in n),
            "".join(chr(0x1D7CE + int(d)) for d in n),
            "_".join(pairs),
        )
    )


def handle(random: Random, site: str) -> str:
    """Return a handle that no platform has."""
    word = random.choice(("lesfurets", "comptoir", "lamaison", "leclub", "labotte", "carre"))
    return f"@{word}_{site}_{digits(random, 5)}fictif"


def link_telegram(random: Random, site: str) -> str:
    """Return an invitation that opens nothing."""
    code = "".join(random.choices("abcdefghjkmnpqrstuvwxyzABCDEFGH23456789", k=16))
    return random.choice((f"https://t.me/+{code}", f"t.me/fictif_{site}_{digits(random, 6)}"))


def link_web(random: Random, site: str) -> str:
    """Return an address under the top-level domain that never resolves."""
    word = random.choice(("gazette", "menu", "photos"))
    return f"https://www.{word}-{site}{digits(random, 3)}.invalid/p/{digits(random, 5)}"


def email(random: Random, site: str) -> str:
    """Return an address at a reserved domain."""
    first, last = random.choice(("bastien", "ines", "ruben")), random.choice(LAST).lower()
    return f"{first}.{last.replace('é', 'e').replace('è', 'e')}{digits(random, 2)}@example.org"


def iban(random: Random, site: str) -> str:
    """Return an IBAN with a right key at a bank code that is not given out."""
    bban = "99999" + digits(random, 5) + digits(random, 11) + digits(random, 2)
    key = 98 - int(bban + "152700") % 97
    text = f"FR{key:02d}{bban}"
    return random.choice((text, " ".join(text[i : i + 4] for i in range(0, 27, 4))))


def card(random: Random, site: str) -> str:
    """Return a card number with a right Luhn digit in a range kept for tests."""
    body = "400000" + digits(random, 9)
    total = sum(sum(divmod(int(d) * 2, 10)) if i % 2 == 0 else int(d) for i, d in enumerate(body))
    text = body + str(-total % 10)
    return random.choice((text, " ".join(text[i : i + 4] for i in range(0, 16, 4))))


def nir(random: Random, site: str) -> str:
    """Return a social-security number with a right key in a commune that does not exist."""
    body = f"{random.choice('12')}{random.randrange(60, 99)}{random.randrange(1, 13):02d}98999"
    body += f"{random.randrange(900, 999)}"
    key = 97 - int(body) % 97
    cuts = (body[0], body[1:3], body[3:5], body[5:7], body[7:10], body[10:13], f"{key:02d}")
    return random.choice((" ".join(cuts), "".join(cuts)))


def plate(random: Random, site: str) -> str:
    """Return a plate of the series SS, which is never given out."""
    letters = "ABCDEFGHJKLMNPQRSTVWXYZ"
    return f"SS-{random.randrange(100, 999)}-{random.choice(letters)}{random.choice(letters)}"


def wallet(random: Random, site: str) -> str:
    """Return a wallet address in the right alphabet whose checksum is wrong."""
    return "bc1q" + "".join(random.choices("qpzry9x8gf2tvdw0s3jn54khce6mua7l", k=38))


def address(random: Random, site: str) -> str:
    """Return an address in a street that does not exist."""
    kind = random.choice(("rue", "avenue", "impasse", "boulevard"))
    street = f"{random.randrange(2, 180)} {kind} {random.choice(STREETS)}"
    return street + random.choice(("", f", {POSTCODE.get(site, '59000')}"))


def code(random: Random, site: str) -> str:
    """Return the code of a door."""
    return random.choice(
        (
            f"{digits(random, 2)}B{digits(random, 2)}",
            f"A{digits(random, 4)}",
            digits(random, 4) + "B",
        )
    )


def gps(random: Random, site: str) -> str:
    """Return a position of six decimals in the sea."""
    return f"43.{digits(random, 6)}, 7.{random.randrange(5, 9)}{digits(random, 5)}"


def birthdate(random: Random, site: str) -> str:
    """Return a date of birth."""
    day, month = random.randrange(1, 29), random.randrange(1, 13)
    return f"{day:02d}/{month:02d}/{random.randrange(1970, 2004)}"


def id_document(random: Random, site: str) -> str:
    """Return a passport number of a series that is not in use."""
    return f"{digits(random, 2)}ZZ{digits(random, 5)}"


def ip(random: Random, site: str) -> str:
    """Return an address of the documentation ranges."""
    return f"{random.choice(('192.0.2', '198.51.100', '203.0.113'))}.{random.randrange(2, 250)}"


def user_id(random: Random, site: str) -> str:
    """Return a platform's account number."""
    return "9" + digits(random, 9)


def name(random: Random, site: str) -> str:
    """Return a person's name whose family name nobody bears."""
    return f"{random.choice(FIRST)} {random.choice(LAST)}"


KINDS: dict[str, Callable[[Random, str], str]] = {
    "phone": phone,
    "phone-obfuscated": phone_obfuscated,
    "handle": handle,
    "link-telegram": link_telegram,
    "link-web": link_web,
    "email": email,
    "iban": iban,
    "card": card,
    "nir": nir,
    "plate": plate,
    "wallet": wallet,
    "address": address,
    "code": code,
    "gps": gps,
    "birthdate": birthdate,
    "id-document": id_document,
    "ip": ip,
    "user-id": user_id,
    "name": name,
}
