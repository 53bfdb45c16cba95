"""E-mail by subscription, on a click, through a real server; Atom feeds."""

import shutil
import socket
import ssl
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from xml.etree import ElementTree

import pytest
from aiosmtpd.controller import Controller
from conftest import ORIGIN, found
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fanal.door.pseudonyms import show
from fanal.errors import ConfigError
from fanal.people import accounts
from fanal.publishing import editions, mailing
from fanal.records import Audit, Decision, Signal, Subscription, table_of
from fanal.web import making
from fanal.workspace import Workspace

ID = b"s" * 16


class Box:
    """A mail server's box: what came, and to whom."""

    def __init__(self):
        self.came = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.came.append((envelope.rcpt_tos, message))
        return "250 kept"


@pytest.fixture
def server():
    box = Box()
    with socket.socket() as free:  # the controller must know its port beforehand
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "obs"
    found(folder)
    with Workspace(folder) as ws:
        signal = Signal(
            ID, "substance=protonitazene", "found", "lille", date(2025, 3, 1), date(2025, 3, 1),
            "new", 9.0, 2.0, 0.0, 0.0, "found/substance=protonitazene/month", "first-seen", "{}",
            2.0,
        )  # fmt: skip
        ws.tables.append(Signal, table_of([signal], Signal))
        made = making.make(ws.acting("analyst"), date(2025, 1, 1), date(2025, 3, 31))
        editions.put_out(ws.acting("analyst"), made.name)
    return folder


@pytest.fixture
def folder(made, tmp_path, server):
    folder = Path(shutil.copytree(made, tmp_path / "obs"))
    with (folder / "fanal.toml").open("a") as settings:
        settings.write(f'\nmail_server = "127.0.0.1:{server.port}"\nmail_security = "none"\n'
                       'mail_from = "fanal@fanal.example"\n')  # fmt: skip
    return folder


@pytest.fixture
def ws(app):
    return app.state.ws


def decide(ws, *verdicts):
    for number, verdict in enumerate(verdicts):
        time = datetime(2025, 4, 1 + number, tzinfo=UTC)
        ws.state.append(
            Decision(bytes([number]) * 16, ID, verdict, "raison interne", "analyst", time, "{}")
        )


ALERTED = ("verify", "assess", "alert")


def wants(visitor, who, **form):
    given = {"address": f"{who}@people.example", "topic": "", "site": "", "level": "alerts"} | form
    return visitor(who).post("/mail", data=given)


def test_a_bulletin_is_told_to_those_who_asked_each_apart_and_once(ws, visitor, server):
    wants(visitor, "reader", level="all")
    wants(visitor, "paris", level="all")
    wants(visitor, "lille", level="alerts")
    (edition,) = editions.every(ws)
    path = f"/bulletins/{edition.name}/mail"
    page = visitor("analyst").get(path)
    assert "2 personnes" in page.text
    assert "people.example" not in page.text, "nobody sees the addresses"
    assert server.came == [], "a preview sends nothing"
    assert visitor("analyst").post(path).status_code == 303
    assert [to for to, _ in server.came] == [["paris@people.example"], ["reader@people.example"]]
    message = server.came[0][1]
    assert message["From"] == "fanal@fanal.example"
    assert f"{ORIGIN}/bulletins/{edition.name}/bulletin.fr.html" in message.get_content()
    assert visitor("analyst").post(path).status_code == 400
    assert len(server.came) == 2
    lines = ws.state.all(Audit, action="mail")
    assert len(lines) == 1
    assert "people.example" not in str(ws.state.all(Audit))


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, True),
        ({"site": "lille"}, True),
        ({"site": "paris"}, False),
        ({"topic": "protonitazene"}, True),
        ({"topic": "nitazenes"}, True),
        ({"topic": "cocaine"}, False),
        ({"topic": "cocaine", "site": "lille"}, False),
    ],
)
def test_an_alert_goes_to_those_of_its_topic_and_site(ws, visitor, server, form, told):
    assert wants(visitor, "reader", **form).status_code == 303
    decide(ws, *ALERTED)
    visitor("analyst").post(f"/signals/{show(ID)}/mail")
    assert len(server.came) == told
    for _, message in server.came:
        assert "Alerte" in message["Subject"] or "alerte" in message["Subject"]
        assert "raison interne" not in message.get_content()


def test_nothing_is_told_of_what_was_not_put_out(ws, visitor, server):
    wants(visitor, "reader")
    assert visitor("analyst").get(f"/signals/{show(ID)}/mail").status_code == 400
    decide(ws, "verify")
    assert visitor("analyst").post(f"/signals/{show(ID)}/mail").status_code == 400
    for who in ("reader", "observer", "paris"):
        assert visitor(who).get(f"/signals/{show(ID)}/mail").status_code == 403
    assert server.came == []


