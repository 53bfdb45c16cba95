"""Lines that press databases write around articles, by which one is told from the next.

They stand on lines of their own: print joins none of them to a paragraph.
"""

from __future__ import annotations

import re

WORDS = r"(?:mots|words|w[öo]rter|parole|palabras|woorden)"
# under an article: "Fin du document", "Document VOIXFI0020250312el3c00012", "news·20250312·VN·1"
END = re.compile(
    r"(?P<nexis>End of Document|Fin du document|Document-Ende|Ende des Dokuments|Fine del documento"
    r"|Fin(?:al)? del documento|Einde van (?:het )?document)"
    r"|(?:AN\s+)?Do[ck]ument[oe]? (?P<factiva>[A-Z][A-Z0-9]{3,9}(?P<d1>\d{8})[a-z0-9]{6,})"
    r"|(?:.{0,40}[\s(])?news[·.\u2022](?P<d2>\d{8})[·.\u2022](?P<europresse>[\w·.\u2022-]+)\)?"
)
# above each article of a text of Nexis: "1 of 12 DOCUMENTS", "Dokument 1 von 12"
NUMBERED = re.compile(
    r"(?i)(?P<word>do[ck]ument(?:o|e|s|os|i|en)? )?\d{1,4} (?:of|de|von|di|van|sur) \d{1,4}"
    r"(?(word)| do[ck]ument(?:e|s|os|i|en)?)"
)
# above each of Europresse: what the newspaper is called, and what it is
NAMED = re.compile(r"(?i)nom de la source\s?:?(?:\s+(?P<name>.+))?")
LABEL = re.compile(
    r"(?i)(?:type de source|p[ée]riodicit[ée]|couverture g[ée]ographique|provenance)\s?:?"
)
# who has the rights in an article: the last line of it where a database left out its own marks
RIGHTS = re.compile(
    r"(?i)(?:©|\(c\)|copyright)\s*(?:19|20)\d{2}\b.*?"
    r"(?:tous droits r[ée]serv|all rights reserved|alle rechte vorbehalten"
    r"|tutti i diritti riservati|todos los derechos reservados|alle rechten voorbehouden).*"
)
_NOTICE = re.compile(r"(?i)©|\(c\) \d{4}|copyright\b")


def is_mark(line: str) -> bool:
    """Say whether a printed line goes on with none before it, and none goes on with it."""
    alone = END, NUMBERED, LABEL, NAMED
    return bool(_NOTICE.match(line)) or any(mark.fullmatch(line) for mark in alone)
