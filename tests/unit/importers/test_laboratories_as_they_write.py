"""Files of laboratories in the shapes that services write, with what each row says: in and out.

`laboratories.txt` has them: `#` begins a file, `$` is a parameter, `@` are merged cells of a
workbook (whose rows stand there as TSV), `>` what a row becomes, `!` what is told of the file.
"""

from pathlib import Path

import openpyxl
import pytest

from fanal.importers import identify
from fanal.importers.base import Issue, RawSample
from fanal.importers.lab.drug_checking import Lab

FILES = Path(__file__).with_name("laboratories.txt").read_text("utf-8").split("\n# ")[1:]
NAMED = {text.partition("\n")[0]: text.partition("\n")[2] for text in FILES}


def amount(result):
    """Return how much of a substance a result says there is."""
    if result.censored:
        low = "not found" if result.amount_max is None else f"<{result.amount_max:g}"
    elif result.amount is None:
        return "there"
    else:
        low = f"{result.amount:g}"
        low += "" if result.amount_max is None else f" to {result.amount_max:g}"
    unit = result.unit if low != "not found" else None
    return f"{low} {unit or ('without unit' if low != 'not found' else '')}".strip()


def line(sample):
    """Return a sample as `laboratories.txt` has it."""
    bought = "-" if sample.quantity is None else f"{sample.quantity:g} {sample.unit or '?'}"
    results = [f"{r.substance or '-'}: {amount(r)}, {r.role}" for r in sample.results]
    return " | ".join([sample.reference or "-", sample.sold_as or "-", bought, *results])


def written(folder, lines):
    """Write the file of a case: CSV, or a workbook where cells are merged."""
    rows = [each for each in lines if not each.startswith(("$ ", "@ ", "> ", "! "))]
    merged = [each[2:].split() for each in lines if each.startswith("@ ")]
    if not merged:
        path = folder / "results.csv"
        path.write_text("\n".join(rows) + "\n", "utf-8")
        return path
    book = openpyxl.Workbook()
    for row in rows:
        cells = [cell.strip() or None for cell in row.split("\t")]
        book.active.append([float(c) if c and c.replace(".", "", 1).isdigit() and n > 2 else c
                            for n, c in enumerate(cells)])  # fmt: skip
    for cells in (c for c in merged[0] if ":" in c):
        book.active.merge_cells(cells)
    path = folder / "results.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("name", NAMED)
def test_a_file_of_a_laboratory(tmp_path, name):
    lines = NAMED[name].strip().splitlines()
    told = dict(each[2:].split(" = ") for each in lines if each.startswith("$ "))
    path = written(tmp_path, lines)
    assert identify(path) is Lab
    rows = list(Lab(**told).extract(path))
    becomes = [f"> {line(r)}" for r in rows if isinstance(r, RawSample)]
    unsaid = [f"! {r.kind}: {r.field}" for r in rows if isinstance(r, Issue) and r.level != "note"
              and r.kind not in ("column name not known", "substance not sure")]  # fmt: skip
    assert becomes + unsaid == [each for each in lines if each.startswith(("> ", "! "))]
