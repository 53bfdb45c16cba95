"""Fanal: a self-hosted drug-trend observatory."""

__version__ = "0.1.0"
