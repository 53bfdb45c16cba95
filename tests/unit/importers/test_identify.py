"""One importer a file, by content; folders and archives of mixed files."""

from __future__ import annotations

import io
import pickle
import time
import zipfile
from pathlib import Path

import pytest

from fanal.errors import ImporterError
from fanal.importers import BUILTIN, UnreadError, files_in, identify
from fanal.importers.base import File, Importer
from fanal.importers.reading.archives import Member, members, open_input

GOLDEN = Path(__file__).parents[2] / "golden"
SAMPLES = sorted(GOLDEN.glob("*/*.input.*"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_name_and_ending_prove_nothing(path: Path, tmp_path: Path) -> None:
    nameless = tmp_path / "nameless"
    nameless.write_bytes(path.read_bytes())
    assert identify(nameless).name == path.parent.name


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty: there is nothing in it"),
        (b"\x00" * 100, "empty: there is nothing in it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a picture, which is not read"),
        (bytes(range(1, 256)), "no text: its bytes are of a program that is not known"),
    ],
)
def test_nobody_claims(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(UnreadError) as told:
        identify(tmp_path / "x")
    assert told.value.what == f"the file is {what}"
    assert told.value.do


def archive_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def found_in(path: Path) -> dict[str, str]:
    return {
        file.name: importer.name if isinstance(importer, type) else str(importer)
        for file, importer in files_in(path)
    }


def rows(importer: Importer, file: File) -> list[str]:
    try:
        return [repr(row) + getattr(row, "text", "") for row in importer.extract(file)]
    except ImporterError as error:  # some samples need a parameter
        return [str(error)]


def test_folder_and_archives_give_the_same_documents(tmp_path: Path) -> None:
    alone = [path for path in SAMPLES if not list(path.parent.glob(f"{path.stem[:-6]}.param*"))]
    mixed = {path.name: path.read_bytes() for path in alone if path.parent.name != "telegram"}
    nested = archive_of(
        {"inner/all.zip": archive_of(mixed), "__MACOSX/._x": b"x", ".DS_Store": b""}
    )
    folder = tmp_path / "folder" / "below"
    folder.mkdir(parents=True)
    for name, content in mixed.items():
        (folder / name).write_bytes(content)
    zipped = tmp_path / "nested.zip"
    zipped.write_bytes(nested)
    assert found_in(zipped) == found_in(tmp_path / "folder")
    assert set(found_in(zipped)) == set(mixed)
    plain = {file.name: file for file, _ in files_in(tmp_path / "folder")}
    for file, kind in files_in(zipped):
        assert isinstance(kind, type)
        assert rows(kind(), file) == rows(kind(), plain[file.name])
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == sorted(
        [*mixed, "nested.zip"]
    )


def test_a_broken_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive_of({"../../evil.txt": b"x", "b.txt": b"y"}))
    (tmp_path / "b.csv").write_text("date,texte\n2025-03-12,a\n2025-03-12,b\n")
    found = found_in(tmp_path)
    assert "outside" in found["a.zip"]
    assert found["b.csv"] == "tables"


def test_member_travels_to_a_worker_and_says_no_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive_of({"Karim.txt": b"x" * 100}))
    (member,) = members(path)
    again = pickle.loads(pickle.dumps(member))
    with open_input(again) as stream:
        assert stream.read() == b"x" * 100
        assert stream.seek(98) == 98
        assert stream.read() == b"xx"
    assert (again.name, again.stem) == ("Karim.txt", "Karim")
    assert "Karim" not in repr(again)


def test_time_grows_with_the_number_of_members(tmp_path: Path) -> None:
    seconds = []
    for count in (100, 800):
        path = tmp_path / f"{count}.zip"
        path.write_bytes(archive_of({f"{n}.txt": b"Une note." for n in range(count)}))
        started = time.process_time()
        assert len(list(files_in(path))) == count
        seconds.append(time.process_time() - started)
    assert seconds[1] < 8 * 3 * seconds[0]


def test_archives_nested_too_deep(tmp_path: Path) -> None:
    content = b"date,texte\n2025-03-12,a\n"
    for _ in range(5):
        content = archive_of({"x": content})
    (tmp_path / "a.zip").write_bytes(content)
    (found,) = files_in(tmp_path / "a.zip")
    assert isinstance(found[1], ImporterError)
    assert "nested" in str(found[1])


def test_missing_member_and_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive_of({"x": b"y"}))
    with pytest.raises(ImporterError):
        open_input(Member(path, "z"))
    with pytest.raises(ImporterError):
        open_input(tmp_path / "nowhere")


def test_names_are_unique() -> None:
    assert len({importer.name for importer in BUILTIN}) == len(BUILTIN)
