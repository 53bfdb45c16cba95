"""What a person looks at before it is stored: from the file to the tables, on the command line."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from command_line import said
from everything import found_in, pieces

from fanal.errors import ConfigError, ConflictError, MissingError
from fanal.records import Audit
from fanal.stages import confirming
from fanal.testing.sought import Sought
from fanal.workspace import Workspace

DESCRIBED = """
name = "{name}"
title = "INVENTED"
publisher = "essai"
kind = "{kind}"
site = "lille"
legal_basis = "essai"
invented = true
"""
TALK = """Date : 12 mars 2026
Enquêteur : quels produits en ce moment ?
Karim : la keta est à trente euros, chez Zorglin. Mon numéro c'est le 06 39 98 12 34.
Enquêteur : et les prix ?
Karim : ça baisse. brumelk vend aussi, Brumelk et sa sœur, au squat Lumignon.
Enquêteur : Tina, c'est quoi ?
Karim : la meth. ZORGLIN le dit.
"""
PLANTED = Sought(["Karim", "Zorglin", "06 39 98 12 34", "Brumelk", "Lumignon"])
STORED = "SELECT text FROM current_documents ORDER BY position"


@pytest.fixture
def at(tmp_path):
    with Workspace.create(tmp_path / "obs", "essai") as ws:
        posts = DESCRIBED.format(name="talks", kind="public posts")  # whose door is quick
        ws.add_source(posts + 'review = "required"\n')
    (tmp_path / "talk.txt").write_text(TALK, "utf-8")
    return tmp_path / "obs"


def bring(at, text=TALK, source="talks", name="talk.txt", code=0, **more):
    """Bring a file in and return its reckoning."""
    path = at.parent / name
    path.write_text(text, "utf-8")
    words = [word for key, value in more.items() for word in (f"--{key}", value)]
    (row,) = said("ingest", path, "-s", source, "--dir", at, *words, code=code)["rows"]
    return row


def texts(at):
    with Workspace(at) as ws:
        return [row["text"] for row in ws.tables.rows(STORED)]


def told(at, *actions):
    """Return who did what and how much, as the audit log has it; ids left out."""
    with Workspace(at) as ws:
        lines = [a for a in ws.state.all(Audit) if a.action in actions]
    for line in lines:
        detail = json.loads(line.detail)
        del detail["review"]
        yield line.action, detail


def review(verb, at, *words, code=0):
    return said("door", "review", verb, *words, "--dir", at, code=code)


def test_what_is_brought_in_waits_until_it_is_confirmed(at):
    row = bring(at)
    assert (row["status"], row["read"], row["waiting"], row["documents"]) == ("waiting", 7, 6, 0)
    assert texts(at) == []
    (waits,) = review("list", at)["rows"]
    held, until = (datetime.fromisoformat(waits[key]) for key in ("held", "until"))
    assert (waits["source"], waits["records"], until - held) == ("talks", 6, timedelta(days=7))
    assert found_in(at, PLANTED) == {}
    id_ = waits["id"][:6]

    shown = review("show", at, id_)
    assert shown["turns"][1]["speaker"] == "Karim"
    assert shown["turns"][3]["text"].startswith("ça baisse. brumelk vend")
    maybe = [s["text"] for s in shown["subjects"] if s["state"] == "maybe"]
    assert "Tina" in maybe
    assert review("keep", at, id_, "Tina")["kept"] == 1
    assert review("mask", at, id_, "zorglin", "BRUMELK", "Squat  lumignon")["decisions"] == 4
    review("person", at, id_, "Karim")
    review("mask", at, id_, "ça baisse")
    assert review("undo", at, id_)["decisions"] == 5
    assert review("mask", at, id_, "Nadia", code=2)["error"]["what"] == (
        "this text is not in what waits"
    )
    assert review("mask", at, id_, "--at", "0:0-3")["masks"]
    assert review("keep", at, id_, "--at", "0:1-2")["decisions"] == 7
    assert found_in(at, PLANTED) == {}

    kept = review("confirm", at, id_)
    assert (kept["stored"], kept["documents"], kept["quarantined"]) == (True, 6, 0)
    assert texts(at) == [
        "quels produits en ce moment ?",
        "la keta est à trente euros, chez [name]. Mon numéro c'est le [phone:FR].",
        "et les prix ?",
        "ça baisse. [name] vend aussi, [name] et sa sœur, au [address].",
        "Tina, c'est quoi ?",
        "la meth. [name] le dit.",
    ]
    assert review("list", at) == {"rows": []}
    assert [p.name for p in (at / "reviews").iterdir()] == [".lock"]
    assert list((at / "keys" / "review").iterdir()) == []
    assert found_in(at, PLANTED) == {}
    assert list(told(at, "review")) == [
        ("review", {"source": "talks", "texts": 6, "masks": 6, "kept": 2, "decisions": 7})
    ]
    assert bring(at)["status"] == "known"


def test_a_file_that_waits_is_not_put_there_twice_and_once_destroyed_comes_again(at):
    bring(at)
    assert bring(at)["waiting"] == 0
    (waits,) = review("list", at)["rows"]
    review("destroy", at, waits["id"], "--yes")
    assert review("list", at) == {"rows": []}
    assert bring(at)["waiting"] == 6
    assert list(told(at, "review destroyed")) == [
        ("review destroyed", {"source": "talks", "texts": 6})
    ]


def test_what_nobody_looks_at_is_destroyed(at):
    bring(at)
    now = datetime.now(UTC)
    with Workspace(at) as ws:
        (waits,) = ws.waiting()
        ws.decide_review(waits.id, [confirming.Act("mask", "Zorglin", "")])
        confirming.expire(ws, now + timedelta(days=6.99))
        assert ws.waiting() == [waits]
        confirming.expire(ws, now + timedelta(days=7.01))
        assert ws.waiting() == []
        with pytest.raises(MissingError, match="no review"):
            ws.review(waits.id)
    with Workspace(at) as ws:
        assert [a.who for a in ws.state.all(Audit, action="review expired")] == ["fanal"]
    assert list(told(at, "review expired")) == [("review expired", {"source": "talks", "texts": 6})]
    assert [p for p in (at / "reviews").iterdir() if p.stat().st_size] == []
    assert not list((at / "keys" / "review").iterdir())
    assert texts(at) == []


def test_two_people_confirm_where_the_source_says_so(at):
    with Workspace(at) as ws:
        ws.add_source(DESCRIBED.format(name="two", kind="interview") + "second_reader = true\n")
    bring(at, source="two")
    with Workspace(at) as ws:
        (waits,) = ws.waiting()
        one, two = ws.acting("anna"), ws.acting("bruno")
        assert one.confirm_review(waits.id) is None
        with pytest.raises(ConfigError, match="a second person"):
            one.confirm_review(waits.id)
        one.decide_review(waits.id, [confirming.Act("keep", "Tina", "")])
        assert one.confirm_review(waits.id) is None  # what they confirmed has changed
        two.decide_review(waits.id, [confirming.Act("mask", "meth", "")])
        with pytest.raises(ConflictError):
            two.confirm_review(waits.id, seen=1)
        assert two.confirm_review(waits.id, seen=2).documents == 6
        lines = [a for a in ws.state.all(Audit) if a.action.startswith("review")]
        assert [(a.who, a.action) for a in lines] == [
            ("anna", "review, first reader"),
            ("anna", "review, first reader"),
            ("bruno", "review"),
        ]
        assert json.loads(lines[-1].detail)["first"] == "anna"
    assert texts(at)[-1] == "la [name]. [name] le dit."


def test_a_table_of_pseudonyms_is_used_and_not_stored(at, tmp_path):
    table = tmp_path / "names.csv"
    table.write_text("nom;pseudonyme\nZorglin;Chloé B\nBrumelk;P-02\n", "utf-8")
    bring(at, pseudonyms=table)
    sought = Sought(["Chloe-B", "Chloé B", "P-02", "Zorglin"])
    assert found_in(at, sought) == {}
    (waits,) = review("list", at)["rows"]
    review("confirm", at, waits["id"])
    assert texts(at)[1].startswith("la keta est à trente euros, chez [name:Chloe-B]. ")
    assert texts(at)[3].startswith("ça baisse. [name:P-02] vend aussi, [name:P-02] et")
    assert texts(at)[5] == "la meth. [name:Chloe-B] le dit."
    assert not any(b"Zorglin" in piece for _, piece in pieces(at) if isinstance(piece, bytes))


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("Zorglin,un pseudonyme bien trop long", "row 1 is no"),
        ("name,pseudonym\nZorglin,Léa\nBrumelk", "row 3 is no"),
        ("Zorglin,Brumelk\nBrumelk,P2", "this is no table"),
        ("name,pseudonym\n", "this is no table"),
    ],
)
def test_what_is_no_table_of_pseudonyms_says_so_and_tells_nobody(at, tmp_path, rows, what):
    table = tmp_path / "names.csv"
    table.write_text(rows, "utf-8")
    words = ("ingest", tmp_path / "talk.txt", "-s", "talks", "--pseudonyms", table, "--dir", at)
    error = said(*words, code=2)["error"]
    assert error["what"].startswith(what)
    assert "Zorglin" not in json.dumps(error)
    assert review("list", at) == {"rows": []}


def test_what_the_door_doubts_stays_outside_until_somebody_settles_it(at):
    number = "44 55 66 77 88 99 00"
    doubted = f"Date : 12 mars 2026\nEnquêteur : combien ?\nKarim : j'ai noté {number} là.\n"
    bring(at, doubted, name="a.txt")
    bring(at, doubted.replace("là", "ici"), name="b.txt")
    one, two = (row["id"] for row in review("list", at)["rows"])
    assert review("show", at, one)["turns"][1]["doubt"] == "run of digits"
    left = review("confirm", at, one)
    assert (left["documents"], left["quarantined"]) == (1, 1)
    assert review("keep", at, two, number)["in_doubt"] == 0
    assert review("confirm", at, two)["documents"] == 2
    assert texts(at)[-1] == f"j'ai noté {number} ici."


def test_a_source_says_itself_that_nobody_looks(at):
    with Workspace(at) as ws:
        for name, more in (
            (
                "spared",
                'review = "none"\nreview_reason = "relu par deux personnes avant l\'envoi"\n',
            ),
            ("posts", 'kind = "public posts"\nreview = "required"\n'),
            ("notes", 'kind = "field notes"\n'),
        ):
            text = DESCRIBED.format(name=name, kind="interview")
            text = text.replace('kind = "interview"\n', "") if "kind" in more else text
            ws.add_source(text + more)
        with pytest.raises(ConfigError, match="without a reason"):
            ws.add_source(DESCRIBED.format(name="x", kind="interview") + 'review = "none"\n')
    rows = {name: bring(at, source=name) for name in ("spared", "posts", "notes")}
    assert {name: (row["documents"], row["waiting"]) for name, row in rows.items()} == {
        "spared": (6, 0), "posts": (0, 6), "notes": (0, 6),
    }  # fmt: skip
    error = said("ingest", at.parent / "talk.txt", "-s", "spared", "--pseudonyms",
                 at.parent / "talk.txt", "--dir", at, code=2)["error"]  # fmt: skip
    assert error["where"] == "spared"


def test_only_texts_wait(at):
    path = at.parent / "notes.csv"
    path.write_text("date,texte\n,sans date\n", "utf-8")
    (row,) = said("ingest", path, "-s", "talks", "--dir", at, code=1)["rows"]
    assert (row["status"], row["issues"], row["waiting"]) == ("done", 1, 0)
    assert bring(at, "date,texte\n2026-03-12,Une soirée.\n,x\n", name="b.csv", code=1)
    (waits,) = review("list", at)["rows"]
    assert waits["records"] == 1


def test_what_would_replace_much_else_goes_on_waiting(at):
    many = [f"Karim : la phrase numéro {n} parle du marché et du pont" for n in range(8)]
    first = "Date : 12 mars 2026\n" + "".join(f"Enquêteur : quoi ?\n{line}\n" for line in many)
    bring(at, first)
    (waits,) = review("list", at)["rows"]
    review("confirm", at, waits["id"])
    with Workspace(at) as ws:
        text = ws.source_text("talks").replace("invented = true", 'invented = true\nids = "global"')
        ws.change_source("talks", text)
    other = first.replace("la phrase numéro", "tout autre").replace("marché", "ciel")
    bring(at, other.replace("parle du", "sur le").replace("et du pont", "loin dehors"))
    (waits,) = review("list", at)["rows"]
    found = review("confirm", at, waits["id"], code=1)
    assert not found["stored"]
    assert len(review("list", at)["rows"]) == 1
    assert review("confirm", at, waits["id"], "--replace")["replaced"] == 8
    assert review("list", at) == {"rows": []}


def test_keys_are_rotated_while_something_waits_and_no_backup_holds_it(at, tmp_path):
    bring(at)
    with Workspace(at) as ws:
        ws.rotate_keys()
        ws.backup(tmp_path / "all.tar")
        ws.backup(tmp_path / "keys.tar", keys=True)
        (waits,) = ws.waiting()
    for archive in ("all.tar", "keys.tar"):
        shutil.unpack_archive(tmp_path / archive, tmp_path / archive[:-4], filter="data")
        assert not [p for p in (tmp_path / archive[:-4]).rglob("*") if waits.id in p.name]
    Workspace.restore(tmp_path / "all.tar", at, replace=True)
    with Workspace(at) as ws:
        assert ws.waiting() == [waits]
        assert len(ws.review(waits.id).turns) == 6
        assert ws.confirm_review(waits.id).documents == 6
