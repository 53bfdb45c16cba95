"""The last line of every bench: its figures as JSON, for the page that `python -m bench` writes."""

from __future__ import annotations

import json

MARK = "figures: "


def say(**figures: float) -> None:
    """Print the figures of a bench on a line of their own."""
    print(MARK + json.dumps({name: round(value, 4) for name, value in figures.items()}))


def heard(output: str) -> dict[str, float]:
    """Return the figures that a bench has printed; none where it did not come so far."""
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    return json.loads(lines[-1].removeprefix(MARK)) if lines else {}
