"""Record classes: what derives from them."""

import dataclasses
from datetime import date

import pyarrow as pa
import pytest

from fanal import records
from fanal.errors import ContractError
from fanal.records import JUDGEMENTS, RECORDS, Issue, Point, conform, empty, schema_of, table_of

POINT = Point("mentions/substance=ketamine/week", date(2025, 3, 3), "week", 4.0, None, False)


@pytest.mark.parametrize("record", [*RECORDS, *JUDGEMENTS], ids=lambda r: r.__name__)
def test_every_field_is_described(record):
    described = records.field_types(record)
    assert list(described) == [f.name for f in dataclasses.fields(record)]
    assert all(text.strip() for _, _, text in described.values())
    assert record.__doc__


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_statistics_never_cover_texts(record):
    schema = schema_of(record)
    assert record.stats, "without statistics columns the log would hold the smallest text"
    for name in record.stats:
        kind = schema.field(name).type
        assert kind == pa.binary() or pa.types.is_temporal(kind) or name == "run"


def test_schema_carries_descriptions_and_nullability():
    schema = schema_of(Point)
    assert schema.names == ["series", "period", "step", "value", "denominator", "frozen"]
    assert schema.field("denominator").nullable
    assert not schema.field("value").nullable
    assert schema.field("period").metadata[b"description"] == b"first day of the period"


def test_conform_selects_orders_and_casts():
    table = pa.table(
        {
            "extra": [1],
            "frozen": [False],
            "denominator": pa.array([None], pa.float64()),
            "value": pa.array([4], pa.int32()),
            "step": ["week"],
            "period": [date(2025, 3, 3)],
            "series": [POINT.series],
        }
    )
    assert conform(table, Point).equals(table_of([POINT], Point))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.drop_columns(["step"]), "columns missing: step"),
        (
            lambda t: t.set_column(2, "step", pa.array([None], pa.string())),
            "1 empty values in step",
        ),
        (lambda t: t.set_column(3, "value", pa.array(["x"])), "wrong column types"),
    ],
)
def test_conform_refuses(change, says):
    with pytest.raises(ContractError, match=says):
        conform(change(table_of([POINT], Point)), Point)


def test_an_empty_table_conforms():
    assert conform(empty(Issue), Issue).num_rows == 0
    assert table_of([], Issue).schema == schema_of(Issue)
