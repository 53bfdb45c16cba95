"""Coders: from documents to observations. The built-in one is `fanal.coding.lexicon`."""
