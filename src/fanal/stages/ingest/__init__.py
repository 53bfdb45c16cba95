"""Ingest: files go through an importer and the door into the tables, once and whole."""
