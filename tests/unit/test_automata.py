"""Compiled scanners that are kept: the same hits from the cache, and from one that is damaged."""

from concurrent.futures import ThreadPoolExecutor

import hyperscan

from fanal.text import automata


def hits(scanner, text):
    found = []
    scanner.scan(text, lambda i, *_: found.append(i))
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


def test_threads_that_scan_at_the_same_time_find_their_own():
    scanner = automata.compiled([b"coke", b"keta"], [7, 9], [0, 0])
    asked = [b"coke " * n + b"keta " * (9 - n) for n in range(10)] * 40
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: hits(scanner, text), asked))
    assert found == [[7] * n + [9] * (9 - n) for n in range(10)] * 40
