"""Names of substances in a text, disguised or not."""
