"""What the pages call the things of the records, in French and English."""

from __future__ import annotations

from typing import Any

from fanal.exporters.signals_prose import NOVELTY, amount, detector, excerpt, kind
from fanal.people import triage

Pair = tuple[str, str]

ROLES: dict[str, Pair] = {
    "reader": ("lecture", "reader"),
    "observer": ("observation", "observer"),
    "coordinator": ("coordination", "coordinator"),
    "analyst": ("analyse nationale", "national analyst"),
    "administrator": ("administration", "administrator"),
}
STATES: dict[str, Pair] = {
    "received": ("à trier", "awaiting"),
    "verified": ("vérifié", "verified"),
    "assessed": ("évalué", "assessed"),
    "alerted": ("alerte donnée", "alert issued"),
    "closed": ("classé", "closed"),
    "retracted": ("retiré", "retracted"),
}
VERDICTS: dict[str, Pair] = {
    "verify": ("vérifier", "verify"),
    "dismiss": ("écarter", "dismiss"),
    "assess": ("évaluer", "assess"),
    "alert": ("alerter", "alert"),
    "close": ("classer", "close"),
    "retract": ("retirer l'alerte", "retract the alert"),
    "reopen": ("rouvrir", "reopen"),
    "support": ("rattacher, pour", "tie, for"),
    "contradict": ("rattacher, contre", "tie, against"),
}
SAID: dict[str, Pair] = {  # a verdict that was given
    "verify": ("a vérifié", "verified"),
    "dismiss": ("a écarté", "dismissed"),
    "assess": ("a évalué", "assessed"),
    "alert": ("a donné l'alerte", "issued an alert"),
    "close": ("a classé", "closed"),
    "retract": ("a retiré l'alerte", "retracted the alert"),
    "reopen": ("a rouvert", "reopened"),
    "support": ("y voit un indice pour", "sees evidence for"),
    "contradict": ("y voit un indice contre", "sees evidence against"),
}
DIRECTIONS: dict[str, Pair] = {
    "new": ("première fois", "first time"),
    "up": ("en hausse", "rising"),
    "down": ("en baisse", "falling"),
    "silent": ("silence", "silent"),
}
STANCES: dict[str, Pair] = {
    "for": ("pour", "for"),
    "against": ("dit le contraire", "against"),
    "silent": ("n'en parle pas", "does not speak of it"),
    "not read": ("non lu", "not read"),
}
HARM: dict[int, Pair] = {
    1: ("faible", "low"),
    2: ("modéré", "moderate"),
    3: ("élevé", "high"),
    4: ("très élevé", "very high"),
}
QUALITY: dict[int, Pair] = {
    1: ("faibles", "weak"),
    2: ("moyens", "fair"),
    3: ("bons", "good"),
    4: ("solides", "strong"),
}
RESPONSES: dict[str, Pair] = {
    "watch": ("continuer la veille", "keep watching"),
    "verify": ("chercher confirmation sans attendre", "look for corroboration at once"),
    "bulletin": ("le dire dans le bulletin", "tell it in the bulletin"),
    "professionals": ("informer les professionnels", "tell professionals"),
    "alert": ("alerter professionnels et usagers", "alert professionals and users"),
}
STAGES: dict[str, Pair] = {
    "ingest": ("lecture", "ingest"),
    "code": ("codage", "code"),
    "count": ("comptage", "count"),
    "detect": ("détection", "detect"),
    "publish": ("publication", "publish"),
    "erase": ("effacement", "erase"),
    "retention": ("durée de conservation", "retention"),
}
STATUS: dict[str, Pair] = {
    "done": ("fait", "done"),
    "failed": ("échoué", "failed"),
    "stopped": ("arrêté", "stopped"),
}

COUNTED: dict[str, Pair] = {
    "documents": ("documents", "documents"),
    "samples": ("échantillons", "samples"),
}
FINENESS: dict[str, Pair] = {
    "day": ("jour", "day"),
    "week": ("semaine", "week"),
    "month": ("mois", "month"),
    "year": ("année", "year"),
    "none": ("aucun lieu", "no place"),
}
LEVELS: dict[str, Pair] = {
    "note": ("remarque", "note"),
    "warning": ("avertissement", "warning"),
    "error": ("erreur", "error"),
}
ISSUES: dict[str, str] = {  # kinds of issue, in French
    "amount not possible": "quantité impossible",
    "amount not readable": "quantité illisible",
    "amounts not told apart": "quantités que rien ne distingue",
    "case id repeated": "numéro de cas répété",
    "characters not readable": "caractères illisibles",
    "chat type missing": "sorte de conversation absente",
    "column about a person": "colonne qui porte sur une personne",
    "column name not known": "nom de colonne inconnu",
    "cue not readable": "réplique illisible",
    "date not readable": "date illisible",
    "decimals or thousands not told apart": "décimales ou milliers, rien ne le dit",
    "feed not well formed": "flux mal formé",
    "figure in brackets": "chiffre entre crochets",
    "id repeated": "identifiant répété",
    "ids repeated": "identifiants répétés",
    "line damaged": "ligne abîmée",
    "message damaged": "message abîmé",
    "no case id": "pas de numéro de cas",
    "no date": "pas de date",
    "no substance": "pas de substance",
    "no text in the project": "pas de texte dans le projet",
    "not a JSON object": "n'est pas un objet JSON",
    "not a number": "n'est pas un nombre",
    "not a sample": "n'est pas un échantillon",
    "not valid JSON": "JSON non valide",
    "order of day and month not shown": "ordre du jour et du mois incertain",
    "period not readable": "période illisible",
    "quote never closed": "guillemet jamais fermé",
    "result without a sample": "résultat sans échantillon",
    "row damaged": "rangée abîmée",
    "source not readable": "source illisible",
    "step not readable": "pas de temps illisible",
    "substance not sure": "substance incertaine",
    "text not in the project": "texte absent du projet",
    "text too long": "texte trop long",
    "too few cells": "trop peu de cellules",
    "too many cells": "trop de cellules",
    "unit not said": "unité non dite",
}


def issue(kind: str) -> Pair:
    """Return what an issue is called; one of a plug-in keeps its own name in French too."""
    if kind.startswith("quarantined: "):
        return "mis en quarantaine par la porte", kind
    return ISSUES.get(kind, kind), kind


def response(harm: int, quality: int) -> Pair:
    """Return the response that the grades of an assessment suggest."""
    return RESPONSES[triage.response(harm, quality)]


IN_TEMPLATES: dict[str, Any] = {
    "amount": amount,
    "detector": detector,
    "directions": DIRECTIONS,
    "excerpt": excerpt,
    "harm_words": HARM,
    "issue": issue,
    "kind": kind,
    "level_words": LEVELS,
    "novelty_words": NOVELTY,
    "quality_words": QUALITY,
    "response": response,
    "role_words": ROLES,
    "said_words": SAID,
    "stage_words": STAGES,
    "stances": STANCES,
    "states": STATES,
    "status_words": STATUS,
    "verdict_words": VERDICTS,
}
