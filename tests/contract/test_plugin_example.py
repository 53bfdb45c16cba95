"""The example of plug-ins is installed as a stranger's would be, chosen, and passes the checks."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

import fanal

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin"
SOURCE = """
name = "journal"
title = "INVENTED: a diary"
publisher = "invented"
kind = "field notes"
site = "lille"
legal_basis = "invented sample material"
review = "none"
review_reason = "essai"
"""
USED = """
import json, sys
from pathlib import Path
import fanal
from fanal.cli.app import app
from fanal.cli.main import register
from fanal.testing.coder_checks import check_coder
from fanal.testing.detector_checks import check_detector
from fanal.testing.importer_checks import check_importer
from fanal_example.diary import Diary
from fanal_example.doubled import Doubled
from fanal_example.hashtags import Hashtags

by, (folder, diary, description) = sys.argv[1], map(Path, sys.argv[2:])
register()
at = ["--dir", str(folder)]
app(["init", str(folder)], standalone_mode=False)
app(["source", "add", str(description), *at], standalone_mode=False)
app(["ingest", str(diary), "--source", "journal", *at], standalone_mode=False)
if by == "settings":
    with (folder / "fanal.toml").open("a") as settings:
        settings.write('coder = "hashtags"\\ndetectors = ["doubled"]\\nformats = ["titles"]\\n')
    app(["run", *at], standalone_mode=False)
    app(["publish", "bulletin", *at], standalone_mode=False)
else:
    check_importer(Diary(), [diary], [description])
    check_coder(Hashtags())
    check_detector(Doubled())
    app(["code", "--coder", "hashtags", *at], standalone_mode=False)
    app(["detect", "--detector", "doubled", *at], standalone_mode=False)
    app(["publish", "bulletin", "--format", "titles", *at], standalone_mode=False)
with fanal.open(folder) as observatory:
    told = {
        "documents": observatory.tables.counts()["documents"],
        "codes": observatory.tables.rows("SELECT code, count(*) AS n FROM facts GROUP BY ALL"),
        "alarms": [[row["period"].isoformat(), row["observed"], row["threshold"]] for row in
                   observatory.tables.rows("SELECT * FROM alarms ORDER BY period, series")
                   if row["series"] == "practices/practice=tag.fete/week"],
        "scores": [row.detector for row in observatory.signals()],
        "titles": (folder / "publications" / "titles.txt").read_text("utf-8").splitlines(),
    }
print("\\n" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "-qq", "--no-index", "--no-deps"]
    install += ["--no-build-isolation", "--target", str(folder), str(EXAMPLE)]
    subprocess.run(install, check=True)
    return folder


@pytest.fixture(scope="module", params=["settings", "command line"])
def told(request, installed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugin")
    diary, description = folder / "journal.txt", folder / "journal.toml"
    lines = ["diary of a team"]
    for week in range(12):
        day = date(2025, 1, 6) + timedelta(weeks=week)
        lines += [f"{day} soir calme, rien vu, passage {number}" for number in range(6)]
        lines += [
            f"{day} beaucoup de monde #fete {number}" for number in range(8 if week == 10 else 2)
        ]
    diary.write_text("\n".join(lines) + "\n", "utf-8")
    description.write_text(SOURCE, "utf-8")
    paths = [installed, Path(fanal.__file__).parents[1]]
    done = subprocess.run(
        [sys.executable, "-c", USED, request.param, *map(str, (folder / "o", diary, description))],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_format_of_a_stranger_is_read(told):
    assert told["documents"] == 11 * 8 + 14


def test_a_coder_is_chosen(told):
    assert told["codes"] == [{"code": "tag.fete", "n": 11 * 2 + 8}]


def test_a_detector_sees_what_it_asked_for(told):
    assert told["alarms"] == [["2025-03-17", 8.0, 4.0]]
    assert told["scores"] == ["doubled"]


def test_an_exporter_writes_the_bulletin(told):
    assert told["titles"] == ["tag.fete"]
