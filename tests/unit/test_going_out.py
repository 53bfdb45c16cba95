"""What goes out, word for word: editions on disk, feeds, messages, and the alert form."""

import json
import smtplib
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import ClassVar

import pytest

from fanal import exporters
from fanal.answers.behind import AlarmRow, AnalysedSample, Behind, Corroboration
from fanal.door.pseudonyms import show
from fanal.edition import Few, Name, Value, Witness
from fanal.errors import ConfigError, MissingError, StoppedError
from fanal.exporters.base import Exporter
from fanal.people.triage import SignalRow
from fanal.publishing import alerts, atom, composing, editions, mailing, signal_facts
from fanal.records import Audit, Decision, Signal, Subscription, schema_of, table_of
from fanal.wording.language import Language
from fanal.workspace import Workspace

ORIGIN = "https://fanal.example"
NOW = datetime(2025, 4, 1, 9, 30, tzinfo=UTC)
SITES = {"canal": "lille", "autre": "metz"}
IDS = {name: name.encode() * 16 for name in "pqr"}


def signal(name, concept, place, series, first=date(2025, 3, 1)):
    known = {"id": IDS[name], "concept": concept, "measure": series.split("/")[0], "place": place,
             "first": first, "last": first, "novelty": "new", "score": 9.0, "observed": 2.0,
             "expected": 0.0, "threshold": 1.0, "series": series, "detector": "first-seen",
             "parameters": "{}", "evidence": 2.0}  # fmt: skip
    return Signal(**dict.fromkeys(schema_of(Signal).names) | known)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("out") / "obs", "Phare") as ws:
        for name, site in SITES.items():
            ws.add_source(
                f'name = "{name}"\ntitle = "Titre"\npublisher = "essai"\nkind = "public posts"\n'
                f'site = "{site}"\nlegal_basis = "essai"\n'
            )
        ws.tables.append(
            Signal,
            table_of(
                [
                    signal("p", "substance=protonitazene", "lille",
                           "found/substance=protonitazene/month"),
                    signal("q", "group=nitazenes", "", "found/group=nitazenes/month"),
                    signal("r", "class=opioids", "metz", "found/class=opioids/month"),
                ],
                Signal,
            ),
        )  # fmt: skip
        yield ws


@pytest.fixture
def ws(opened, tmp_path):
    """The observatory with judgements and editions of its own."""
    from fanal.storage.state import State

    other = opened.acting("anna")
    other.state = State(f"sqlite:///{tmp_path / 'state.db'}")
    other.publications = tmp_path / "publications"
    yield other
    other.state.close()


def decide(ws, *verdicts, of="p"):
    for number, verdict in enumerate(verdicts):
        id_ = f"{of}{number}{verdict}".encode().ljust(16)[:16]
        time = NOW.replace(day=1 + number)
        ws.state.append(Decision(id_, IDS[of], verdict, "raison interne", "anna", time, "{}"))


ALERTED = ("verify", "assess", "alert")

# --- editions ------------------------------------------------------------------------------------


def keep(ws, name, last, made="2025-04-01T08:00:00+00:00", out="", codes=("fr", "en")):
    folder = ws.publications / name
    (folder / "public").mkdir(parents=True)
    (folder / "internal").mkdir()
    for code in codes:
        (folder / "public" / f"bulletin.{code}.html").write_text("x", "utf-8")
    told = editions.Publication(name, "2025-01-01", last, made, "anna", out, "paul" if out else "")
    (folder / "edition.json").write_text(json.dumps(asdict(told)), "utf-8")
    return told


def test_editions_are_listed_the_latest_first(ws):
    assert editions.every(ws) == []
    early = keep(ws, "2024-12-31", "2024-12-31", "2025-06-01T00:00:00+00:00")
    second = keep(ws, "2025-03-31-2", "2025-03-31", "2025-04-02T00:00:00+00:00")
    first = keep(ws, "2025-03-31", "2025-03-31", "2025-04-01T00:00:00+00:00")
    (ws.publications / "2025-03-31-3").mkdir()  # one that is being made
    assert editions.every(ws) == [second, first, early]
    assert editions.find(ws, "2025-03-31-2") == second


@pytest.mark.parametrize("name", ["2025-03-30", "2025-03-31-x", "..", "", "2025-03-31-3", "old"])
def test_an_edition_that_is_not_there_is_missing(ws, name):
    keep(ws, "2025-03-31", "2025-03-31")
    keep(ws, "old", "2025-03-31")
    (ws.publications / "2025-03-31-3").mkdir()
    with pytest.raises(MissingError, match="there is no such edition"):
        editions.find(ws, name)


