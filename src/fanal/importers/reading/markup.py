"""Text out of pieces of HTML."""

from __future__ import annotations

import html
import re

_BREAKS = frozenset(("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre"))
_MARKED = re.compile(r"\s*<(p|div|span|a|h[1-6]|ul|blockquote)\b[^<>]{0,500}>.*</\1>", re.S | re.I)


_REFERENCE = re.compile(r"&(?:[A-Za-z]{2,8}[1-4]?|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")


def without_references(text: str) -> str:
    """Return a text with the characters that its references to them stand for, `&euro;` for €.

    Programs write some twice over: `&amp;euro;`.

    >>> without_references("40 &amp;euro; &lt;3 R&D")
    '40 € <3 R&D'
    """
    for _ in range(3):
        if "&" not in text or not _REFERENCE.search(text):
            break
        text = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    return text


def shown(text: str) -> str:
    """Return a text as a person saw it: without the tags, where it begins as HTML does.

    >>> shown("<p>Merci <b>à tous</b></p>"), shown("<30 € le g")
    ('Merci à tous', '<30 € le g')
    """
    if text.lstrip()[:1] == "<" and _MARKED.match(text):
        return plain_text(text)
    return without_references(text) if "&" in text else text


def plain_text(page: str) -> str:
    """Return the text of a piece of HTML, blocks on lines of their own."""
    if "<" not in page:
        return _tidy(page)
    from lxml import html as lxml_html

    try:
        top = lxml_html.fragment_fromstring(page, create_parent="div")
    except (ValueError, lxml_html.etree.LxmlError):
        return _tidy(re.sub(r"<[^>]{0,500}>", " ", page))
    pieces: list[str] = []
    for step, element in lxml_html.etree.iterwalk(top, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        hidden = name in ("script", "style") or not name
        if name in _BREAKS:
            pieces.append("\n")
        if step == "start" and not hidden:
            pieces.append(element.text or "")
        elif step != "start" and element is not top:
            pieces.append(element.tail or "")
    return _tidy("".join(pieces))


def _tidy(text: str) -> str:
    text = without_references(text)
    lines = (" ".join(line.split()) for line in text.replace("\x00", "").split("\n"))
    return "\n".join(line for line in lines if line)
