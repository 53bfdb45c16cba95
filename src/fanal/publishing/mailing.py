"""Telling people by e-mail: alerts and bulletins, to those who asked, on somebody's click.

A message says what there is and where; it quotes no text and no small number. Each person gets a
message of their own, so that nobody sees another's address. Addresses are kept while they are
subscribed and no longer; the audit log has numbers alone.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from fanal.door.pseudonyms import show
from fanal.errors import ConfigError
from fanal.observatory import Observatory
from fanal.publishing import editions
from fanal.publishing.signal_facts import titled
from fanal.records import Audit, Subscription
from fanal.series import about
from fanal.wording.language import Language
from fanal.wording.marks import N_, NC_

LEVELS = ("alerts", "all")  # urgent ones alone, or bulletins as well
ADDRESS = re.compile(r"[^@\s<>\"',;:\\()\[\]]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
PATIENCE = 20  # seconds for the server to answer


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it would go out, and to how many."""

    key: str  # what it is about; sent once
    subject: str
    body: str
    addresses: tuple[str, ...]
    sent: bool  # it went out before


# --- who wants what ------------------------------------------------------------------------------


def subscription(ws: Observatory, account: str) -> Subscription | None:
    """Return what an account asked for."""
    rows = ws.state.all(Subscription, account=account)
    return rows[-1] if rows else None


def subscribe(
    ws: Observatory, account: str, address: str, topic: str, site: str, level: str
) -> None:
    """Remember what an account wants, in the place of what it asked for before.

    Raises:
        ConfigError: no address, an unknown topic, site or level.
    """
    if not ADDRESS.fullmatch(address):
        raise ConfigError("this is no e-mail address", do="write it as name@example.org")
    if level not in LEVELS:
        raise ConfigError(f"no level {level!r}", allowed=", ".join(LEVELS))
    if topic and topic not in ws.thesaurus().substances:
        raise ConfigError(f"no substance {topic!r}", do="choose one of the list")
    if site and site not in {source.site for source in ws.sources.values()}:
        raise ConfigError(f"no site {site!r}", do="choose one of the list")
    now = datetime.now(UTC)
    ws.state.subscribe(account, Subscription(account, address, topic, site, level, now))
    ws.audit("subscribe", {"level": level})


def unsubscribe(ws: Observatory, account: str) -> None:
    """Forget an account's address."""
    ws.state.subscribe(account, None)
    ws.audit("unsubscribe", {})


# --- what goes out -----------------------------------------------------------------------------


def of_bulletin(ws: Observatory, name: str, origin: str) -> Draft:
    """Return the message that a bulletin is out.

    Raises:
        ConfigError: it is a draft still.
    """
    publication = editions.find(ws, name)
    if not publication.out:
        raise ConfigError("this edition is a draft", do="put it out first")
    first, last = (date.fromisoformat(d) for d in (publication.first, publication.last))
    subject = f"{ws.settings.title} – bulletin {last:%Y-%m-%d}"
    told = []
    for language in map(Language, editions.spoken(ws, name)):  # one message to all
        out = language.say(
            "The bulletin of %(first)s to %(last)s is out:",
            first=language.day(first),
            last=language.day(last),
        )
        told.append(f"{out}\n{origin}/bulletins/{name}/bulletin.{language.code}.html")
    body = "\n\n".join(told)
    wanting = [s for s in ws.state.all(Subscription) if s.level == "all"]
    return _draft(ws, f"bulletin {name}", subject, body, wanting, origin)


def of_alert(ws: Observatory, short: str, origin: str) -> Draft:
    """Return the message that an alert was issued, or retracted, on a signal.

    Raises:
        ConfigError: no alert was issued on it.
    """
    signal = ws.signal(short)
    if signal.state not in ("alerted", "retracted"):
        raise ConfigError("no alert was issued on this signal", do="decide on it first")
    thesaurus = ws.thesaurus()
    message, short_one = N_("Alert: %(name)s"), NC_("mail", "alert")
    if signal.state == "retracted":
        message, short_one = N_("Alert retracted: %(name)s"), N_("alert retracted")
    spoken = [Language(code) for code in ws.settings.languages]
    what = [titled(ws, signal, language) for language in spoken]
    said = " / ".join(language.say(short_one) for language in spoken)
    subject = f"{ws.settings.title} – {said} – {what[0]}"
    lines = [
        language.say(message, name=name) + "." for language, name in zip(spoken, what, strict=True)
    ]
    body = "\n".join([*lines, f"{origin}/signals/{show(signal.id)}"])
    pairs = about(signal.concept)
    substance = pairs.get("substance", pairs.get("group", ""))
    wider = {substance, *(thesaurus.ancestors(substance) if substance in thesaurus.substances
                          else ())}  # fmt: skip
    wanting = [
        s for s in ws.state.all(Subscription)
        if (not s.topic or s.topic in wider)
        and (not s.site or not signal.place or s.site == signal.place)
    ]  # fmt: skip
    return _draft(ws, f"{signal.state} {show(signal.id)}", subject, body, wanting, origin)


def _draft(
    ws: Observatory, key: str, subject: str, body: str, wanting: Sequence[Subscription], origin: str
) -> Draft:
    spoken = [Language(code) for code in ws.settings.languages]
    asked = " ".join(language.say("You asked for this message.") for language in spoken)
    stop = f"\n\n--\n{asked} {origin}/mail"
    addresses = tuple(sorted({s.address for s in wanting}))
    sent = any(f'"{key}"' in line.detail for line in ws.state.all(Audit, action="mail"))
    return Draft(key, subject, body + stop, addresses, sent)


def send(ws: Observatory, draft: Draft) -> int:
    """Send a message to everybody who asked; returns to how many.

    Raises:
        ConfigError: no server is set, it went out before, or the server refuses.
    """
    settings = ws.settings
    if not (settings.mail_server and settings.mail_from):
        raise ConfigError("no mail server is set", where="fanal.toml",
                          do="set mail_server and mail_from")  # fmt: skip
    if draft.sent:
        raise ConfigError("this message went out before")
    # Kept before the first leaves: a second click finds it, whatever happens in between.
    ws.audit("mail", {"about": draft.key, "recipients": len(draft.addresses)})
    done = 0
    try:
        with _connected(settings.mail_server, settings.mail_security) as server:
            for address in draft.addresses:
                server.send_message(_message(draft, settings.mail_from, address))
                done += 1
    except (OSError, smtplib.SMTPException) as error:
        ws.audit("mail failed", {"about": draft.key, "sent": done})
        raise ConfigError(
            f"the mail server refused ({type(error).__name__}) after {done} messages",
            where=settings.mail_server,
            do="check mail_server, then tell the others by hand",
        ) from None
    return done


def _connected(server: str, security: str) -> Any:
    host, _, port = server.partition(":")
    context = ssl.create_default_context()
    if security == "tls":
        found: smtplib.SMTP = smtplib.SMTP_SSL(
            host, int(port or 465), timeout=PATIENCE, context=context
        )
    else:
        found = smtplib.SMTP(host, int(port or 587), timeout=PATIENCE)
        if security == "starttls":
            found.starttls(context=context)
    user, secret = (os.environ.get(f"FANAL_MAIL_{name}", "") for name in ("USER", "PASSWORD"))
    if user:
        found.login(user, secret)
    return found


def _message(draft: Draft, sender: str, address: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, address, draft.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rsplit("@", 1)[-1].strip(">"))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(draft.body)
    return message