@pytest.mark.parametrize(
    ("kind", "filename", "there"),
    [
        ("public", "bulletin.fr.html", True),
        ("public", "bulletin.de.html", False),
        ("internal", "bulletin.fr.html", False),
        ("internal", "bulletin.fr.pdf", True),
        ("public", "bulletin.fr.txt", False),
        ("public", "../edition.json", False),
        ("", "public/bulletin.fr.html", False),
        ("secret", "bulletin.fr.html", False),
    ],
)
def test_files_of_an_edition_alone_are_given(ws, kind, filename, there):
    folder = ws.publications / keep(ws, "2025-03-31", "2025-03-31").name
    (folder / "public/bulletin.fr.txt").write_text("x", "utf-8")
    (folder / "internal/bulletin.fr.pdf").write_text("x", "utf-8")
    (folder / "secret").mkdir()
    (folder / "secret/bulletin.fr.html").write_text("x", "utf-8")
    if there:
        assert editions.file(ws, "2025-03-31", kind, filename) == folder / kind / filename
    else:
        with pytest.raises(MissingError, match="there is no such file"):
            editions.file(ws, "2025-03-31", kind, filename)


def test_a_draft_is_put_out_once_and_stays_and_another_is_thrown_away(ws):
    keep(ws, "2025-03-31", "2025-03-31")
    before = datetime.now(UTC)
    out = editions.put_out(ws, "2025-03-31")
    assert out == editions.find(ws, "2025-03-31")
    assert (out.maker, out.publisher, out.first) == ("anna", "anna", "2025-01-01")
    assert before <= datetime.fromisoformat(out.out) <= datetime.now(UTC)
    with pytest.raises(ConfigError, match="this edition is out already"):
        editions.put_out(ws, "2025-03-31")
    with pytest.raises(ConfigError, match="this edition is out and stays"):
        editions.discard(ws, "2025-03-31")
    keep(ws, "2025-03-31-2", "2025-03-31")
    editions.discard(ws, "2025-03-31-2")
    assert [p.name for p in ws.publications.iterdir()] == ["2025-03-31"]
    told = [(line.action, json.loads(line.detail)) for line in ws.state.all(Audit)]
    assert told == [
        ("publish", {"edition": "2025-03-31"}),
        ("discard", {"edition": "2025-03-31-2"}),
    ]


@dataclass(frozen=True)
class Kept(Exporter):
    """Writes what it is of, and fails on demand."""

    name: ClassVar[str] = "kept"
    public: bool = False

    def export(self, content, folder):
        if (folder.parent.parent / "full").exists() and not self.public:
            raise OSError("disk full")
        (folder / "kept.txt").write_text(f"{content.first} {content.last} {self.public}", "utf-8")
        return [folder / "kept.txt"]


def test_an_edition_is_made_for_everybody_and_with_excerpts_or_not_at_all(ws, monkeypatch):
    monkeypatch.setattr(exporters, "BUILTIN", (Kept,))
    monkeypatch.setattr(editions, "BULLETIN", ["kept"])
    first, last = date(2025, 1, 1), date(2025, 3, 31)
    before = datetime.now(UTC)
    made = editions.make(ws, first, last)
    assert made == editions.find(ws, "2025-03-31")
    assert (made.first, made.last, made.maker) == ("2025-01-01", "2025-03-31", "anna")
    assert (made.out, made.publisher) == ("", "")
    assert before <= datetime.fromisoformat(made.made) <= datetime.now(UTC)
    folder = ws.publications / "2025-03-31"
    assert {path.name for path in folder.iterdir()} == {"edition.json", "public", "internal"}
    for kind, public in (("public", True), ("internal", False)):
        assert (folder / kind / "kept.txt").read_text() == f"2025-01-01 2025-03-31 {public}"
    assert [editions.make(ws, first, last).name for _ in range(2)] == [
        "2025-03-31-2",
        "2025-03-31-3",
    ]
    (ws.publications / "full").touch()
    with pytest.raises(OSError, match="disk full"):
        editions.make(ws, first, last)
    assert not (ws.publications / "2025-03-31-4").exists()
    canal = ws.sources["canal"]
    asserted = canal.assertions.model_copy(update={"min_documents_a_week": 1.0})
    ws.sources = ws.sources | {"canal": canal.model_copy(update={"assertions": asserted})}
    with pytest.raises(StoppedError, match="fewer than it asserts"):
        editions.make(ws, first, last)


def test_the_languages_of_an_edition_are_those_of_its_public_pages(ws):
    keep(ws, "2025-03-31", "2025-03-31", codes=("it", "en", "fr"))
    (ws.publications / "2025-03-31/internal/bulletin.de.html").write_text("x", "utf-8")
    (ws.publications / "2025-03-31/public/bulletin.es.pdf").write_text("x", "utf-8")
    assert sorted(editions.spoken(ws, "2025-03-31")) == ["en", "fr", "it"]


