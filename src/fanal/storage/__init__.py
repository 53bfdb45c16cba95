"""Storage: evidence and derived rows in Delta Lake, judgements in SQL, search in FTS5."""