def test_an_address_is_gone_when_it_is_no_longer_wanted(ws, visitor):
    wants(visitor, "reader")
    wants(visitor, "reader", address="other@people.example")
    assert [s.address for s in ws.state.all(Subscription)] == ["other@people.example"]
    assert visitor("reader").post("/mail/stop").status_code == 303
    assert ws.state.all(Subscription) == []


@pytest.mark.parametrize(
    "form",
    [{"address": "x"}, {"address": "a@b.fr\r\nBcc: c@d.fr"}, {"address": "a b@c.fr"},
     {"topic": "nonsense"}, {"site": "nowhere"}, {"level": "everything"}],
)  # fmt: skip
def test_wrong_wishes_are_refused(ws, visitor, form):
    assert wants(visitor, "reader", **form).status_code == 400
    assert ws.state.all(Subscription) == []


def test_a_refusal_says_what_is_wrong_and_what_to_do(ws):
    with pytest.raises(ConfigError) as refused:
        mailing.subscribe(ws, "reader", "x", "", "", "all")
    assert str(refused.value) == "this is no e-mail address; write it as name@example.org"
    with pytest.raises(ConfigError) as refused:
        mailing.subscribe(ws, "reader", "a@b.fr", "", "", "some")
    assert str(refused.value) == "no level 'some'; allowed: alerts, all"


def test_a_message_ends_with_where_to_stop_it(ws, visitor):
    wants(visitor, "reader", level="all")
    (edition,) = editions.every(ws)
    end = mailing.of_bulletin(ws, edition.name, ORIGIN).body.split("\n\n--\n")[1]
    assert end == (
        "Vous avez demandé ce message. You asked for this message. https://fanal.example/mail"
    )


@pytest.fixture
def certificate(tmp_path):
    """Files of a certificate for 127.0.0.1 that nobody vouches for, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def test_no_message_goes_to_a_server_that_only_says_who_it_is(ws, certificate, monkeypatch):
    """With STARTTLS the certificate is looked at: one that is trusted is written to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    draft = mailing.Draft("alert", "Sujet", "Texte", ("someone@people.example",), False)
    sender = ws.acting("analyst")
    sender.settings = ws.settings.model_copy(
        update={"mail_server": f"127.0.0.1:{port}", "mail_security": "starttls"}
    )
    try:
        with pytest.raises(ConfigError, match="SSLCertVerificationError"):
            mailing.send(sender, draft)
        assert box.came == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert mailing.send(sender, draft) == 1
    finally:
        controller.stop()
    assert [to for to, _ in box.came] == [["someone@people.example"]]


def test_a_server_that_is_not_there_is_told(ws, visitor, server):
    wants(visitor, "reader", level="all")
    (edition,) = editions.every(ws)
    draft = mailing.of_bulletin(ws, edition.name, ORIGIN)
    gone = ws.acting("analyst")
    gone.settings = ws.settings.model_copy(update={"mail_server": "127.0.0.1:1"})
    with pytest.raises(Exception, match="refused"):
        mailing.send(gone, draft)
    gone.settings = ws.settings.model_copy(update={"mail_server": ""})
    with pytest.raises(Exception, match="no mail server"):
        mailing.send(gone, draft)


def feed(client, name, **headers):
    answer = client.get(f"/feeds/{name}.atom", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)


def titles(tree):
    return [e.findtext("{*}title") for e in tree.iter("{http://www.w3.org/2005/Atom}entry")]


def test_the_feeds_have_what_went_out(ws, visitor):
    assert titles(feed(visitor("reader"), "alerts")) == []
    decide(ws, *ALERTED, "retract")
    told = titles(feed(visitor("reader"), "alerts"))
    assert [t.split("\xa0:")[0] for t in told] == ["Alerte retirée", "Alerte"]
    tree = feed(visitor("reader"), "bulletins")
    assert len(titles(tree)) == 1
    ids = [node.text for node in tree.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(ids) == len(set(ids))
    assert all(id_.startswith(ORIGIN) for id_ in ids)
    assert "raison interne" not in visitor("reader").get("/feeds/alerts.atom").text


def test_a_program_reads_a_feed_with_its_key_and_nobody_without(visitor, ws):
    assert visitor().get("/feeds/alerts.atom").status_code == 303
    key = accounts.start(ws.state, "reader", "program", datetime.now(UTC), timedelta(hours=1))
    assert feed(visitor(), "bulletins", authorization=f"Bearer {key}") is not None
    assert visitor("reader").get("/feeds/others.atom").status_code == 400