# --- feeds ---------------------------------------------------------------------------------------


def test_the_feed_of_bulletins_has_those_that_are_out(ws):
    keep(ws, "2024-12-31", "2024-12-31", out="2025-01-02T08:00:00+00:00")
    keep(ws, "2025-02-28", "2025-02-28")  # a draft
    keep(ws, "2025-03-31", "2025-03-31", out="2025-04-02T08:00:00+00:00", codes=("it",))
    said = [
        "Bulletin, 1 January 2025 to 31 March 2025",
        "Bulletin, 1 January 2025 to 31 December 2024",
    ]
    found = atom.bulletins(ws, Language("en"))
    assert [entry.title.replace("\xa0", " ") for entry in found] == said
    assert [entry.summary for entry in found] == [entry.title for entry in found]
    assert [(entry.path, entry.key, entry.time.isoformat()) for entry in found] == [
        ("/bulletins/2025-03-31/bulletin.it.html", "", "2025-04-02T08:00:00+00:00"),
        ("/bulletins/2024-12-31/bulletin.en.html", "", "2025-01-02T08:00:00+00:00"),
    ]


def test_the_feed_of_alerts_has_what_was_issued_and_retracted_without_a_reason(ws):
    decide(ws, *ALERTED, "retract")
    decide(ws, "verify", of="q")
    ws.state.append(Decision(b"x" * 16, b"gone" * 4, "alert", "r", "anna", NOW, "{}"))
    name = "Protonitazene, Lille (found in the laboratory)"
    issued, retracted = f"Alert: {name}", f"Alert retracted: {name}"
    assert [
        (e.path, e.key, e.title, e.summary.replace("\xa0", " "), e.time.day)
        for e in atom.alerts(ws, Language("en"))
    ] == [
        (f"/signals/{show(IDS['p'])}", key, title, f"{title}, since 1 March 2025.", day)
        for key, title, day in (("retract", retracted, 4), ("alert", issued, 3))
    ]


@pytest.mark.parametrize("number", [49, 50, 51])
def test_a_feed_has_the_latest_fifty(ws, number):
    decide(ws, "verify", "assess")
    for n in range(number):
        id_ = f"{n}".encode().ljust(16)
        time = NOW.replace(minute=n)
        ws.state.append(Decision(id_, IDS["p"], "alert", "r", "anna", time, "{}"))
        keep(ws, f"2025-03-31-{n + 2}", f"{2000 + n}-03-31", out="2025-04-02T08:00:00+00:00")
    for found in (atom.alerts(ws, Language("en")), atom.bulletins(ws, Language("en"))):
        assert len(found) == min(number, 50)
    assert atom.alerts(ws, Language("en"))[0].time == NOW.replace(minute=number - 1)


def test_a_feed_as_programs_read_it():
    entries = [
        atom.Entry("/a", "", "Un & deux", "Résumé", NOW),
        atom.Entry("/b", "alert", "Trois", "Fin", NOW.replace(month=5)),
        atom.Entry("/c", "", "Quatre", "Fin", NOW.replace(month=3)),
    ]
    written = atom.atom("Phare", ORIGIN, "/feeds/x.atom", entries, "fr").decode()
    assert written.replace("><", ">\n<").splitlines() == [
        "<?xml version='1.0' encoding='utf-8'?>",
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">',
        "<title>Phare</title>",
        "<id>https://fanal.example/feeds/x.atom</id>",
        "<updated>2025-05-01T09:30:00+00:00</updated>",
        '<link rel="self" href="https://fanal.example/feeds/x.atom" />',
        "<author>",
        "<name>Phare</name>",
        "</author>",
        *(
            line
            for path, id_, title, summary, month in (
                ("a", "a", "Un &amp; deux", "Résumé", 4),
                ("b", "b#alert", "Trois", "Fin", 5),
                ("c", "c", "Quatre", "Fin", 3),
            )
            for line in (
                "<entry>", f"<title>{title}</title>", f"<id>https://fanal.example/{id_}</id>",
                f"<updated>2025-0{month}-01T09:30:00+00:00</updated>",
                f'<link href="https://fanal.example/{path}" />', f"<summary>{summary}</summary>",
                "</entry>",
            )
        ),
        "</feed>",
    ]  # fmt: skip
    empty = atom.atom("Phare", ORIGIN, "/x", [], "en").decode()
    assert "<updated>2000-01-01T00:00:00+00:00</updated>" in empty


# --- messages ------------------------------------------------------------------------------------


def wants(ws, who, topic="", site="", level="alerts"):
    mailing.subscribe(ws, who, f"{who}@people.example", topic, site, level)


END = "\n\n--\nVous avez demandé ce message. You asked for this message. https://fanal.example/mail"


