"""Writes the sample material: invented traces whose truth is known, and real published figures."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from fanal.sources import REVIEWED
from fanal.testing import exports, papers
from fanal.testing.channels import CHANNELS, Channel, history
from fanal.testing.planter import Planter
from fanal.testing.sentences import chance
from fanal.testing.truth import START, WEEKS, Truth, monday, phenomena


def write(folder: Path, seed: int = 1) -> Truth:
    """Write `sources/*.toml`, `material/<source>/…`, `truth.json` and a README; return the truth.

    The same seed gives the same bytes. The folder must be empty or new.
    """
    for name in ("sources", "material"):
        (folder / name).mkdir(parents=True, exist_ok=False)
    truth = Truth(seed, START, monday(WEEKS), phenomena())
    planter = Planter(chance(seed, "identifiers"))
    for channel in CHANNELS:
        _channel(folder, channel, seed, planter, truth)
    for site in papers.SITES:
        _papers(folder, site, seed, planter, truth)
    published = files("fanal.testing").joinpath("figures", "sources.toml").read_text("utf-8")
    for name, about in tomllib.loads(published).items():
        _figures(folder, name, about)
    truth.planted = planter.planted
    truth.write(folder / "truth.json")
    readme = files("fanal.testing").joinpath("sample.md").read_text("utf-8")
    (folder / "README.md").write_text(readme, "utf-8")
    return truth


def _channel(folder: Path, channel: Channel, seed: int, planter: Planter, truth: Truth) -> None:
    into = folder / "material" / channel.source
    into.mkdir()
    posts = history(channel, seed, planter, truth)
    if channel.form.startswith("telegram"):
        exports.telegram(channel, posts, into, seed, planter)
    else:
        path = exports.whatsapp(channel, posts, into)
        planter.note("file", path.name, channel.source)
    truth.documents[channel.source] = len(posts)
    silent = truth.phenomena["silent-channel"]
    if f"source={channel.source}" in silent.concepts:
        weeks = range(channel.stops, WEEKS)
        silent.shows[channel.source] = {monday(week).isoformat(): 0 for week in weeks}
    app = "Telegram" if channel.form.startswith("telegram") else "WhatsApp"
    site, name = channel.source.split("-")
    shop = channel.style == "shop"
    fr, en = ("canal", "channel") if shop else ("groupe", "group")
    who = "vendeurs inventés / invented sellers" if shop else "groupe inventé / invented group"
    _describe(
        folder,
        channel.source,
        title=_title(f"{fr} {app} « {name} »", f"{app} {en} “{name}”", site),
        publisher=who,
        kind="public posts",
        site=channel.site,
    )


def _papers(folder: Path, site: str, seed: int, planter: Planter, truth: Truth) -> None:
    kinds: tuple[tuple[str, str, str, Callable[..., int]], ...] = (
        ("entretiens", "interview", "interviews", papers.interviews),
        ("notes", "field notes", "field notes", papers.notes),
        ("presse", "press", papers.TITLES[site], papers.press),
        ("analyses", "lab", "drug checking", papers.laboratory),
    )
    for suffix, kind, english, make in kinds:
        source = f"{site}-{suffix}"
        into = folder / "material" / source
        into.mkdir()
        truth.documents[source] = make(site, into, seed, planter, truth)
        _describe(
            folder,
            source,
            title=_title(english if kind == "press" else suffix, english, site),
            publisher="journal inventé / invented newspaper"
            if kind == "press"
            else "observatoire inventé / invented observatory",
            kind=kind,
            site=site,
        )


def _title(fr: str, en: str, site: str) -> str:
    return f"INVENTÉ : {fr}, {site.capitalize()} / INVENTED: {en}, {site.capitalize()}"


def _figures(folder: Path, name: str, about: dict[str, str]) -> None:
    into = folder / "material" / name
    into.mkdir()
    with as_file(files("fanal.testing").joinpath("figures")) as figures:
        shutil.copyfile(figures / f"{name}.csv", into / f"{name}.csv")
    _describe(
        folder,
        name,
        kind="official table",
        invented=False,
        legal_basis="chiffres publiés / published figures",
        **about,
    )


def _describe(folder: Path, source: str, *, invented: bool = True, **keys: str) -> None:
    about = {
        "name": source,
        "legal_basis": "matériel inventé / invented sample material",
        **keys,
    }
    if keys["kind"] in REVIEWED:
        about |= {"review": "none", "review_reason": "inventé / invented"}
    lines = [f'{key} = "{value}"' for key, value in about.items()]
    if invented:
        lines.append("invented = true")
    (folder / "sources" / f"{source}.toml").write_text("\n".join(lines) + "\n", "utf-8")
