"""Exporters: one module, one format."""

from fanal.exporters.alert import AlertDocx, AlertJson, AlertPdf
from fanal.exporters.base import Exporter
from fanal.exporters.bulletin_docx import BulletinDocx
from fanal.exporters.bulletin_html import BulletinHtml
from fanal.exporters.bulletin_pdf import BulletinPdf

BUILTIN: tuple[type[Exporter], ...] = (
    BulletinHtml,
    BulletinPdf,
    BulletinDocx,
    AlertPdf,
    AlertDocx,
    AlertJson,
)