def test_the_message_of_a_bulletin(ws):
    keep(ws, "2025-03-31", "2025-03-31")
    with pytest.raises(ConfigError) as refused:
        mailing.of_bulletin(ws, "2025-03-31", ORIGIN)
    assert str(refused.value) == "this edition is a draft; put it out first"
    editions.put_out(ws, "2025-03-31")
    for who, level in (("zoe", "all"), ("ali", "all"), ("bob", "alerts")):
        wants(ws, who, level=level)
    draft = mailing.of_bulletin(ws, "2025-03-31", ORIGIN)
    assert draft.subject == "Phare – bulletin 2025-03-31"
    assert draft.body.replace("\xa0", " ") == (
        "Le bulletin du 1er janvier 2025 au 31 mars 2025 est publié :\n"
        "https://fanal.example/bulletins/2025-03-31/bulletin.fr.html\n\n"
        "The bulletin of 1 January 2025 to 31 March 2025 is out:\n"
        f"https://fanal.example/bulletins/2025-03-31/bulletin.en.html{END}"
    )
    assert draft.addresses == ("ali@people.example", "zoe@people.example")
    assert (draft.key, draft.sent) == ("bulletin 2025-03-31", False)
    ws.audit("mail", {"about": "bulletin 2025-03-31-2"})
    assert not mailing.of_bulletin(ws, "2025-03-31", ORIGIN).sent
    ws.audit("mail", {"about": "bulletin 2025-03-31"})
    assert mailing.of_bulletin(ws, "2025-03-31", ORIGIN).sent


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("p", ["every", "lille", "nitazene", "proto", "protolille"]),
        ("q", ["every", "lille", "metz", "nitazene"]),  # of no one place: of all of them
        ("r", ["every", "metz"]),
    ],
)
def test_an_alert_is_for_those_of_its_topic_and_its_site(ws, of, told):
    wants(ws, "every", level="all")
    wants(ws, "lille", site="lille")
    wants(ws, "metz", site="metz")
    wants(ws, "nitazene", topic="nitazenes")
    wants(ws, "proto", topic="protonitazene")
    wants(ws, "protolille", topic="protonitazene", site="lille")
    wants(ws, "protometz", topic="protonitazene", site="metz")
    wants(ws, "cocaine", topic="cocaine")
    decide(ws, *ALERTED, of=of)
    draft = mailing.of_alert(ws, show(IDS[of]), ORIGIN)
    assert [address.split("@")[0] for address in draft.addresses] == told


def test_the_message_of_an_alert_and_of_its_retraction(ws):
    short = show(IDS["p"])
    for verdicts in ((), ("verify",), ("verify", "assess")):
        decide(ws, *verdicts[-1:])
        with pytest.raises(ConfigError) as refused:
            mailing.of_alert(ws, short, ORIGIN)
        assert str(refused.value) == "no alert was issued on this signal; decide on it first"
    french = "Protonitazène, Lille (trouvé au laboratoire)"
    english = "Protonitazene, Lille (found in the laboratory)"
    for verdict, said, lines, key in (
        ("alert", "alerte / alert", (f"Alerte : {french}.", f"Alert: {english}."), "alerted"),
        ("retract", "alerte retirée / alert retracted",
         (f"Alerte retirée : {french}.", f"Alert retracted: {english}."), "retracted"),
    ):  # fmt: skip
        decide(ws, verdict)
        draft = mailing.of_alert(ws, short, ORIGIN)
        assert draft.subject == f"Phare – {said} – {french}"
        body = "\n".join([*lines, f"{ORIGIN}/signals/{short}"]) + END
        assert draft.body.replace("\xa0", " ") == body
        assert draft.key == f"{key} {short}"


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("a@b.fr", True), ("a.b+c@d-e.example", True), ("@b.fr", False), ("a@b", False),
        ("a@b.f", False), ("a@b.fr ", False), ("a@@b.fr", False), ("a,b@c.fr", False),
        (f"{'a' * 64}@b.fr", True), (f"{'a' * 65}@b.fr", False),
        (f"a@{'b' * 190}.fr", True), (f"a@{'b' * 191}.fr", False),
        (f"a@b.{'c' * 24}", True), (f"a@b.{'c' * 25}", False),
    ],
)  # fmt: skip
def test_addresses(ws, address, good):
    if good:
        mailing.subscribe(ws, "anna", address, "", "", "all")
        return
    with pytest.raises(ConfigError, match="this is no e-mail address"):
        mailing.subscribe(ws, "anna", address, "", "", "all")


