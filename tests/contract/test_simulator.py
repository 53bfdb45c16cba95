"""The sample material is what it says: its shapes, its truth, its invented identifiers."""

import json
import re
import zipfile
from pathlib import Path

import docx
import pytest

from fanal import sources
from fanal.testing.channels import CHANNELS
from fanal.testing.planter import KINDS, Planter
from fanal.testing.sentences import SLOT, chance, rules
from fanal.testing.simulator import write
from fanal.testing.truth import Truth


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("sample")
    return folder, write(folder, seed=1)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def telegram(folder: Path, source: str) -> dict:
    text = (folder / "material" / source / "result.json").read_text("utf-8")
    return json.loads(text.replace("\\x0B", " "))


def plain(text: str | list) -> str:
    if isinstance(text, str):
        return text
    return "".join(part if isinstance(part, str) else part["text"] for part in text)


def test_one_seed_gives_one_folder_and_another_seed_another(made, tmp_path):
    folder, _ = made
    write(tmp_path / "again", seed=1)
    write(tmp_path / "other", seed=2)
    assert files_of(folder) == files_of(tmp_path / "again")
    assert files_of(folder) != files_of(tmp_path / "other")


def test_a_folder_in_use_is_left_alone(made):
    with pytest.raises(FileExistsError):
        write(made[0])


def test_sources_are_valid_and_invented_ones_say_so(made):
    folder, _ = made
    described, wrong = sources.usable(folder / "sources")
    assert wrong == []
    assert set(described) == {path.name for path in (folder / "material").iterdir()}
    for name, source in described.items():
        assert source.invented is (name not in ("nl-nps", "fr-offences"))
        assert ("INVENTED" in source.title) is source.invented
    kinds = {source.kind for source in described.values()}
    assert kinds == set(sources.SOURCE_KINDS)


def test_telegram_files_have_the_shapes_of_telegram_desktop(made):
    folder, _ = made
    raw = [
        (folder / "material" / c.source / "result.json").read_text("utf-8")
        for c in CHANNELS
        if c.form.startswith("telegram")
    ]
    assert any("\\x0B" in text for text in raw), "no control character written as Telegram does"
    new = telegram(folder, "lille-groupe")
    assert new["type"] == "public_supergroup"
    messages = new["messages"]
    assert {m["type"] for m in messages} == {"message", "service"}
    assert any(isinstance(m["text"], list) for m in messages)
    assert any("reactions" in m for m in messages)
    assert any("forwarded_from" in m for m in messages)
    assert any("photo" in m and m["photo"].startswith("(File not included") for m in messages)
    assert any(m.get("from", "") is None for m in messages)
    assert all(plain(m["text"]) == "".join(p["text"] for p in m["text_entities"]) for m in messages)
    ids = [m["id"] for m in messages]
    assert ids == sorted(set(ids)) and ids[-1] > len(ids)
    dates = [m["date"] for m in messages]
    assert dates == sorted(dates)
    old = telegram(folder, "lyon-groupe")["messages"]
    assert all("text_entities" not in m and "date_unixtime" not in m for m in old)
    assert all(isinstance(m["from_id"], int) for m in old if m["type"] == "message")


def test_whatsapp_files_have_the_shapes_of_the_phones(made):
    folder, _ = made
    [android] = (folder / "material" / "lyon-diffusion").iterdir()
    first = android.read_text("utf-8").split("\n")[0]
    assert re.match(r"\d\d/\d\d/\d{4}, \d\d:\d\d - Les messages", first)
    [ios] = (folder / "material" / "toulouse-amis").iterdir()
    with zipfile.ZipFile(ios) as archive:
        lines = archive.read("_chat.txt").decode().split("\r\n")
    assert all(re.match(r"\[\d\d/\d\d/\d{4} \d\d:\d\d:\d\d\] ", line) for line in lines[:3])
    assert any("\u200eimage absente" in line for line in lines)


def test_papers_are_there_in_their_formats(made):
    folder, truth = made
    material = folder / "material"
    turns = english = 0
    for path in sorted((material / "lyon-entretiens").iterdir()):
        english += any(
            p.text.startswith("Interviewer:") for p in docx.Document(str(path)).paragraphs
        )
        turns += sum(
            bool(re.match(r"[^\W\d_]+ ?: ", p.text)) for p in docx.Document(str(path)).paragraphs
        )
    assert turns == truth.documents["lyon-entretiens"]
    assert english == 2
    assert len(list((material / "lille-notes").glob("*.txt"))) == 18
    assert len(list((material / "toulouse-notes").glob("*.md"))) == 18
    page = next(iter(sorted((material / "lyon-presse").iterdir()))).read_text("utf-8")
    assert "article:published_time" in page and "INVENTED" in page


