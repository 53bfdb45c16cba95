"""A review killed at any step: nothing is readable, nothing is lost, nothing is there twice."""

import json
import shutil

import killing
import pytest
from everything import found_in

from fanal.records import Audit
from fanal.testing.sought import Sought
from fanal.workspace import Workspace

DESCRIBED = """
name = "talks"
title = "INVENTED"
publisher = "essai"
kind = "public posts"
site = "lille"
legal_basis = "essai"
invented = true
review = "required"
"""
TALK = """Date : 12 mars 2026
Enquêteur : quels produits ?
Karim : la keta chez Zorglin. Mon numéro c'est le 06 39 98 12 34.
Enquêteur : et là ?
Karim : brumelk en vend au squat Lumignon, avec ZORGLIN.
"""
PLANTED = Sought(["Karim", "Zorglin", "06 39 98 12 34", "Brumelk", "Lumignon"])
MASKED = ("Zorglin", "brumelk", "squat Lumignon")
STORED = [
    "quels produits ?",
    "la keta chez [name]. Mon numéro c'est le [phone:FR].",
    "et là ?",
    "[name] en vend au [address], avec [name].",
]
ALL = 400  # more than any of them changes


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a folder with a file, an empty observatory, one where it waits, one decided on."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "talk.txt").write_text(TALK, "utf-8")
    with Workspace.create(folder / "empty", "essai") as ws:
        ws.add_source(DESCRIBED)
        with ws.writing():
            pass
    shutil.copytree(folder / "empty", folder / "waits")
    killing.bring(folder / "waits", folder / "talk.txt")
    shutil.copytree(folder / "waits", folder / "decided")
    killing.decide(folder / "decided", *MASKED)
    return folder


def rows(ws):
    return [r["text"] for r in ws.tables.rows("SELECT text FROM documents ORDER BY position")]


def ended(at, file):
    """Go on as a person would, whatever was cut short; what was decided need not be told again."""
    with Workspace(at) as ws:
        with ws.writing():
            pass
        if not rows(ws):
            ws.ingest([file], "talks")
            (waits,) = ws.waiting()
            if len(ws.review(waits.id).acts) < len(MASKED):
                killing.decide(at, *MASKED)
            ws.confirm_review(waits.id)
        assert ws.waiting() == []
        assert rows(ws) == STORED
        (run,) = ws.tables.rows("SELECT rows_out, status FROM runs WHERE stage = 'ingest'")
        assert run == {"rows_out": 4, "status": "done"}
        lines = [json.loads(a.detail) for a in ws.state.all(Audit, action="review")]
        assert [(line["texts"], line["masks"]) for line in lines] == [(4, 5)]
        (again,) = ws.ingest([file], "talks")
        assert again.status == "known"
    assert [p.name for p in (at / "reviews").iterdir()] == [".lock"]
    assert not list((at / "keys" / "review").iterdir())
    assert found_in(at, PLANTED) == {}


def tried(made, at, begun, work, words, before):
    """Kill work at one step; nothing is readable then, and what goes on ends well."""
    shutil.copytree(made / begun, at)
    whole = not killing.killed(work, at, *words, before=before)
    assert found_in(at, PLANTED) == {}
    return whole


STEPS = [
    ("empty", killing.bring, True, (("os.rename", ".key.new"), ("os.rename", ".text.new"))),
    ("waits", killing.decide, False, (("os.rename", ".acts.new"),)),
    (
        "decided",
        killing.confirm,
        False,
        (
            ("os.rename", "manifest.new"),
            ("os.rename", ".key"),
            ("os.remove", ".gone"),
            ("os.remove", ".text"),
        ),
    ),
]


@pytest.mark.parametrize(
    ("begun", "work", "file", "before"),
    [(begun, work, file, n) for begun, work, file, steps in STEPS for n in steps],
)
def test_killed_at_a_step(made, tmp_path, begun, work, file, before):
    words = [made / "talk.txt"] if file else list(MASKED) if work is killing.decide else []
    assert not tried(made, tmp_path / "obs", begun, work, words, before), "it ended before"
    ended(tmp_path / "obs", made / "talk.txt")


@pytest.mark.torture
@pytest.mark.parametrize(("begun", "work", "file"), [step[:3] for step in STEPS])
def test_killed_at_every_step(made, tmp_path, begun, work, file):
    words = [made / "talk.txt"] if file else list(MASKED) if work is killing.decide else []
    for before in range(ALL):
        at = tmp_path / f"obs{before}"
        whole = tried(made, at, begun, work, words, before)
        ended(at, made / "talk.txt")
        shutil.rmtree(at)
        if whole:
            return
    raise AssertionError("it never ends")


@pytest.mark.parametrize("before", [("os.rename", ".key"), ("os.remove", ".gone")])
def test_what_is_destroyed_is_gone_though_it_is_killed(made, tmp_path, before):
    at = tmp_path / "obs"
    tried(made, at, "decided", killing.destroy, [], before)
    with Workspace(at) as ws:
        with ws.writing():
            pass
        if ws.waiting():
            ws.destroy_review(ws.waiting()[0].id)
        assert rows(ws) == []
    assert [p.name for p in (at / "reviews").iterdir()] == [".lock"]
    assert not list((at / "keys" / "review").iterdir())
