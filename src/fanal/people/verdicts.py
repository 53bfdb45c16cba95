"""What may be said of a signal, and what becomes of it: the words and steps of triage."""

from __future__ import annotations

STEPS: dict[str, dict[str, str]] = {
    "received": {"verify": "verified", "dismiss": "closed"},
    "verified": {"assess": "assessed", "dismiss": "closed"},
    "assessed": {"alert": "alerted", "close": "closed"},
    "alerted": {"retract": "retracted"},
    "closed": {"reopen": "received"},
    "retracted": {},
}
VERDICTS = ("verify", "dismiss", "assess", "alert", "close", "retract", "reopen")
LINKS = ("support", "contradict")
HARM = {1: "low", 2: "moderate", 3: "high", 4: "very high"}
QUALITY = {1: "weak", 2: "fair", 3: "good", 4: "strong"}
# What a grade of harm (row) and of evidence (column, weak to strong) suggests; people decide.
RESPONSES = {
    "watch": "keep watching",
    "verify": "look for corroboration at once",
    "bulletin": "tell it in the bulletin",
    "professionals": "tell professionals",
    "alert": "alert professionals and users",
}
MATRIX = {
    1: ("watch", "watch", "bulletin", "bulletin"),
    2: ("watch", "bulletin", "bulletin", "professionals"),
    3: ("verify", "professionals", "professionals", "alert"),
    4: ("verify", "professionals", "alert", "alert"),
}
NOVELTY = ("new", "returning", "persistent", "cyclical", "fading")
PROGRAM = "program"
