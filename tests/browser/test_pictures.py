"""The pictures of the manual, taken anew of the sample observatory: run it after a page changes.

FANAL_DEMO names a folder that `make demo` made; without it one is made here.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from people import PASSWORD
from PIL import Image
from served import serve

import fanal.web
from fanal.door.pseudonyms import show
from fanal.people import accounts
from fanal.testing import demo
from fanal.workspace import Workspace

TO = Path(fanal.web.__file__).parent / "static" / "manual"
SHOTS = ("documents", "signal", "substance", "explore")


@pytest.mark.bars
def test_pictures(visit, tmp_path):
    folder = tmp_path / "obs"
    if made := os.environ.get("FANAL_DEMO"):
        shutil.copytree(made, folder)
    else:
        demo.main(folder)
    now = datetime.now(UTC)
    with Workspace(folder) as ws:
        if "analyst" not in accounts.present(ws.state):
            secret = accounts.invite(ws.state, "analyst", "analyst", (), "test", now)
            accounts.choose_password(ws.state, secret, PASSWORD, now)
        signal = show(ws.session()[0].id)
    paths = {
        "documents": "/documents?q=coke&substance=cocaine",
        "signal": f"/signals/{signal}",
        "substance": "/substances/cocaine",
        "explore": "/explore?what=mentions%2Fsubstance%3Dketamine%2Fmonth&by=site",
    }
    TO.mkdir(exist_ok=True)
    with serve(folder) as served:
        for language in ("fr", "en"):
            page = visit(served, "analyst", language, "light", 1100)
            for name in SHOTS:
                page.goto(served.origin + paths[name])
                page.wait_for_timeout(1500)
                to = TO / f"{name}.{language}.png"
                page.screenshot(path=to)
                Image.open(to).quantize(96).save(to, optimize=True)
