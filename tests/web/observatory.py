"""An observatory of two sites, each with a signal of its own, and one that both share."""

import re
from datetime import UTC, date, datetime, timedelta

from people import open_accounts

from fanal.door.admit import Door
from fanal.door.desk import Waiting
from fanal.door.pseudonyms import KeyRing, show
from fanal.door.raw import RawDocument
from fanal.people import triage
from fanal.records import Document, Observation, schema_of, table_of
from fanal.stages import confirming
from fanal.workspace import Workspace

START = date(2024, 1, 1)
WEEKS = 40
SECRET = {"paris": "péniche amarrée", "lille": "braderie pluvieuse"}  # words of the sites' texts


def key(text):
    return text.encode().ljust(16, b".")[:16]


def document(name, week, site, text, kind="public posts"):
    day = START + timedelta(weeks=week)
    source = f"{'canal' if kind == 'public posts' else 'journal'}-{site}"
    return Document(
        id=key(name), version=1, source=source, site=site, kind=kind, thread=key(source),
        position=week, author=key(f"a{week % 3}"), day=day, precision="day", language="fr",
        text=text, digest=key(name), forwarded_from=None, media_kind=None, media_bytes=None,
        media_hash=None, month=day.isoformat()[:7], run="r",
    )  # fmt: skip


def mention(name, week, substance, **more):
    known = {
        "document": key(name), "version": 1, "start": 0, "stop": 5, "kind": "mention",
        "substance": substance, "confidence": 0.9, "rule": "r", "coder": "c", "fingerprint": "f",
        "month": (START + timedelta(weeks=week)).isoformat()[:7],
    }  # fmt: skip
    return Observation(**dict.fromkeys(schema_of(Observation).names) | known | more)


def describe(site, kind="public posts", title=""):
    name = f"{'canal' if kind == 'public posts' else 'journal'}-{site}"
    return (
        f'name = "{name}"\ntitle = "{title or f"Canal de {site}"}"\npublisher = "essai"\n'
        f'kind = "{kind}"\nsite = "{site}"\nlegal_basis = "essai"\ninvented = true\n'
    )


def build(folder, text="{} ce soir, {}", title=""):
    """Make the observatory; `text` is given the substance and the words of the site."""
    with Workspace.create(folder, "Essai") as ws:
        for site in SECRET:
            ws.add_source(describe(site, title=title))
        open_accounts(ws)
        rows, facts = [], []
        for site, substance in (("paris", "3-mmc"), ("lille", "ketamine")):
            for week in range(WEEKS):
                rows += [
                    document(f"p{site}{week}-{n}", week, site, f"rien {SECRET[site]}")
                    for n in range(5)
                ]
            for week, n in [(w, n) for w in (36, 37) for n in range(6)]:
                name = f"{site[0]}{week}-{n}"
                rows.append(document(name, week, site, text.format(substance, SECRET[site])))
                facts.append(mention(name, week, substance))
            for week, n in [(w, n) for w in (37, 38) for n in range(5)]:
                name = f"{site[0]}t{week}-{n}"
                rows.append(document(name, week, site, text.format("tucibi", SECRET[site])))
                facts.append(mention(name, week, "tucibi"))
        ws.tables.append(Document, table_of(rows, Document))
        ws.tables.append(Observation, table_of(facts, Observation))
        ws.detect()
        ws.search.refresh(ws.tables)
        now = datetime.now(UTC)
        row = triage.state_phenomenon(
            "Kétamine à Lille", "substance=ketamine", "Elle s'étend.", "new", 2024, "test", now,
            sites="lille",
        )  # fmt: skip
        ws.state_phenomenon(row)
        for site in SECRET:
            hold(ws, site, "quels produits ?", f"3-mmc chez Zorglin, {SECRET[site]}, et brumelk")
    return folder


def hold(ws, site, *texts):
    """Let texts of a talk wait for a review; return its id."""
    source, now = f"canal-{site}", datetime.now(UTC)
    raws = [
        RawDocument("f", n, text, START, "talk", str(n), f"talk: {'AB'[n % 2]}")
        for n, text in enumerate(texts)
    ]
    door = Door(KeyRing(ws.keys), source=source, site=site, kind="public posts", run="r")
    waiting = Waiting("", source, site, "transcripts", "", "talk", now, now + timedelta(days=7), 0)
    return confirming.desk(ws).hold(waiting, door, raws, ([], []), {}).id


def ids(ws):
    """Return place: short id of its signal, and the phenomenon's."""
    found = {signal.place: show(signal.id) for signal in ws.signals()}
    return found, show(ws.phenomena()[0].id)


ABSENT = ("{upload}", "{file}", "/bulletins/{name}")  # routes of what is not in the observatory


def filled(path, place, ws):
    """Return a route's path with ids of a site; a route that is not known here fails."""
    if "{" not in path:
        return path
    signals, phenomenon = ids(ws)
    waiting = {one.site: one.id for one in ws.waiting()}
    known = {
        "/signals/{short}": signals[place],
        "/api/signals/{short}": signals[place],
        "/phenomena/{short}": phenomenon,
        "/api/phenomena/{short}": phenomenon,
        "/documents/{short}": show(key(f"{(place or 'paris')[0]}36-0")),
        "/link/{secret}": "none",
        "/bulletins/{name}": "2024-01-01",
        "/explore.{kind}": "csv",
        "/substances/{id}": "ketamine",
        "/thesaurus/{id}": "ketamine",
        "/feeds/{name}.atom": "alerts",
        "/reviews/{review}": waiting.get(place or "paris", ""),
        "/sources/{name}": f"canal-{place or 'paris'}",
    }
    for start, value in known.items():
        if path.startswith(start):
            path = path.replace("{upload}", "2" * 32).replace("{file}", "bulletin.fr.html")
            return re.sub(r"\{\w+\}", value, path)
    raise AssertionError(f"no example of {path}: add one")
