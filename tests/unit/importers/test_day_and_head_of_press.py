"""Which day is that of an article: that of publishing; and which line is no head of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanal.importers.base import RawDocument
from fanal.importers.press import Press

TEXT = "Deux lots de kétamine ont été saisis au port, et le gramme se vend trente euros en ville. "
MODIFIED = '<meta property="article:modified_time" content="2026-03-16T08:00:00+01:00">'
LINKED = (
    '<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{}",{}"x":1}}'
    "</script>"
)


def articles(path: Path, text: str) -> list[tuple[str, str]]:
    path.write_text(text, "utf-8")
    return [(str(row.time)[:10], row.text) for row in Press().extract(path)
            if isinstance(row, RawDocument)]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (LINKED.format("2026-03-14T07:00:00+01:00", '"dateModified":"2026-03-16",'), "2026-03-14"),
        (LINKED.format("2026-03-14", ""), "2026-03-14"),
        ('<meta property="article:published_time" content="2026-03-14T23:50:00Z">', "2026-03-14"),
        ('<meta itemprop="datePublished" content="2026-03-14">', "2026-03-14"),
        # a teaser below has a day of its own; the page itself tells programs one in another way
        (LINKED.format("2026-03-14", "") + LINKED.format("2026-01-02", "")
         + '<meta itemprop="datePublished" content="2026-03-14">', "2026-03-14"),
        ("", "2026-03-16"),
    ],
)  # fmt: skip
def test_a_page_is_of_the_day_on_which_it_was_published(
    tmp_path: Path, head: str, day: str
) -> None:
    page = (
        f"<html><head><title>Saisie au port</title>{MODIFIED}{head}</head><body><article>"
        f"<h1>Saisie au port</h1><p>{TEXT * 3}</p><p>{TEXT * 3}</p></article></body></html>"
    )
    assert [found for found, _ in articles(tmp_path / "a.html", page)] == [day]


@pytest.mark.parametrize("agency", ["(AFP fictive, 13/03/2026)", "[AFP fictive, 13/03/2026]"])
@pytest.mark.parametrize("rule", ["* * *", "-----", "***", ""])
def test_an_agency_in_brackets_is_no_head(tmp_path: Path, agency: str, rule: str) -> None:
    one = f"Le Courrier du Val, 14/03/2026, p. 7\nSaisie\n{TEXT}\n{agency}\nL'enquête continue."
    other = f"Le Matin des Dunes, 21/03/2026, p. 2\nKétamine\n{TEXT}"
    assert articles(tmp_path / "r.txt", f"{one}\n\n{rule}\n\n{other}\n") == [
        ("2026-03-14", one.replace(TEXT, TEXT.strip())),
        ("2026-03-21", other.strip()),
    ]


def test_heads_that_all_stand_in_brackets_are_heads(tmp_path: Path) -> None:
    one = f"Saisie de MDMA\n(Le Courrier du Val, 14/03/2026)\n{TEXT}"
    other = f"Kétamine\n(Le Matin des Dunes, 21/03/2026)\n{TEXT}"
    found = articles(tmp_path / "r.txt", f"{one}\n\n{other}\n")
    assert [day for day, _ in found] == ["2026-03-14", "2026-03-21"]
