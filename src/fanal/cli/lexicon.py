"""Verbs of the coder's knowledge: thesaurus, evaluate, benchmark."""

from __future__ import annotations