def test_what_somebody_asked_for_last_is_what_holds_until_they_stop(ws):
    assert mailing.subscription(ws, "anna") is None
    wants(ws, "paul")
    wants(ws, "anna", topic="cocaine", site="metz", level="all")
    wants(ws, "anna", topic="mdma")
    one = mailing.subscription(ws, "anna")
    assert (one.address, one.topic, one.site, one.level) == ("anna@people.example", "mdma", "",
                                                           "alerts")  # fmt: skip
    mailing.unsubscribe(ws, "anna")
    assert mailing.subscription(ws, "anna") is None
    assert [s.account for s in ws.state.all(Subscription)] == ["paul"]
    told = [(line.action, json.loads(line.detail)) for line in ws.state.all(Audit)]
    assert told == [
        ("subscribe", {"level": "alerts"}), ("subscribe", {"level": "all"}),
        ("subscribe", {"level": "alerts"}), ("unsubscribe", {}),
    ]  # fmt: skip
    for wrong, said in (
        ({"topic": "nonsense"}, "no substance 'nonsense'; choose one of the list"),
        ({"site": "nowhere"}, "no site 'nowhere'; choose one of the list"),
    ):
        with pytest.raises(ConfigError) as refused:
            wants(ws, "anna", **wrong)
        assert str(refused.value) == said


class Server:
    """A mail server as the library speaks to it; refuses after so many messages."""

    told: ClassVar[list] = []
    most = 9

    def __init__(self, host, port, timeout, context=None):
        self.told.append(("open", type(self).__name__, host, port, timeout, context is not None))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.told.append(("close",))

    def starttls(self, context):
        self.told.append(("starttls", context.check_hostname))

    def login(self, user, secret):
        self.told.append(("login", user, secret))

    def send_message(self, message):
        if sum(told[0] == "send" for told in self.told) >= self.most:
            raise smtplib.SMTPDataError(550, b"no")
        self.told.append(("send", message))


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(Server, "told", [])
    monkeypatch.setattr(smtplib, "SMTP", type("Plain", (Server,), {}))
    monkeypatch.setattr(smtplib, "SMTP_SSL", type("Tls", (Server,), {}))
    return Server


DRAFT = mailing.Draft("alerted x", "Sujet é", "Texte é\n", ("a@b.fr", "c@d.fr"), False)


def set_up(ws, server="mail.example", security="starttls", sender="Phare <fanal@obs.example>"):
    ws.settings = ws.settings.model_copy(
        update={"mail_server": server, "mail_security": security, "mail_from": sender}
    )


@pytest.mark.parametrize(
    ("address", "security", "begun"),
    [
        ("mail.example", "starttls", ("open", "Plain", "mail.example", 587, 20, False)),
        ("mail.example", "tls", ("open", "Tls", "mail.example", 465, 20, True)),
        ("mail.example", "none", ("open", "Plain", "mail.example", 587, 20, False)),
        ("mail.example:2525", "none", ("open", "Plain", "mail.example", 2525, 20, False)),
        ("mail.example:4650", "tls", ("open", "Tls", "mail.example", 4650, 20, True)),
    ],
)
@pytest.mark.parametrize("user", ["", "anna"])
def test_how_a_server_is_spoken_to(ws, server, monkeypatch, address, security, begun, user):
    set_up(ws, address, security)
    if user:
        monkeypatch.setenv("FANAL_MAIL_USER", user)
        monkeypatch.setenv("FANAL_MAIL_PASSWORD", "secret")
    assert mailing.send(ws, DRAFT) == 2
    said = [told if told[0] != "send" else ("send",) for told in server.told]
    assert said == [
        begun, *([("starttls", True)] if security == "starttls" else []),
        *([("login", "anna", "secret")] if user else []), ("send",), ("send",), ("close",),
    ]  # fmt: skip
    (line,) = ws.state.all(Audit, action="mail")
    assert json.loads(line.detail) == {"about": "alerted x", "recipients": 2}


def test_each_message_is_one_persons_own(ws, server):
    set_up(ws)
    mailing.send(ws, DRAFT)
    first, second = (told[1] for told in server.told if told[0] == "send")
    assert (first["To"], second["To"]) == ("a@b.fr", "c@d.fr")
    assert (first["From"], first["Subject"]) == ("Phare <fanal@obs.example>", "Sujet é")
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"]
    assert first["Message-ID"].endswith("@obs.example>")
    assert first["Message-ID"] != second["Message-ID"]
    assert first.get_content() == "Texte é\n"


@pytest.mark.parametrize("most", [0, 1])
def test_a_server_that_refuses_is_told_with_how_many_went_out(ws, server, monkeypatch, most):
    set_up(ws)
    monkeypatch.setattr(server, "most", most)
    with pytest.raises(ConfigError) as refused:
        mailing.send(ws, DRAFT)
    assert str(refused.value) == (
        f"mail.example: the mail server refused (SMTPDataError) after {most} messages; "
        "check mail_server, then tell the others by hand"
    )
    (line,) = ws.state.all(Audit, action="mail failed")
    assert json.loads(line.detail) == {"about": "alerted x", "sent": most}


