"""Who speaks in a transcript: labels at the start of lines, told from headings in notes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated import keys

_STAMP = (
    r"(?:\[\s?\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s?\]"
    r"|\(\s?\d{1,2}[:h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s?\)"
    r"|\{\s?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s?\}"
    r"|#\d{1,2}:\d{2}(?::\d{2})?(?:[.,-]\d+)*#"
    r"|\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?)"
)
_LABEL = r"[^\W\d_][^\n:#\[\]{}<>\"«»!?;=/@]{0,62}?"
_TURN = re.compile(
    rf"(?:{_STAMP}\s*)*(?:\[?\d{{1,4}}[.)\]]\s+)?(?:{_STAMP}\s*)*"
    rf"(?:[-–—•>]\s*)?(?:#\s?)?(?P<label>{_LABEL})\s*(?:{_STAMP}\s*)?"
    rf"[:：](?!//|\d)\s*(?P<text>.*)"
)
_STAMPED = re.compile(rf"(?P<label>{_LABEL})\s+(?:{_STAMP}|\(?\d{{1,2}}:\d{{2}}\)?)\s*(?P<text>)")
_STAMP_FIRST = re.compile(rf"(?:{_STAMP}|\d{{1,2}}:\d{{2}})\s+(?P<label>{_LABEL})(?P<text>)")
_DASHED = re.compile(r"(?P<label>[A-ZÀ-Þ]{1,3}\d{0,2})\s*[-–—]\s+(?P<text>.+)")
_WORD_DASHED = re.compile(
    r"(?P<label>[A-ZÀ-Þ][^\W\d_]{3,20}(?:\s?\d{1,2})?)\s*[-–—]\s+(?P<text>.+)"
)
_ABOUT = re.compile(r"(?P<label>[^()]+?)\s*\((?P<about>[^()]+)\)")
_ANY_STAMP = re.compile(rf"\s*{_STAMP}")

_ROLE = re.compile(
    r"(?:enqueteu?r(?:ice)?s?|enquetrice|interview(?:er|eur|euse|ee|e|ed)|chercheu(?:r|se)|researcher"
    r"|moderat(?:eur|rice|or)|animat(?:eur|rice)|facilitat(?:or|eur|rice)|participante?|repondante?"
    r"|respondent|informat(?:eur|rice)|informant|observat(?:eur|rice)|observer|locut(?:eur|rice)"
    r"|speaker|intervenante?|usagere?|user|client|educat(?:eur|rice)|question|reponse|answer"
    r"|q|r|temoin|witness|personne|person|host|guest|invitee?|homme|femme|voix|voice)"
    r"(?:_?\d{1,3}|_[a-z])?"
)
_CODE = re.compile(r"[A-Z]{1,4}\s?\d{0,3}")
_PARTICLES = {
    "de",
    "du",
    "des",
    "la",
    "le",
    "d",
    "von",
    "van",
    "el",
    "al",
    "ben",
    "et",
    "and",
    "the",
}

# What a colon follows in notes and forms and who is never a person.
_HEADINGS = """
    date dates lieu lieux place places site sites heure heures horaire horaires time times duree
    duration prix price prices tarif tarifs cost produit produits product products substance
    substances quantite quantites quantity qualite quality purete purity dose doses dosage effet
    effets effect effects note notes nb remarque remarques remark remarks comment comments
    commentaire commentaires attention important exemple exemples example examples ex source
    sources total resume summary contexte context objet subject sujet theme themes titre title
    contact contacts tel telephone phone email mail adresse address site_web web url lien link
    ambiance public publics population populations espace espaces space spaces usage usages use
    uses consommation consommations pratique pratiques practice practices offre supply vente
    ventes achat achats livraison delivery paiement payment accessibilite accessibility
    disponibilite availability tendance tendances trend trends constat constats observation
    observations conclusion conclusions synthese analyse analysis question_1 introduction
    annexe bilan suivi actions action materiel equipment presents present absents meteo weather
    entretien interview numero number no n ref reference age sexe sex genre gender profession
    job ville city quartier district region departement pays country semaine week mois month
    annee year jour day page transcription transcript enregistrement recording audio fichier file
    langue language statut status type types categorie category forme form couleur color colour
    poids weight logo aspect texture odeur smell composition analyse_labo resultat resultats
    result results raison reason motif alerte alert signal signalement rappel reminder info infos
    information informations participants participantes intervenants intervenantes attendees
    animation facilitation moderation personnes_presentes excuses
    risque risques risk risks hypothese mode modes provenance origine
    origin arrivee depart situation evenement event sante health reponses questions
    """


_HEADING_WORDS = frozenset(_HEADINGS.split())


@dataclass(frozen=True)
class Cast:
    """Who speaks: the labels of turns as `folded`, and the labels that are people's names."""

    labels: frozenset[str]
    names: tuple[str, ...]


Labelled = tuple[str, str] | None

# what stands before the names of those who took part
_TAKEN_PART = {"participant", "participants", "participante", "participantes", "animation",
               "intervenants", "intervenantes", "presents", "presentes", "personnes_presentes",
               "attendees", "present", "facilitation", "moderation", "excuses"}  # fmt: skip


