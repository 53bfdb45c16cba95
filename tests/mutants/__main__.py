"""Would the tests notice? Small faults go into 200 lines of code, one at a time: `make mutants`.

What a fault may be says mutmut (its own runner tries whole programs only, against every test).
`near.toml` says which code is judged, in families, and which tests stand near it. Of a family those
lines are drawn whose hash is least: of the seed, the path, the function and the text of the line.
Nobody chooses them, they stay the same while other lines change, and another seed draws others. In
a line that is drawn one fault is tried, a changed comparison, operator, number or condition where
there is one; at the places that `near.toml` names, every fault. Left out are faults that do not
compile, those that change the case of letters alone (SQL and names of fields are read without it),
and the few that `near.toml` says to change nothing.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CODE = Path("src") / "fanal"
BAR = 0.85  # share of the faults that tests notice
# A value or an argument that is gone, a text that is another: whatever runs them mostly stumbles.
COARSE = (cst.Assign, cst.AnnAssign, cst.Call, cst.BaseString, cst.Lambda)
PATIENCE = 3  # as many times as long as without a fault may tests take, and 20 s


def hashed(*told: object) -> str:
    """Return the hash of what identifies something."""
    return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """A line of code, by what stays when other lines change."""

    path: str  # from CODE on
    function: str
    line: str
    nth: int  # of the same lines in the function


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with a fault."""

    place: Place
    number: int  # of the line
    code: str
    was: str
    becomes: str

    @property
    def id(self) -> str:
        """What names it in a list, until its line changes."""
        return hashed(self.place, self.was, self.becomes)[:8]

    def __str__(self) -> str:
        at = f"{CODE / self.place.path}:{self.number} {self.place.function}"
        return f"{self.id} {at}\n    - {self.was}\n    + {self.becomes}"


@dataclass(frozen=True, slots=True)
class Family:
    """Code that is judged together, and the tests that stand near it."""

    name: str
    code: list[str]  # folders and files, from CODE on
    tests: dict[str, list[str]]  # by how a path begins; the longest that fits counts

    def files(self) -> list[Path]:
        """Return the files of the family, in order."""
        tops = [ROOT / CODE / top for top in self.code]
        return sorted(f for top in tops for f in ([top] if top.is_file() else top.rglob("*.py")))

    def near(self, mutant: Mutant) -> tuple[str, ...]:
        """Return the tests that stand near a fault, the nearest first."""
        fit = [start for start in self.tests if mutant.place.path.startswith(start)]
        return tuple(self.tests[max(fit, key=len)])


def lines_of(code: str, path: str) -> dict[int, Place]:
    """Return the lines of a file by their number."""
    within: dict[int, str] = {}

    def walk(node: ast.AST, name: str) -> None:
        for child in ast.iter_child_nodes(node):
            inner = name
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{name}.{child.name}".lstrip(".")
                within.update(dict.fromkeys(range(child.lineno, child.end_lineno + 1), inner))
            walk(child, inner)

    walk(ast.parse(code), "")
    seen: Counter[tuple[str, str]] = Counter()
    places = {}
    for number, line in enumerate(code.splitlines(), 1):
        key = within.get(number, ""), line.strip()
        places[number] = Place(path, *key, seen[key])
        seen[key] += 1
    return places


class Faults(MutationVisitor):
    """All that mutmut changes, in decorated functions too, which its runner cannot wrap."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            node = node.with_changes(decorators=())
        return super()._skip_node_and_children(node)


class Source:
    """A file of the program with the faults that it could have, by the place of each."""

    def __init__(self, path: Path) -> None:
        self.code = path.read_text("utf-8")
        wrapper = MetadataWrapper(cst.parse_module(self.code), unsafe_skip_copy=True)
        faults = Faults(mutation_operators, IgnoredCode(set(), set(), set()))
        self.module = wrapper.visit(faults)
        at = wrapper.resolve(PositionProvider)
        lines = lines_of(self.code, path.relative_to(ROOT / CODE).as_posix())
        self.found: dict[Place, list[tuple[int, Mutation]]] = defaultdict(list)
        for one in faults.mutations:
            number = at[one.original_node].start.line
            self.found[lines[number]].append((number, one))

    def mutants(self, place: Place) -> list[Mutant]:
        """Return the faults of a line: the finer ones first, then in an order of chance."""
        made = []
        for number, one in self.found[place]:
            code = self.module.deep_replace(one.original_node, one.mutated_node).code
            if code.casefold() != self.code.casefold() and compiles(code):
                mutant = Mutant(place, number, code, *difference(self.code, code))
                made.append((isinstance(one.original_node, COARSE), mutant.id, mutant))
        return [mutant for _, _, mutant in sorted(made, key=lambda one: one[:2])]


def compiles(code: str) -> bool:
    """Whether it is Python."""
    try:
        compile(code, "fault", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def difference(before: str, after: str) -> tuple[str, str]:
    """Return what differs: the lines as they were, and as they become."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[
        2:
    ]
    was, becomes = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return was, becomes