@pytest.mark.parametrize(("address", "sender"), [("", "a@b.fr"), ("mail.example", "")])
def test_without_a_server_and_a_sender_nothing_is_sent(ws, server, address, sender):
    set_up(ws, address, sender=sender)
    with pytest.raises(ConfigError) as refused:
        mailing.send(ws, DRAFT)
    said = "fanal.toml: no mail server is set; set mail_server and mail_from"
    assert str(refused.value) == said
    set_up(ws)
    with pytest.raises(ConfigError, match="this message went out before"):
        mailing.send(ws, replace(DRAFT, sent=True))
    assert server.told == []
    assert ws.state.all(Audit) == []


# --- signals as facts ----------------------------------------------------------------------------

DAY = date(2025, 3, 3)


def row(series="mentions/substance=mdma/week", **more):
    known = {
        "id": b"s" * 16, "concept": "substance=mdma", "measure": series.split("/")[0], "place": "",
        "first": DAY, "last": date(2025, 3, 17), "novelty": "persistent", "score": 3.0,
        "observed": 9.0, "expected": 2.0, "threshold": 5.0, "series": series, "detector": "d",
        "parameters": "{}", "evidence": 2.0, "state": "received",
    }  # fmt: skip
    return SignalRow(**known | more)


@pytest.mark.parametrize(
    ("series", "novelty", "observed", "direction", "window"),
    [
        ("mentions/substance=mdma/week", "new", 9.0, "new", 4),
        ("mentions/substance=mdma/week", "new", 1.0, "down", 4),
        ("mentions/substance=mdma/week", "new", 2.0, "down", 4),  # just what was expected
        ("mentions/substance=mdma/week", "returning", 9.0, "up", 4),
        ("mentions/substance=mdma/week", "persistent", 1.0, "down", 4),
        ("documents/source=canal/week", "fading", 1.0, "silent", 1),
        ("documents/source=canal/week", "new", 2.0, "silent", 1),
        ("documents/source=canal/week", "persistent", 9.0, "up", 4),
        ("documents/source=canal/week", "new", 9.0, "new", 4),
    ],
)
def test_whether_it_is_new_or_rises_or_falls_or_is_silent(
    opened, series, novelty, observed, direction, window
):
    signal = row(series, novelty=novelty, observed=observed, parameters='{"window": 4}')
    told = signal_facts.fact(opened, opened.thesaurus(), signal)
    assert (told.direction, told.window) == (direction, window)


ONE = row()


def alarm(period, **more):
    signal = row(**{key: value for key, value in more.items() if key == "series"})
    known = {"series": signal.series, "period": period, "observed": 9.0, "expected": 2.0,
             "threshold": 5.0, "score": 3.0, "detector": "d", "parameters": "{}"}  # fmt: skip
    return AlarmRow(**known | more)


def test_the_period_of_the_strongest_alarm_is_told_with_what_was_read_in_it(opened):
    weeks = [date(2025, 3, day) for day in (3, 10, 17)]
    history = tuple(Value(week, 1.0, n) for week, n in zip(weeks, (30.0, 40.0, 50.0), strict=True))

    def told(*alarms, signal=ONE):
        behind = Behind(signal, history=history, alarms=alarms, documents=7)
        one = signal_facts.fact(opened, opened.thesaurus(), signal, behind)
        assert (one.documents, one.history) == (7, history)
        return one.peak, one.denominator

    assert told() == (weeks[2], 50.0), "without alarms the last"
    assert told(alarm(weeks[0], observed=8.0), alarm(weeks[1]), alarm(weeks[2])) == (weeks[1], 40.0)
    for other in ({"series": "mentions/substance=x/week"}, {"expected": 1.0}, {"detector": "e"},
                  {"parameters": '{"a": 1}'}):  # fmt: skip
        assert told(alarm(weeks[0], **other), alarm(weeks[1])) == (weeks[1], 40.0)
    summed = row(parameters='{"window": 2}')
    again = [alarm(week, parameters='{"window": 2}') for week in weeks[1:]]
    assert told(*again, signal=summed) == (weeks[1], 70.0)


