"""The whole way through the command line, as a newcomer goes it, on a chat of two weeks."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import said

import fanal

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(fanal.__file__).parents[1])}
SOURCE = """
name = "canal"
title = "INVENTED: canal d'essai"
publisher = "invented"
kind = "public posts"
site = "lille"
legal_basis = "invented sample material"
invented = true
"""


def fanal_(*words, code=0, lines=None, cwd=None):
    done = subprocess.run(
        [sys.executable, "-m", "fanal.cli", *map(str, words)],
        input=lines, capture_output=True, text=True, env=ENVIRONMENT, timeout=120, check=False,
        cwd=cwd,
    )  # fmt: skip
    assert done.returncode == code, done.stderr[-2000:]
    return done


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """A public channel of 40 weeks; ketamine is never named until week 36."""
    messages = []
    for week in range(40):
        for post in range(6):
            when = datetime(2024, 9, 2, 12, tzinfo=UTC) + timedelta(weeks=week, hours=20 * post)
            text = "du shit à 50 balles les 10g" if post else "bonjour à tous, dispo ce soir"
            if week >= 36 and post < 5:
                text = f"nouveau : kétamine {40 + post}€ le g"
            if week == 3 and not post:
                text = "mon num 06 39 98 12 34"
            messages.append(
                {"id": len(messages) + 1, "type": "message", "date": when.isoformat()[:19],
                 "date_unixtime": str(int(when.timestamp())), "from": "Canal",
                 "from_id": "channel77", "text": text}
            )  # fmt: skip
    messages.append({"id": 999, "type": "service", "date": "2025-06-08T10:00:00",
                     "date_unixtime": "1749376800", "actor": "Canal", "action": "pin_message",
                     "text": ""})  # fmt: skip
    path = tmp_path_factory.mktemp("export") / "result.json"
    chat = {"name": "Canal", "type": "public_channel", "id": 77, "messages": messages}
    path.write_text(json.dumps(chat, ensure_ascii=False), "utf-8")
    return path


@pytest.fixture(scope="module")
def observatory(tmp_path_factory, export):
    folder = tmp_path_factory.mktemp("observatory") / "obs"
    assert said("init", folder, "--site", "lille")["site"] == "lille"
    (folder.parent / "canal.toml").write_text(SOURCE, "utf-8")
    said("source", "add", folder.parent / "canal.toml", "-d", folder)
    return folder


def test_the_way_through(observatory, export):
    at = ("-d", observatory)
    dry = said("ingest", export, "-s", "canal", "--dry-run", *at)
    assert (dry["dry_run"], dry["rows"][0]["documents"]) == (True, 240)
    assert said("status", *at)["tables"]["documents"] == 0

    first = said("run", export, "-s", "canal", *at)["files"][0]
    assert (first["importer"], first["read"], first["documents"]) == ("telegram", 241, 240)
    assert first["skipped"] == {"service message": 1}
    before = said("status", *at)["tables"]

    again = said("run", export, "-s", "canal", cwd=observatory)  # from within its folder
    assert again["files"][0]["status"] == "known"
    assert not any(stage["changed"] for stage in again["rows"])
    after = said("status", *at)["tables"]
    assert before == after

    signals = said("triage", "list", *at)["rows"]
    ketamine = next(s for s in signals if s["concept"] == "substance=ketamine")
    assert ketamine["novelty"] == "new"
    shown = said("triage", "show", ketamine["id"], *at)
    assert {r["kind"]: r["stance"] for r in shown["corroboration"]}["public posts"] == "for"
    assert all("kétamine" in e["text"] for e in shown["excerpts"])

    said("triage", "decide", ketamine["id"], "verify", "-r", "vu trois semaines de suite", *at)
    states = {s["id"]: s["state"] for s in said("triage", "list", *at)["rows"]}
    assert states[ketamine["id"]] == "verified"
    graded = said("triage", "decide", ketamine["id"], "assess", "-r", "deux sources", "--harm", "3",
                  "--quality", "2", *at)  # fmt: skip
    assert (graded["state"], graded["response"]) == ("assessed", "professionals")

    told = said("triage", "phenomenon", "new", "Kétamine", "--concept", "substance=ketamine",
                "-s", "Elle s'étend.", "--year", "2023", "--origin", "TREND 2023", *at)  # fmt: skip
    added = said("triage", "phenomenon", "add", told["id"], "-s", "Elle reste.", "--year", "2025",
                 "--novelty", "persistent", *at)  # fmt: skip
    assert added == {"id": told["id"], "year": 2025}
    linked = said("triage", "phenomenon", "link", told["id"], ketamine["id"], "-r", "vu", *at)
    assert linked["verdict"] == "support"
    rows = said("triage", "phenomenon", "list", *at)["rows"]
    assert [(r["id"], r["year"], r["statement"]) for r in rows] == [
        (told["id"], 2025, "Elle reste.")
    ]
    history = said("triage", "phenomenon", "show", told["id"], *at)
    assert [s["year"] for s in history["statements"]] == [2023, 2025]
    assert [s["verdict"] for s in history["signals"]] == ["support"]
    text = fanal_("triage", "show", ketamine["id"], *at).stdout
    assert "2023, TREND 2023: Kétamine, new. Elle s'étend." in text
    assert "│" in text
    assert "expected" in text

    files = said("publish", "bulletin", cwd=observatory)["rows"]
    assert {Path(f).name for f in files} == {
        "bulletin.fr.html", "bulletin.en.html", "bulletin.fr.pdf", "bulletin.en.pdf",
        "bulletin.fr.docx", "bulletin.en.docx",
    }  # fmt: skip
    page = next(observatory / f for f in files if f.endswith("fr.html")).read_text("utf-8")
    assert "tamine" in page
    assert "39 98 12 34" not in page
    assert all(row["level"] == "ok" for row in said("check", *at)["rows"])


def test_the_number_is_nowhere(observatory, export):
    said("run", export, "-s", "canal", "-d", observatory)
    with fanal.open(observatory) as opened:
        texts = [r["text"] for r in opened.tables.rows("SELECT text FROM documents")]
    assert "mon num [phone:FR]" in texts
    assert not any("12 34" in text for text in texts)


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("ingest", "nowhere.json", "-s", "canal"), 2, "no such file or folder"),
        (("ingest", "{export}", "-s", "kanal"), 2, "no source called 'kanal'"),
        (("triage", "show", "zzzzzzzz"), 2, "no signal with the id 'zzzzzzzz'"),
        (("run", "{export}"), 2, "files and --source belong together"),
        (("publish", "bulletin", "--language", "xx"), 2, "no language 'xx'"),
    ],
)
def test_errors_have_one_shape(observatory, export, words, code, what):
    words = [w.format(export=export) for w in words]
    error = said(*words, "-d", observatory, code=code)["error"]
    assert error["what"] == what
    assert set(error) == {"what", "where", "allowed", "do"}


def test_an_error_is_told_beside_the_answer(observatory):
    done = fanal_("triage", "show", "zzzzzzzz", "-d", observatory, "--json", code=2)
    assert done.stdout == ""
    assert set(json.loads(done.stderr)["error"]) == {"what", "where", "allowed", "do"}


def test_an_observatory_of_a_language_without_words_is_not_served(tmp_path):
    said("init", tmp_path / "obs")
    settings = tmp_path / "obs/fanal.toml"
    settings.write_text(settings.read_text("utf-8") + '\nlanguage = "xx"\n', "utf-8")
    error = said("serve", "-d", tmp_path / "obs", code=2)["error"]
    assert (error["what"], error["allowed"][:6]) == ("no language 'xx'", "fr, en")


def test_no_observatory(tmp_path):
    done = fanal_("status", "-d", tmp_path, code=2)
    assert "no observatory here" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_no_known_format_fails_and_the_others_go_on(observatory, export, tmp_path):
    (tmp_path / "odd.bin").write_bytes(bytes(range(256)) * 10)
    rows = said("ingest", tmp_path, export, "-s", "canal", "-d", observatory, code=1)["rows"]
    assert {r["name"]: r["status"] for r in rows}["odd.bin"] == "failed"
    assert {r["name"]: r["status"] for r in rows}["result.json"] in ("done", "known")


def test_the_door_prints_what_it_would_store():
    lines = "appelle le 06 39 98 12 34\n2g 90€\n"
    assert fanal_("door", "-", lines=lines).stdout == "appelle le [phone:FR]\n2g 90€\n"
    found = [
        json.loads(line) for line in fanal_("door", "-", "--json", lines=lines).stdout.splitlines()
    ]
    assert [f["quarantined"] for f in found] == [False, False]
    assert [(s["start"], s["stop"]) for s in found[0]["found"]] == [(11, 25)]
