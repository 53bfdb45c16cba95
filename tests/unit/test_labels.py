"""What people call a concept."""

from pathlib import Path

import pytest

import fanal
from fanal.exporters.edition import Name
from fanal.publishing import label


@pytest.mark.parametrize(
    ("concept", "french", "english"),
    [
        ("substance=ketamine", "Kétamine", "Ketamine"),
        ("price currency=EUR substance=ketamine unit=g", "Kétamine", "Ketamine"),
        ("place=69123", "Lyon", "Lyon"),
        ("together substance=cocaine with=ketamine", "Cocaïne + Kétamine", "Cocaine + Ketamine"),
        ("together place=69123 substance=ketamine", "Kétamine + Lyon", "Ketamine + Lyon"),
        ("platform=signal", "Signal", "Signal"),
    ],
)
def test_labels(tmp_path: Path, concept: str, french: str, english: str) -> None:
    with fanal.create(tmp_path / "obs") as observatory:
        assert label(observatory.thesaurus(), concept, observatory) == Name(french, english)