def label_of(line: str) -> Labelled:
    """Split "Label: text", "#Label: text", "[00:12] Label: text" and the like; None if no label.

    After a time alone only a role is one, as "00:00:03 Speaker 1".
    """
    for pattern in (_TURN, _STAMPED, _DASHED):
        if found := pattern.fullmatch(line):
            return _short(found["label"].strip(" .,-–—*")), found["text"].strip()
    if (found := _STAMP_FIRST.fullmatch(line)) and is_role(found["label"]):
        return found["label"], ""
    return None


def labels_of(lines: list[str]) -> list[Labelled]:
    """Split the lines of a text; "ENQUÊTEUR – text" is a turn where a role recurs so written."""
    labels = [label_of(line) for line in lines]
    dashed = [_WORD_DASHED.fullmatch(line) for line in lines]
    if sum(is_role(found["label"]) for found in dashed if found) < 2:
        return labels
    return [
        label or ((found["label"], found["text"].strip()) if found else None)
        for label, found in zip(labels, dashed, strict=True)
    ]


def _short(label: str) -> str:
    """Return a label without what brackets say of the person: "P1 (F, 34 ans)" is P1."""
    found = _ABOUT.fullmatch(label)
    named = found and len(found["about"]) > 2 and is_name_like(found["about"])
    return found["label"] if found and not named else label


def is_role(label: str) -> bool:
    """Say whether a label is a role or a code (Enquêteur, Speaker 2, E1), not a person's name."""
    fold = folded(label)
    return (
        bool(_ROLE.fullmatch(fold))
        or bool(_CODE.fullmatch(label) and len(label) <= 4)
        or (
            bool(fold)
            and all(_ROLE.fullmatch(word) for word in fold.split("_") if word.isalpha())
            and any(word.isalpha() for word in fold.split("_"))
        )
    )


def is_heading(label: str) -> bool:
    """Say whether a label is one that notes and forms have: a date, a place, a price."""
    name = folded(label)
    first = name.partition("_")[0]
    told = first in keys("keys") or first in keys("facts")
    return told or name in _HEADING_WORDS or first in _HEADING_WORDS


def is_name_like(label: str) -> bool:
    """Say whether a label is written as names are: few words, capitals."""
    words = re.split(r"[\s'’-]+", label.strip())
    if not 1 <= len(words) <= 4 or len(label) > 40:
        return False
    proper = [word for word in words if word.casefold() not in _PARTICLES]
    return bool(proper) and all(word[:1].isupper() for word in proper) and not is_heading(label)


def who_took_part(turn: Labelled) -> list[str]:
    """Return the names that a line at the top lists: "Participants : Karim Belhadj, Lou (P2)"."""
    if not turn or folded(turn[0]) not in _TAKEN_PART:
        return []
    said = re.split(r"\s*[,;/]\s*|\s+(?:et|and|und)\s+", re.sub(r"\([^)]*\)", "", turn[1]))
    names = [name.strip(" .-–") for name in said]
    return names if all(map(is_name_like, names)) else []


def find_cast(lines: list[Labelled]) -> Cast:
    """Find the speakers of a text from all its lines, split by `label_of`.

    A label counts if it is a role that recurs, or if it recurs and is no heading of a form, or if
    the top lists it among those who took part. In a text that is a dialogue by these, a name that
    speaks once counts too.
    """
    found = [turn for turn in lines if turn]
    counts = Counter(folded(label) for label, _ in found)
    written = {folded(label): label for label, _ in reversed(found)}
    possible = [fold for fold, label in written.items() if fold and not is_heading(label)]
    roles = {fold for fold in possible if _ROLE.fullmatch(fold)}
    named = {fold for fold in possible if is_name_like(written[fold]) or is_role(written[fold])}
    listed = {part for turn in lines for name in who_took_part(turn)
              for part in (folded(name), *folded(name).split("_"))}  # fmt: skip
    often = {fold for fold in named if counts[fold] >= 2 or fold in listed}
    short = {f for f in possible if counts[f] >= 2 and len(written[f].split()) <= 2}
    if 2 * sum(counts[fold] for fold in short) >= len(lines):
        often |= short  # where most lines have a label, names may be written in lower case
        named |= short
    is_form = bool(often) and not roles | (often & listed) and _is_form(found, often)
    is_dialogue = bool(roles & often) or len(roles) >= 2
    if not is_dialogue and not is_form:
        share = sum(counts[fold] for fold in often | roles) / max(1, len(lines))
        enough = share >= 0.25 and sum(counts[fold] for fold in often) >= 3
        # a few lines, in which a name or a role may be heard once
        most = len(named | roles) >= 2 and sum(counts[fold] for fold in named) >= 0.5 * len(lines)
        is_dialogue = bool(often and enough) or bool((often or roles) and most)
    labels = roles | often | named if is_dialogue else set()
    people = set() if is_form else labels or often
    names = sorted(written[fold] for fold in people if not is_role(written[fold]))
    return Cast(frozenset(labels), tuple(names))


def _is_form(found: list[tuple[str, str]], often: set[str]) -> bool:
    """Tell a form filled in several times from a dialogue: same order, short, no question."""
    turns = [(folded(label), text) for label, text in found if folded(label) in often]
    labels = [label for label, _ in turns]
    steps = set(pairwise(labels))
    short = median(len(text.split()) for _, text in turns) <= 6
    asked = any("?" in text for _, text in turns)
    return len(often) >= 3 and len(steps) <= len(often) and short and not asked


def without_stamps(text: str) -> str:
    """Drop the time stamps of a transcription program."""
    return _ANY_STAMP.sub("", text).strip()