def test_what_each_kind_of_source_says_is_told_where_something_was_read(opened):
    def kind(name, documents, read, against=0, few=False):
        return Corroboration(name, documents, 2, ("lille", "metz"), 3, read, 4, against, "for", few)

    behind = Behind(row(), corroboration=(
        kind("press", 3, 10), kind("interview", 0, 4, few=True), kind("forum", 0, 0),
        kind("lab", 8, 5, against=6),
    ))  # fmt: skip
    told = signal_facts.fact(opened, opened.thesaurus(), row(), behind)
    assert told.witnesses == (
        Witness("press", 3, 7, 2, 2, 0, False), Witness("interview", 0, 4, 2, 2, 0, True),
        Witness("lab", 8, 0, 2, 2, 6, False),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("series", "place", "said"),
    [
        ("price/band=0.75/currency=CHF/site=lille/substance=mdma/unit=g/week", "lille",
         ("lille", "CHF", "1", "CHF/g", "", False, "", "")),
        ("price/band=0.75/substance=mdma/unit=g/week", "lille",
         ("lille", "EUR", "1", "g", "", False, "*", "")),
        ("mentions/kind=press/substance=mdma/week", "",
         ("", "EUR", "", "mentions in texts", "", False, "", "press")),
        ("mentions/site=metz/substance=mdma/week", "",
         ("", "EUR", "", "mentions in texts", "", False, "metz", "")),
        ("strength/basis=measured-lab/substance=mdma/unit=mg∕tablet/month", "",
         ("", "EUR", "", "in the laboratory", "", False, "", "")),
        ("purity/basis=claimed/substance=mdma/week", "",
         ("", "EUR", "", "claimed", "", False, "", "")),
        ("purity/basis=measured/substance=mdma/week", "",
         ("", "EUR", "", "said to be measured", "", False, "", "")),
        ("purity/substance=mdma/week", "", ("", "EUR", "", "", "", False, "", "")),
        ("danger/rule=none/substance=mdma/month", "",
         ("", "EUR", "", "danger", "", False, "", "")),
        ("indicator/area=75/name=x/year", "", ("75", "EUR", "", "", "", False, "", "")),
        ("indicator/area=75/name=x/year", "paris", ("paris", "EUR", "", "", "", False, "", "")),
        *((f"{measure}/substance=mdma/month", "", ("", "EUR", "", said, "", False, "", ""))
          for measure, said in {
              "practices": "mentions in texts", "platforms": "mentions in texts",
              "places": "mentions in texts", "together": "named together",
              "found": "found in the laboratory", "expected": "samples that hold what they say",
              "missold": "sold as what it is not", "changed": "content changed",
              "documents": "documents read", "unheard": ""}.items()),
    ],
)  # fmt: skip
def test_where_and_of_what_a_signal_counts(opened, series, place, said):
    told = signal_facts.fact(opened, opened.thesaurus(), row(series, place=place))
    assert (told.place, told.currency, told.quantity, told.measured.en, told.unit.en, told.among,
            told.counted_at, told.counted_in) == said  # fmt: skip
    assert (told.series, told.step) == (series, series.rsplit("/")[-1])


@pytest.mark.parametrize(
    ("series", "concept", "french"),
    [
        ("indicator/area=75/name=saisies/substance=4-mmc/year", "substance=4-mmc",
         "4-MMC (méphédrone), saisies"),
        ("indicator/area=75/name=saisies de 4-mmc ∕ 4-mmc seized/substance=4-mmc/year",
         "substance=4-mmc", "saisies de 4-mmc"),
        ("indicator/area=75/name=usage ∕ use/year", "name=usage ∕ use", "usage"),
        ("indicator/area=75/substance=4-mmc/year", "substance=4-mmc", "4-MMC (méphédrone)"),
        ("found/name=x/substance=4-mmc/year", "substance=4-mmc", "4-MMC (méphédrone)"),
        ("found/group=nitazenes/month", "group=nitazenes", "Nitazènes"),
        ("found/class=opioids/month", "class=opioids", "Opioïdes"),
        ("found/class=gone/month", "class=gone", "Gone"),
        ("documents/source=canal/week", "silence source=canal", "Titre"),
    ],
)  # fmt: skip
def test_what_a_signal_is_about(opened, series, concept, french):
    told = signal_facts.fact(opened, opened.thesaurus(), row(series, concept=concept))
    assert told.concept.fr == french


@pytest.mark.parametrize(
    ("name", "substance", "said"),
    [
        ("saisies / seizures", "4-mmc",
         Name("saisies, 4-MMC (méphédrone)", "seizures, 4-MMC (mephedrone)")),
        ("saisies", "4-mmc", Name("saisies, 4-MMC (méphédrone)", "saisies, 4-MMC (mephedrone)")),
        ("saisies de 4-mmc / x", "4-mmc", Name("saisies de 4-mmc / x", "saisies de 4-mmc / x")),
        ("saisies / seizures", "", Name("saisies / seizures", "saisies / seizures")),
    ],
)  # fmt: skip
def test_a_published_figure_is_called_with_its_substance(opened, name, substance, said):
    assert composing._of_substance(opened.thesaurus(), name, substance) == said


