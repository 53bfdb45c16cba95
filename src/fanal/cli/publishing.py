"""Verbs of publishing: bulletin."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fanal.cli.app import HERE, Json, Where, app, finish, opened, out

publish_app = typer.Typer(help="Publish what is known.", no_args_is_help=True)
app.add_typer(publish_app, name="publish")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@publish_app.command("bulletin")
def publish_bulletin(
    since: Day = None,
    until: Day = None,
    public: Annotated[bool, typer.Option(help="No excerpt, small counts withheld.")] = False,
    to: Annotated[Path | None, typer.Option(help="Folder; publications/ if unsaid.")] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="Others than in the settings; may be repeated."),
    ] = None,
    languages: Annotated[
        list[str] | None,
        typer.Option("--language", help="Others than in the settings; may be repeated."),
    ] = None,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Write the bulletin of a period, by default as HTML, PDF and DOCX in French and English."""
    with opened(folder, quiet=as_json) as workspace:
        workspace.using(formats=formats, languages=languages)
        files = workspace.publish_bulletin(
            to or workspace.publications,
            since.date() if since else None,
            until.date() if until else None,
            public=public,
        )
    finish(as_json, {"rows": files}, lambda: out.print("\n".join(map(str, files))))