def test_phenomena_show_where_the_truth_says_and_not_before(made):
    folder, truth = made
    tucibi = truth.phenomena["tucibi"]
    for channel in CHANNELS:
        if not channel.form.startswith("telegram"):
            continue
        first = tucibi.first.get(channel.site)
        for message in telegram(folder, channel.source)["messages"]:
            if re.search(r"tucibi|tussi|tusi|\btuci\b", plain(message["text"]), re.I):
                assert first and message["date"] >= first.isoformat()
    card = re.compile(r"carte de fid|tamponner|fidélité|fidelite", re.I)
    loyalty = truth.phenomena["loyalty-card"]
    for source in ("lille-vitrine", "toulouse-vitrine", "lyon-vitrine"):
        site = source.split("-")[0]
        days = [
            m["date"] for m in telegram(folder, source)["messages"] if card.search(plain(m["text"]))
        ]
        assert len(days) >= 20 and min(days) >= loyalty.first[site].isoformat()
    last = telegram(folder, "lille-express")["messages"][-1]["date"]
    assert last < truth.phenomena["silent-channel"].first["lille"].isoformat()
    assert {"new product", "price fall", "migration", "spread", "silence"} <= {
        p.kind for p in truth.phenomena.values()
    }


def test_the_price_of_a_gram_of_cocaine_falls_in_lyon_only(made):
    folder, truth = made
    names = r"(?:coke|cocaïne|cocaine|\bcc\b|blanche|coco|la c|neige écaillée)"

    def grams(source: str, early: bool) -> float:
        first = truth.phenomena["cocaine-price"].first["lyon"]
        prices = []
        for message in telegram(folder, source)["messages"]:
            day = message["date"][:10]
            if early != (day < first.isoformat()) or (not early and day < "2025-10-13"):
                continue
            text = plain(message["text"])
            prices += [int(p) for p in re.findall(names + r"[^\n]*\n1 ?g (\d+)", text, re.I)]
            prices += [int(p) for p in re.findall(names + r"[^\n]*?1g =? ?(\d+)", text, re.I)]
            prices += [int(p) for p in re.findall(names + r" → (\d+)", text, re.I)]
        assert len(prices) >= 10, source
        return sum(prices) / len(prices)

    assert grams("lyon-vitrine", False) < 0.75 * grams("lyon-vitrine", True)
    assert abs(grams("toulouse-vitrine", False) / grams("toulouse-vitrine", True) - 1) < 0.08


def test_every_kind_of_identifier_is_planted_and_every_phone_is_fictitious(made):
    folder, truth = made
    assert {p.kind for p in truth.planted} >= set(KINDS)
    assert len({p.value for p in truth.planted}) >= 600
    whole = b"\n".join(
        zipfile.ZipFile(path).read("_chat.txt") if path.suffix == ".zip" else path.read_bytes()
        for path in (folder / "material").rglob("*")
        if path.is_file() and path.suffix != ".docx"
    ).decode("utf-8", "ignore")
    for planted in truth.planted:
        if planted.kind not in ("file",) and "entretiens" not in planted.source:
            assert json.dumps(planted.value, ensure_ascii=False)[1:-1] in whole, planted.kind
    for number in re.findall(r"(?<!\d)(?:\+33|0033|0)[ .]?[67]\d?(?:[ .-]?\d\d){4}", whole):
        digits = re.sub(r"\D", "", number)[-9:]
        assert digits.startswith(("63998", "19900")), "a phone number outside the fiction ranges"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_of_identifier_varies(kind):
    planter = Planter(chance(3, kind))
    values = {planter.plant(kind, "test") for _ in range(200)}
    assert len(values) >= 60
    assert len(planter.planted) == 200


def test_identifiers_are_valid_where_validity_can_be_checked():
    from stdnum import iban, luhn
    from stdnum.fr import nir

    planter = Planter(chance(4))
    for _ in range(200):
        assert iban.is_valid(planter.plant("iban", "x"))
        assert luhn.is_valid(planter.plant("card", "x").replace(" ", ""))
        assert int(nir.calc_check_digits(nir.compact(planter.plant("nir", "x")))) >= 0


def test_every_slot_of_the_grammar_has_a_rule_or_a_filler():
    fillers = set(
        re.findall(
            r'"([A-Z][A-Z0-9]*)": ',
            Path(__file__).parents[2].joinpath("src/fanal/testing/channels.py").read_text("utf-8"),
        )
    ) | {"X"}
    for section, lines in rules().items():
        for rule in lines.values():
            for line in rule:
                for slot in SLOT.findall(line):
                    assert slot in fillers or slot in lines, (section, slot)


def test_messages_are_varied(made):
    folder, _ = made
    texts = [plain(m["text"]) for m in telegram(folder, "lille-groupe")["messages"]]
    texts = [t for t in texts if len(t) > 20]
    assert len(set(texts)) / len(texts) > 0.75
