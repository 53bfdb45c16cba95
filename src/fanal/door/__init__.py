"""Nothing that identifies someone goes past here.

`admit` takes documents in, `identifiers` looks at a text, `pseudonyms` holds the keys.
"""