def draw(
    family: Family, seed: int, lines: int, near: Mapping[str, Any], show: Progress
) -> list[Mutant]:
    """Return the faults of a family that are tried; of the named places with the first seed."""
    same = {fault["id"] for fault in near["same"]}
    sources: dict[Place, Source] = {}
    for path in show.track(family.files(), description=f"reading {family.name}"):
        source = Source(path)
        sources |= dict.fromkeys(source.found, source)
    drawn: list[Mutant] = []
    for place in sorted(sources, key=lambda place: hashed(seed, place)):
        if len(drawn) == lines:
            break
        drawn += [one for one in sources[place].mutants(place) if one.id not in same][:1]
    for name in near["named"] if seed == near["seed"] else ():
        if name["family"] == family.name:
            (at,) = (p for p in sources if (p.path, p.function, p.line) == tuple(name["at"]))
            drawn += [one for one in sources[at].mutants(at) if one.id not in same]
    return list({mutant.id: mutant for mutant in drawn}.values())


class Copy:
    """The project in a folder of its own, so that no fault reaches the working tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        told = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(told, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        # By what files hold, not by their time: a fault of the same length in the same second.
        compiled = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "src"]
        subprocess.run([sys.executable, *compiled], cwd=folder, check=True)

    def notices(self, mutant: Mutant, tests: Sequence[str], longest: float) -> bool:
        """Whether a test fails with a fault, or has not ended after `longest` s."""
        path = self.folder / CODE / mutant.place.path
        code = path.read_text("utf-8")
        path.write_text(mutant.code, "utf-8")
        try:
            return self.run(tests, longest)[0] != 0
        finally:
            path.write_text(code, "utf-8")

    def run(self, tests: Sequence[str], longest: float) -> tuple[int, str]:
        """Run tests until the first fails; return how pytest ended, and its last lines."""
        options = ["-q", "-x", "--tb=line", "-m", "not bars and not torture"]
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=self.folder, env=os.environ | {"PYTHONPATH": str(self.folder / "src")}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            out, _ = run.communicate(timeout=longest)
        except subprocess.TimeoutExpired:
            for how in (signal.SIGINT, signal.SIGKILL):  # first so that servers of tests are ended
                try:
                    os.killpg(run.pid, how)
                    run.communicate(timeout=10)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    pass
            return -1, f"no end after {longest:.0f} s"
        return run.returncode, out[-2000:]


def tried(
    work: Sequence[tuple[Family, Mutant]], copies: Sequence[Copy], show: Progress
) -> dict[str, bool]:
    """Return for each fault, by its id, whether tests noticed it."""
    free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)
    longest: dict[tuple[str, ...], float] = {}

    def without(tests: tuple[str, ...]) -> None:
        copy, began = free.get(), time.monotonic()
        try:
            ended, said = copy.run(tests, 600)
        finally:
            free.put(copy)
        if ended:
            sys.exit(f"tests fail without any fault: {' '.join(tests)}\n{said}")
        longest[tests] = PATIENCE * (time.monotonic() - began) + 20

    def one(family: Family, mutant: Mutant) -> tuple[str, bool]:
        copy = free.get()
        try:
            tests = family.near(mutant)
            return mutant.id, copy.notices(mutant, tests, longest[tests])
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        groups = list(dict.fromkeys(family.near(mutant) for family, mutant in work))
        first = show.add_task("tests without a fault", total=len(groups))
        for done in as_completed([pool.submit(without, tests) for tests in groups]):
            done.result()
            show.advance(first)
        second = show.add_task("faults", total=len(work))
        noticed: dict[str, bool] = {}
        for done in as_completed([pool.submit(one, *each) for each in work]):
            noticed.update([done.result()])
            missed = Counter(noticed.values())[False]
            show.update(second, advance=1, description=f"faults, {missed} not noticed")
    return noticed


def main(words: Iterable[str] | None = None) -> int:
    """Try the faults, say which no test noticed; 1 where these are too many."""
    with (HERE / "near.toml").open("rb") as file:
        near = tomllib.load(file)
    families = [Family(**family) for family in near["family"]]
    parser = argparse.ArgumentParser(description=__doc__, prog="python tests/mutants")
    parser.add_argument("fault", nargs="*", help="try these alone, by the eight letters of each")
    parser.add_argument("--family", choices=[family.name for family in families])
    parser.add_argument("--seed", type=int, default=near["seed"], help="another draws other lines")
    parser.add_argument("--lines", type=int, default=near["lines"], help="of each family")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="say the faults and try none")
    asked = parser.parse_args(words)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with (
        tempfile.TemporaryDirectory(prefix="fanal-mutants-") as folder,
        Progress(*columns, TimeRemainingColumn(elapsed_when_finished=True)) as show,
    ):
        work = [
            (family, mutant)
            for family in families
            if asked.family in (None, family.name)
            for mutant in draw(family, asked.seed, asked.lines, near, show)
            if not asked.fault or mutant.id in asked.fault
        ]
        if not asked.list:
            copies = [Copy(Path(folder) / str(n)) for n in range(asked.workers)]
            noticed = tried(work, copies, show)
    if asked.list:
        print(*(mutant for _, mutant in work), sep="\n")
        return 0
    for family in families:
        mine = [mutant for one, mutant in work if one is family]
        missed = [mutant for mutant in mine if not noticed[mutant.id]]
        if mine:
            print(f"{family.name}: {len(mine) - len(missed)} of {len(mine)} noticed")
        print(*(f"  {mutant}" for mutant in missed), sep="\n", end="\n" * bool(missed))
    share = sum(noticed.values()) / len(noticed)
    print(f"in all: {sum(noticed.values())} of {len(noticed)}, {share:.1%} (at least {BAR:.0%})")
    return int(share < BAR)


if __name__ == "__main__":
    sys.exit(main())
