"""The command line: one module for each group of verbs."""

from fanal.cli.main import main

__all__ = ["main"]
