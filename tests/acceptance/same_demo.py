"""Before and after a move: the sample observatory has the same rows and the same bulletins.

Run as ``make same BEFORE=COMMIT``: invented material is written once, both versions of the code
bring it in under the same keys and publish, and every table is compared row by row, every edition
byte by byte. Left out are the ids of runs, fingerprints of code, and the hour of making.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
# What each version does: only names that a move leaves where they are.
MAKE = """
import shutil, sys
from pathlib import Path
import fanal
TABLES = "documents observations reposts points alarms signals samples results indicators issues"
material, folder, keys = map(Path, sys.argv[1:])
fanal.create(folder, "Essai").close()
if keys.exists():
    shutil.rmtree(folder / "keys")
    shutil.copytree(keys, folder / "keys")
with fanal.open(folder) as observatory:
    for description in sorted((material / "sources").glob("*.toml")):
        observatory.add_source(description.read_text("utf-8"))
    for source in sorted(path.name for path in (material / "material").iterdir()):
        observatory.ingest([material / "material" / source], source)
    observatory.run()
    for public in (False, True):
        observatory.publish_bulletin(folder / f"public-{public}", public=public)
    (folder / "rows").mkdir()
    for name in TABLES.split():
        table = observatory.tables.query(f"SELECT * FROM {name}")
        table = table.drop_columns({"run", "fingerprint"} & set(table.column_names))
        rows = sorted(map(repr, table.to_pylist()))
        (folder / "rows" / f"{name}.txt").write_text("\\n".join(rows), "utf-8")
if not keys.exists():
    shutil.copytree(folder / "keys", keys)
"""
# The hour of making, as pages, papers and their packages write it.
HOUR = re.compile(
    rb"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.+Z-]*|D:\d{14}[Z+\d']*|/ID *\[[^\]]*\]|uuid:[0-9a-f-]{36}"
    rb"|xmp\.(?:iid|did):[\w-]+|<xmpMM:\w+>[^<]*</xmpMM:\w+>"
)


def made(tree: Path, material: Path, folder: Path, keys: Path) -> dict[str, bytes]:
    """Return what the code of a tree makes of the material: file → content without the hour."""
    code = [sys.executable, "-c", MAKE, str(material), str(folder), str(keys)]
    subprocess.run(code, check=True, cwd=tree, env=os.environ | {"PYTHONPATH": str(tree / "src")})
    files = [*folder.glob("rows/*"), *folder.glob("public-*/**/*")]
    return {
        str(path.relative_to(folder)): HOUR.sub(b"", path.read_bytes())
        for path in sorted(files)
        if path.is_file()
    }


def differences(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Return the files that differ, each with its first lines that do."""
    told = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one == other:
            continue
        told.append(f"{name}: {len(one or b'')} and {len(other or b'')} bytes")
        if one is not None and other is not None and b"\0" not in one:
            lines = [part.decode("utf-8", "replace").splitlines() for part in (one, other)]
            told += [line[:200] for line in difflib.unified_diff(*lines, n=0, lineterm="")][:8]
    return told


def main(commit: str) -> int:
    """Compare the present tree with a commit; returns the exit code."""
    with tempfile.TemporaryDirectory() as work:
        material, keys, tree = Path(work, "material"), Path(work, "keys"), Path(work, "tree")
        git = ["git", "-C", str(HERE), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", str(tree), commit], check=True)
        try:
            write = "import sys, pathlib; from fanal.testing import simulator as s; "
            write += "s.write(pathlib.Path(sys.argv[1]), 1)"
            environment = os.environ | {"PYTHONPATH": str(tree / "src")}
            subprocess.run(
                [sys.executable, "-c", write, str(material)], check=True, env=environment
            )
            before = made(tree, material, Path(work, "before"), keys)
            after = made(HERE, material, Path(work, "after"), keys)
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)
    told = differences(before, after)
    print("\n".join(told) or f"the same: {len(before)} files")
    return bool(told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
