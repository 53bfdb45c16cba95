"""Options that all tests share."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

# Three workers share two cores: threads of linear algebra that wait for each other take both.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite the expected side of the golden files; review is reading the diff",
    )


def pytest_collection_finish() -> None:
    """What is there before the first test stays: no need to look for rubbish in it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionfinish() -> None:
    """Let what stood still be cleared at the end."""
    gc.unfreeze()


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update"))


@pytest.fixture
def shared_data() -> Path:
    """Where the real data lies; a test that needs it is skipped where it is absent."""
    folder = Path(os.environ.get("FANAL_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no real data here: set FANAL_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def database_server():
    """Start a PostgreSQL of our own, on a socket in a folder of our own; yield that folder."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL here: sh tests/system.sh")
    # It refuses to run as root.
    other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="fanal-pg-"))
    if other:
        shutil.chown(folder, "postgres")

    def run(name, *words):
        subprocess.run(
            [*other, str(found[-1].with_name(name)), "-D", str(folder / "data"), *words],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgresql(database_server):
    """URL of an empty database."""
    name = f"fanal_{os.urandom(4).hex()}"
    where = f"host={database_server} user=postgres"
    with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://postgres@/{name}?host={database_server}"
