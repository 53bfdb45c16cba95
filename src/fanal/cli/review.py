"""The desk on the command line: what waits is looked at, masked or kept, and confirmed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanal.cli.app import HERE, Json, Where, err, finish, opened, out, table, unmarked
from fanal.errors import ConfigError

if TYPE_CHECKING:
    from fanal.door.desk import Act, Review

review_app = typer.Typer(
    help="Look at what waits before it is stored: mask, keep, confirm.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(help="Its id, or how it begins: fanal door review list.")]
Texts = Annotated[
    list[str] | None, typer.Argument(help="Texts as they stand there, each wherever it stands.")
]
At = Annotated[
    list[str] | None,
    typer.Option("--at", help="One place alone: TURN:START-STOP as `show --json` counts them."),
]


@review_app.command("list")
def review_list(folder: Where = HERE, as_json: Json = False) -> None:
    """List what waits, and until when; then it is destroyed."""
    with opened(folder, quiet=True) as workspace:
        rows = [asdict(one) for one in workspace.waiting()]
    rows = [{k: row[k] for k in ("id", "source", "site", "records", "held", "until")}
            for row in rows]  # fmt: skip
    columns = ["id", "source", "site", "texts", "since", "until"]
    finish(
        as_json, {"rows": rows},
        lambda: table("Waiting for a review", columns, [list(row.values()) for row in rows]),
    )  # fmt: skip


@review_app.command("show")
def review_show(id_: Id, folder: Where = HERE, as_json: Json = False) -> None:
    """Show what waits: [name|masked], and {in question?}."""
    with opened(folder, quiet=True) as workspace:
        review = workspace.review(id_)
    finish(as_json, _as_json(review), lambda: _show(review))


@review_app.command("mask")
def review_mask(
    id_: Id,
    texts: Texts = None,
    at: At = None,
    kind: Annotated[str, typer.Option("--class", help="What it is: name, address, …")] = "name",
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Mask texts everywhere in what waits, whatever their capitals and accents."""
    from fanal.door.desk import Act

    acts = [Act("mask", text, "", kind) for text in texts or ()]
    acts += [Act("mask", "", "", kind, _place(place)) for place in at or ()]
    _decide(id_, acts, folder, as_json=as_json)


@review_app.command("person")
def review_person(
    id_: Id, texts: Texts = None, folder: Where = HERE, as_json: Json = False
) -> None:
    """Say that texts are people: each part of their name is masked, and what is near is shown."""
    from fanal.door.desk import Act

    _decide(id_, [Act("person", text, "") for text in texts or ()], folder, as_json=as_json)


@review_app.command("keep")
def review_keep(
    id_: Id, texts: Texts = None, at: At = None, folder: Where = HERE, as_json: Json = False
) -> None:
    """Say that texts identify nobody: they are stored as they stand."""
    from fanal.door.desk import Act

    acts = [Act("keep", text, "") for text in texts or ()]
    acts += [Act("keep", "", "", here=_place(place)) for place in at or ()]
    _decide(id_, acts, folder, as_json=as_json)


@review_app.command("undo")
def review_undo(id_: Id, folder: Where = HERE, as_json: Json = False) -> None:
    """Take the last decision back."""
    with opened(folder, quiet=True) as workspace:
        review = workspace.undo_review(id_)
    _told(review, as_json=as_json)


@review_app.command("confirm")
def review_confirm(
    id_: Id,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where it would replace many other records.")
    ] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Store what was decided and destroy what waits; a source may ask for a second reader."""
    with opened(folder, quiet=as_json) as workspace:
        found = workspace.confirm_review(id_, replace=replace)
    value: dict[str, Any] = {"stored": False, "second_reader": True}
    if found is not None:
        failed = found.status == "failed"
        value = {"stored": not failed, "second_reader": False, "documents": found.documents,
                 "duplicates": found.duplicates, "replaced": found.replaced,
                 "quarantined": found.quarantined, "detail": found.detail}  # fmt: skip
    finish(as_json, value, lambda: _show_stored(value))
    if value.get("detail") and not value["stored"]:
        raise typer.Exit(1)


@review_app.command("destroy")
def review_destroy(
    id_: Id,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Destroy what waits; nothing of it is stored."""
    if not yes:
        typer.confirm("Destroy it? Nothing of it is stored.", abort=True)
    with opened(folder, quiet=True) as workspace:
        gone = workspace.destroy_review(id_)
    finish(as_json, {"destroyed": gone.id}, lambda: out.print("destroyed"))


