"""The scheme as a REFI-QDA codebook (`.qdc`), for any program of qualitative analysis."""

from __future__ import annotations

import uuid

from lxml import etree  # namespaces and escaping as the standard wants them

from fanal.coding.practices import Code, Rules

LANGUAGES = ("fr", "en")  # that every code is described in
NAMESPACE = "urn:QDA-XML:codebook:1.0"
# Codes keep their identity from one export to the next: the guid is made from the code.
FAMILY = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE + "/fanal")


def as_qdc(rules: Rules, language: str) -> bytes:
    """Return the codes as a REFI-QDA 1.0 codebook, nested, described in `fr` or `en`."""
    root = etree.Element(f"{{{NAMESPACE}}}CodeBook", nsmap={None: NAMESPACE}, origin="Fanal")
    codes = etree.SubElement(root, f"{{{NAMESPACE}}}Codes")
    elements = {"": codes}
    for name in sorted(rules.codes):
        code = rules.codes[name]
        parent = elements.get(name.rpartition(".")[0], codes)
        elements[name] = _element(parent, code, language)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _element(parent: etree._Element, code: Code, language: str) -> etree._Element:
    element = etree.SubElement(
        parent,
        f"{{{NAMESPACE}}}Code",
        guid=str(uuid.uuid5(FAMILY, code.id)),
        name=code.label[language],
        isCodable="true",
    )
    description = etree.SubElement(element, f"{{{NAMESPACE}}}Description")
    description.text = f"{code.id}. {code.definition[language]} + {code.example} − {code.counter}"
    return element
