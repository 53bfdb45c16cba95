"""The load generator gives what it promises."""

import json

from fanal.records import Document, schema_of
from fanal.testing import load


def test_documents_come_in_the_schema_and_by_seed():
    table = load.generate(5000, seed=3)
    assert table.schema.equals(schema_of(Document))
    assert table.num_rows == 5000
    assert len(set(table.column("id").to_pylist())) == 5000
    assert table.equals(load.generate(5000, seed=3))
    assert not table.equals(load.generate(5000, seed=4))


def test_the_share_of_messages_with_a_cue_is_as_asked():
    few = " ".join(load.texts(600, 1, 0.0))
    many = " ".join(load.texts(600, 1, 1.0))
    assert many.count("€") > 20 * max(1, few.count("€"))


def test_a_telegram_export_of_any_size(tmp_path):
    path = tmp_path / "result.json"
    size = load.telegram(path, 4000)
    whole = json.loads(path.read_text("utf-8"))
    assert len(whole["messages"]) == 4000 and size == path.stat().st_size
