"""Time and memory of ingest against the size of the file: `python bench/sizes.py`.

Brings in generated Telegram exports of 10 MB, 100 MB and 1 GB (with `--ten-gigabytes` one more)
and codes them; prints seconds, messages a second and the peak proportional memory (PSS) of all
processes for each, and draws `docs/reference/sizes.svg`. Constant memory is a flat lower line; a
time that doubles with the file is a straight upper one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from math import log2
from pathlib import Path

from figures import say
from ingest import SOURCE, measured
from ingest_telegram import write_export

import fanal
from fanal.exporters import charts
from fanal.wording.language import Language

PICTURE = Path(__file__).parents[1] / "docs" / "reference" / "sizes.svg"


def rows_of(megabytes: int, share: float, code: bool) -> list[dict[str, object]]:
    """Return what the stages took for one size."""
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        messages = write_export(folder / "result.json", megabytes, share)
        with fanal.create(folder / "obs") as observatory:
            observatory.add_source(SOURCE)
        cli = [sys.executable, "-m", "fanal.cli"]
        stages = {"ingest": [*cli, "ingest", str(folder / "result.json"), "-s", "canal"]}
        if code:
            stages["code"] = [*cli, "code"]
        for stage, command in stages.items():
            seconds, peak = measured([*command, "-d", str(folder / "obs")])
            row = {"stage": stage, "MB": megabytes, "s": seconds, "MiB": peak / 2**20}
            rows.append(row | {"messages": messages})
            print(
                f"{stage} {megabytes:,} MB, {messages:,} messages: {seconds:.1f} s, "
                f"{messages / seconds:,.0f} messages/s, peak PSS {peak / 2**20:.0f} MiB",
                flush=True,
            )
    return rows


def drawn(rows: list[dict[str, object]]) -> str:
    """Return time and memory against size as SVG, all axes logarithmic."""
    size = {"field": "MB", "type": "quantitative", "scale": {"type": "log"}}
    size |= {"title": "size of the export, MB"}
    panels = [
        {
            "width": charts.WIDTH - 120,
            "height": 160,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": size,
                "y": {
                    "field": column,
                    "type": "quantitative",
                    "scale": {"type": "log"},
                    "title": title,
                },
                "color": {
                    "field": "stage",
                    "title": None,
                    "scale": {"range": [charts.BLUE, charts.ORANGE]},
                },
                "strokeDash": {"field": "stage", "title": None},
            },
        }
        for column, title in (("s", "time, s"), ("MiB", "peak PSS, MiB"))
    ]
    return charts.draw({"data": {"values": rows}, "vconcat": panels}, "sizes", Language("en"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--ten-gigabytes", action="store_true")
    parser.add_argument("--identifiers", type=float, default=0.03)
    parser.add_argument("--no-code", action="store_true", help="ingest alone")
    options = parser.parse_args()
    sizes = [*options.megabytes, *([10_000] if options.ten_gigabytes else [])]
    rows = [r for mb in sizes for r in rows_of(mb, options.identifiers, not options.no_code)]
    PICTURE.write_text(drawn(rows), "utf-8")
    totals = [sum(float(str(r["s"])) for r in rows if r["MB"] == mb) for mb in sizes[-2:]]
    say(doubled=(totals[1] / totals[0]) ** (1 / log2(sizes[-1] / sizes[-2])))
    print(f"drawn: {PICTURE}")


if __name__ == "__main__":
    main()