def _place(text: str) -> tuple[int, int, int]:
    try:
        turn, _, stretch = text.partition(":")
        start, _, stop = stretch.partition("-")
        return int(turn), int(start), int(stop)
    except ValueError:
        raise ConfigError(
            f"no place {text!r}", where="--at", allowed="TURN:START-STOP, as 3:10-15"
        ) from None


def _decide(id_: str, acts: list[Act], folder: Any, *, as_json: bool) -> None:
    if not acts:
        raise ConfigError("nothing to decide on was given", do="give a text, or --at")
    with opened(folder, quiet=True) as workspace:
        review = workspace.decide_review(id_, acts)
    _told(review, as_json=as_json)


def _told(review: Review, *, as_json: bool) -> None:
    from fanal.door import deciding

    made = deciding.decided(review)
    counts = {
        "decisions": len(review.acts),
        "masks": made.masks,
        "kept": made.kept,
        "in_doubt": sum(map(bool, made.doubts)),
    }
    finish(
        as_json, counts, lambda: out.print(", ".join(f"{k} {v}" for k, v in counts.items()))
    )  # fmt: skip


def _as_json(review: Review) -> dict[str, Any]:
    from fanal.door import deciding

    marked, made = deciding.marks(review), deciding.decided(review)
    turns = [
        {"turn": number, "speaker": deciding.speaker(turn), "text": turn.raw.text, "doubt": doubt,
         "marks": [{"start": m.start, "stop": m.stop, "class": m.kind, "state": m.state,
                    "why": m.why, "score": m.score} for m in line]}
        for number, (turn, line, doubt) in enumerate(
            zip(review.turns, marked, made.doubts, strict=True))
    ]  # fmt: skip
    subjects = [
        {"text": s.text, "state": s.state, "class": s.kind, "why": s.why, "score": s.score,
         "places": [list(place) for place in s.places]}
        for s in deciding.subjects(review, marked)
    ]  # fmt: skip
    return {
        "id": review.waiting.id, "source": review.waiting.source, "until": review.waiting.until,
        "decisions": len(review.acts), "first_reader": review.first, "turns": turns,
        "subjects": subjects,
    }  # fmt: skip


def _show(review: Review) -> None:
    from fanal.door import deciding

    told = {deciding.MASK: "[{kind}|{text}]", deciding.MAYBE: "{{{text}?}}"}
    marked, made = deciding.marks(review), deciding.decided(review)
    for number, (turn, line) in enumerate(zip(review.turns, marked, strict=True)):
        text, at, shown = turn.raw.text, 0, ""
        for mark in line:
            said = text[mark.start : mark.stop]
            shown += text[at : mark.start]
            shown += told.get(mark.state, "{text}").format(kind=mark.kind, text=said)
            at = mark.stop
        doubt = f" ({made.doubts[number]}: stays outside)" if made.doubts[number] else ""
        out.print(f"{number} {deciding.speaker(turn)}: {shown}{text[at:]}{doubt}", markup=False,
                  soft_wrap=True)  # fmt: skip
    subjects = deciding.subjects(review, marked)
    rows = [[s.text, s.state, s.kind, s.why, len(s.places)] for s in subjects]
    table("To decide, masked, kept", ["text", "state", "class", "why", "places"], rows)


def _show_stored(value: dict[str, Any]) -> None:
    if value["second_reader"]:
        out.print("confirmed; another person must read it before it is stored")
    elif not value["stored"]:
        err.print(unmarked(value["detail"]), soft_wrap=True)
    else:
        out.print(
            f"stored: {value['documents']} new, {value['duplicates']} known, "
            f"{value['replaced']} replaced, {value['quarantined']} in doubt and left out"
        )
