"""An observatory that is served to a browser, from this process."""

import socket
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import uvicorn

from fanal.people import accounts
from fanal.web.app import create_app


class Served:
    """An observatory under its address."""

    def __init__(self, app, origin):
        self.app, self.origin, self.ws = app, origin, app.state.ws

    def secret(self, who):
        """Return the secret of a new session."""
        now = datetime.now(UTC)
        return accounts.start(self.ws.state, who, "browser", now, timedelta(hours=1))


@contextmanager
def serve(folder):
    """Serve an observatory from this process on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    app = create_app(folder, origin)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Served(app, origin)
    server.should_exit = True
    thread.join(10)
