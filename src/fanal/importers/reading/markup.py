"""Text out of pieces of HTML."""

from __future__ import annotations

import re

_BREAKS = frozenset(("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre"))
_MARKED = re.compile(r"\s*<(p|div|span|a|h[1-6]|ul|blockquote)\b[^<>]{0,500}>.*</\1>", re.S | re.I)


def shown(text: str) -> str:
    """Return a text as a person saw it: without the tags, where it begins as HTML does.

    >>> shown("<p>Merci <b>à tous</b></p>"), shown("<30 € le g")
    ('Merci à tous', '<30 € le g')
    """
    return plain_text(text) if text.lstrip()[:1] == "<" and _MARKED.match(text) else text


def plain_text(html: str) -> str:
    """Return the text of a piece of HTML, blocks on lines of their own."""
    if "<" not in html:
        return _tidy(html)
    from lxml import html as lxml_html

    try:
        top = lxml_html.fragment_fromstring(html, create_parent="div")
    except (ValueError, lxml_html.etree.LxmlError):
        return _tidy(re.sub(r"<[^>]{0,500}>", " ", html))
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
    lines = (" ".join(line.split()) for line in text.replace("\x00", "").split("\n"))
    return "\n".join(line for line in lines if line)