def test_what_may_be_told_of_a_series_whose_points_are_gone(opened):
    def periods(series, history=(), observed=5.0):
        one = signal_facts.fact(opened, opened.thesaurus(), row(series, observed=observed))
        return signal_facts.periods(opened, replace(one, history=history), 11)

    past = (Value(DAY, 3.0),)
    assert periods("mentions/substance=mdma/week", observed=11.0) is None, "in a list"
    assert periods("mentions/substance=mdma/week", past, 11.0) is None
    assert periods("mentions/kind=interview/substance=mdma/week", observed=11.0) == {}
    assert periods("mentions/kind=interview/substance=mdma/week", past, 11.0) == {}
    assert periods("mentions/kind=interview/substance=mdma/week", observed=10.0) == {}
    assert periods("found/substance=mdma/month", observed=11.0) == {}


def test_a_reader_is_told_no_small_count_of_a_signal(opened):
    def told(series, least):
        one = signal_facts.fact(opened, opened.thesaurus(), row(series, observed=5.0))
        return signal_facts.for_reader(opened, one, least).observed

    interviews = "mentions/kind=interview/substance=mdma/week"
    assert isinstance(told(interviews, 6), Few)
    assert told("mentions/substance=mdma/week", 6) == 5.0
    assert told(interviews, 1) == 5.0


# --- the alert form ------------------------------------------------------------------------------


def analysed(n, day, **more):
    known = {
        "id": bytes([n]) * 16, "reference": f"R-{n}", "source": "labo", "site": "lille", "day": day,
        "form": None, "sold_as": "cocaine", "sold_as_label": "c", "found": ["cocaine"],
        "labels": None, "methods": ["LC-MS"],
    }  # fmt: skip
    return AnalysedSample(**known | more)


def form_of(ws, monkeypatch, *samples, of=None):
    signal = of or row(observed=4.0, place="metz")
    behind = Behind(signal, samples=samples, analysed=90)
    monkeypatch.setattr(alerts, "evidence", SimpleNamespace(behind=lambda _, short: behind))
    ws.signal = lambda short: signal
    return alerts.alert_form(ws, "s", "en")


def test_the_alert_form_says_what_the_tables_say_and_leaves_the_rest_to_people(ws, monkeypatch):
    form = form_of(ws, monkeypatch)
    assert (form.signal, form.language, form.drawn_up) == (show(b"s" * 16), "en", date.today())  # noqa: DTZ011
    assert form.title == "Alert: MDMA, Metz (mentions in texts)"
    fields = {letter: text.replace("\xa0", " ") for letter, text in form.fields.items()}
    assert fields.keys() == {"a", "b", "j"}
    assert fields["a"].startswith("Signal: MDMA, Metz (mentions in texts) — persistent. ")
    assert fields["b"] == "03/03/2025 – 17/03/2025; Metz"
    assert fields["j"].endswith(f" Signal {show(b's' * 16)}, method d.")
    everywhere = form_of(ws, monkeypatch, of=row(novelty="odd"))
    assert everywhere.fields["b"] == "03/03/2025 – 17/03/2025; several sites"
    assert "(mentions in texts) — odd. " in everywhere.fields["a"]


def test_the_alert_form_of_samples(ws, monkeypatch):
    form = form_of(
        ws, monkeypatch,
        analysed(1, date(2025, 3, 9), form="powder", methods=["TLC"], site="metz"),
        analysed(2, date(2025, 3, 4), form="powder", found=["mdma", "sucre"]),
        analysed(3, date(2025, 3, 5), form="tablet", sold_as=None, found=None, methods=None),
        analysed(4, date(2025, 3, 5), sold_as="poudre", reference="", found=["mdma"]),
    )  # fmt: skip
    fields = form.fields
    assert fields["b"] == "04/03/2025 – 09/03/2025; Lille, Metz"
    assert fields["a"].endswith("Sold as: Cocaine (2), poudre (1)")
    assert fields["c"] == "Forms: powder (2), tablet (1)"
    assert fields["d"].splitlines() == [
        "Found in 4 / 90 samples analysed: MDMA (2), Cocaine (1), sucre (1)",
        "References: R-1, R-2, R-3",
    ]
    assert fields["e"] == "LC-MS, TLC"
    plain = form_of(ws, monkeypatch, analysed(1, DAY, methods=None)).fields
    assert "c" not in plain
    assert "e" not in plain


def test_words_of_a_service_that_the_door_would_stop_are_in_no_alert_form(ws, monkeypatch):
    number = "06 39 98 12 34"
    one = analysed(1, DAY, form=number, methods=[number], reference=number)
    fields = form_of(ws, monkeypatch, one).fields
    assert (fields["c"], fields["e"]) == ("", "")
    assert fields["d"] == "Found in 1 / 90 samples analysed: Cocaine (1)"
    assert "Sold as: Cocaine (1)" in fields["a"]
