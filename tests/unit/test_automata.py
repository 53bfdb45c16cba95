"""Compiled scanners that are kept: the same hits from the cache, and from one that is damaged."""

import hyperscan

from fanal.text import automata


def hits(database, text):
    found = []
    scratch = hyperscan.Scratch(database)
    database.scan(text, match_event_handler=lambda i, *_: found.append(i), scratch=scratch)
    return found


def test_what_is_kept_finds_the_same_and_a_damaged_file_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    asked = ([b"coke", b"keta"], [7, 9], [hyperscan.HS_FLAG_CASELESS] * 2)
    assert hits(automata.kept(*asked), b"Keta, coke") == [9, 7]
    [file] = (tmp_path / "fanal").iterdir()
    whole = file.read_bytes()
    assert hits(automata.kept(*asked), b"Keta, coke") == [9, 7]
    file.write_bytes(whole[: len(whole) // 2])
    assert hits(automata.kept(*asked), b"Keta, coke") == [9, 7]
    assert file.read_bytes() == whole
    other = automata.kept(asked[0], [7, 9], [0, 0])
    assert hits(other, b"Keta, coke") == [7]
