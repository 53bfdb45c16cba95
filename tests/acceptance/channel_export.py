"""An invented channel: its source description and its Telegram export."""

import json
from datetime import date, timedelta
from pathlib import Path

SOURCE = """
name = "{name}"
title = "INVENTED: {name}"
publisher = "invented"
kind = "public posts"
site = "lille"
legal_basis = "invented sample material"
{more}
"""
WORDS = ("coke", "ké", "3mmc", "beuh", "md", "speed")


def export(
    path: Path, count: int, *, start=date(2025, 1, 6), mark="", first=1, people=7, hours=11
) -> Path:
    """Write an invented Telegram export; every text holds a mark of its own."""
    messages = [
        {
            "id": first + i,
            "type": "message",
            "date": f"{start + timedelta(days=hours * i // 24):%Y-%m-%d}T{i % 24:02d}:00:00",
            "from": f"Personne {i % people}",
            "from_id": f"user77{i % people:04d}",
            "text": f"dispo {WORDS[i % 6]} 60e le g zzq{mark}{first + i}",
        }
        for i in range(count)
    ]
    chat = {"name": f"Essai {mark}", "type": "public_channel", "id": 42, "messages": messages}
    path.write_text(json.dumps(chat, ensure_ascii=False), "utf-8")
    return path
