"""Every rule of offers reads its examples, as they say, and not its near-misses."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fanal.coding.facts import CUT, Fact
from fanal.coding.offers import amounts, grammar, roles, rules, tokens
from fanal.coding.offers.text import Reading
from fanal.text.folding import fold

sys.path.insert(0, str(Path(__file__).parent))
from naming import mentions

READ = {"price": "price", "bonus": "bonus", "purity": "purity", "count": "quantity"}


def examples(family: str) -> list[tuple[str, str, str]]:
    found = rules.family(family).items()
    return [(name, text, said) for name, rule in found for text, said in rule.examples.items()]


def near(family: str) -> list[tuple[str, str]]:
    return [(name, text) for name, rule in rules.family(family).items() for text in rule.near]


LOOK = {"in": re.search, "begin": re.match, "whole": re.fullmatch}


def listed(table: str, key: str) -> list[tuple[str, str]]:
    return [(row["name"], text) for row in rules._tables()[table] for text in row[key]]


def looked(table: str, name: str) -> Callable[[str | re.Pattern[str], str], re.Match[str] | None]:
    """Return how the program looks for what a row says."""
    [row] = [row for row in rules._tables()[table] if row["name"] == name]
    return LOOK[row.get("at", "in")]


def number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def told(fact: Fact) -> str:
    """Return a fact as the examples write it: "60 EUR = 1 g", "2 + 1 g", "Sa 18:00-"."""
    get = fact.fields.get
    top = number(get("amount_max") or get("percent_max"))
    if fact.kind == "price":
        whole = f"{number(get('amount'))}{'-' + top if top else ''} {get('currency', '')}".strip()
        return f"{whole} = {number(get('quantity'))} {get('unit')}" if get("quantity") else whole
    if fact.kind == "bonus":
        given = f"{number(get('free'))} {get('free_unit') or ''}".strip()
        if get("bought") is None:
            return f"+ {given} {get('unit') or ''}".strip()
        if get("free_unit"):
            return f"{number(get('bought'))} {get('unit')} + {given}"
        return f"{number(get('bought'))} + {given} {get('unit') or ''}".strip()
    if fact.kind == "hours":
        opens, closes = get("opens", ""), get("closes", "")
        return f"{get('days', '')} {f'{opens}-{closes}' if opens or closes else ''}".strip()
    if fact.kind == "purity":
        return f"{number(get('percent'))}{'-' + top if top else ''} %"
    return f"{number(get('quantity'))} {get('unit')}"


def facts(text: str, kind: str) -> list[Fact]:
    folded = fold(text)
    return [f for f in grammar.read(text, folded, mentions(folded)) if f.kind == kind]


def reading(text: str) -> Reading:
    folded = fold(text)
    named = grammar._usable(folded, mentions(folded))
    found = tokens.tokenise(text, folded, named)
    return Reading(text, folded, named, found, amounts.read(found))


def amounts_by(rule: str, text: str) -> list[str]:
    """Return what an amounts rule reads in a text: "60 EUR", "2.5 g", "2 + 1" where two."""
    found = tokens.tokenise(text, fold(text), mentions(fold(text)))
    whole = amounts.read(found)
    said = []
    for match in amounts.ATOM.finditer(found.roles):
        if match.lastgroup != rule:
            continue
        for atom in whole.atoms:
            if atom is not None and match.start() <= atom.first < match.end():
                top = f"-{number(atom.top)}" if atom.top is not None else ""
                said.append(f"{number(atom.value)}{top} {atom.unit or ''}".strip())
    return said


@pytest.mark.parametrize(("rule", "text", "said"), examples("amounts"))
def test_an_amount_is_read_as_its_example_says(rule, text, said):
    assert "; ".join(amounts_by(rule, text)) == said


@pytest.mark.parametrize(("rule", "text"), near("amounts"))
def test_a_near_miss_is_no_such_amount(rule, text):
    assert amounts_by(rule, text) == []


def joined_by(rule: str, text: str) -> list[str]:
    """Return the amounts that a rule puts together of what stands apart: "28 capsule"."""
    found = tokens.tokenise(text, fold(text), mentions(fold(text)))
    before, whole = amounts._side_by_side(found), amounts.read(found)
    spans = [m.span() for m in amounts.APART.finditer(before.roles) if m.lastgroup == rule]
    pairs = [(before.atoms[i], whole.atoms[i]) for span in spans for i in range(*span)]
    return [f"{number(now.value)} {now.unit}" for was, now in pairs
            if now != was and now.kind == roles.AMOUNT]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "said"), examples("apart"))
def test_what_stands_apart_is_one_amount_as_its_example_says(rule, text, said):
    assert "; ".join(joined_by(rule, text)) == said


@pytest.mark.parametrize(("rule", "text"), near("apart"))
def test_a_near_miss_stays_apart(rule, text):
    assert joined_by(rule, text) == []


@pytest.mark.parametrize(
    ("family", "rule", "text", "said"),
    [(family, *case) for family in READ for case in examples(family)],
)
def test_an_offer_is_read_as_its_example_says(family, rule, text, said):
    found = facts(text, READ[family])
    assert "; ".join(told(fact) for fact in found) == said
    if family in ("price", "bonus"):
        assert rule in {fact.rule for fact in found}
    else:
        expression = re.compile(rules.expression(family))
        assert rule in {m.lastgroup for m in expression.finditer(reading(text).roles)}


@pytest.mark.parametrize(
    ("family", "rule", "text"),
    [(family, *case) for family in READ for case in near(family)],
)
def test_a_near_miss_is_no_such_offer(family, rule, text):
    if family in ("price", "bonus"):
        assert rule not in {fact.rule for fact in facts(text, READ[family])}
    else:
        assert facts(text, READ[family]) == []


@pytest.mark.parametrize(("rule", "text", "said"), examples("older"))
def test_an_older_sum_is_kept_as_such(rule, text, said):
    before = reading(text)
    assert re.search(rules.family("older")[rule].pattern, before.roles)
    found = facts(text, "price")
    now = "; ".join(told(fact) for fact in found if fact.rule != "older")
    once = "; ".join(told(fact) for fact in found if fact.rule == "older")
    assert f"{now}, once {once}" == said
    assert [fact.rule for fact in found if fact.confidence < CUT] == ["older"]


@pytest.mark.parametrize(("rule", "text"), near("older"))
def test_no_older_sum_is_seen_where_there_is_none(rule, text):
    assert re.search(rules.family("older")[rule].pattern, reading(text).roles) is None


def purposes(rule: str, text: str) -> int:
    """Return how many sums of a sentence a rule says to be asked for no product."""
    said = reading(text).roles
    marked = (said[:i] + roles.SUM + said[i + 1 :] for i, r in enumerate(said) if r == roles.MONEY)
    pattern = rules.family("purpose")[rule].pattern
    return sum(re.search(pattern, one) is not None for one in marked)


@pytest.mark.parametrize(
    ("rule", "text"),
    [(name, t) for name, rule in rules.family("purpose").items() for t in rule.examples],
)
def test_a_sum_for_another_purpose_is_left(rule, text):
    assert purposes(rule, text) == 1
    assert [fact for fact in facts(text, "price") if fact.confidence >= CUT] == []


@pytest.mark.parametrize(("rule", "text"), near("purpose"))
def test_no_other_purpose_is_seen_where_there_is_none(rule, text):
    assert purposes(rule, text) == 0


@pytest.mark.parametrize(("name", "text"), listed("told", "examples"))
def test_a_circumstance_is_seen(name, text):
    assert looked("told", name)(rules.told(name), fold(text))


@pytest.mark.parametrize(("name", "text"), listed("told", "near"))
def test_no_circumstance_is_seen_where_there_is_none(name, text):
    assert looked("told", name)(rules.told(name), fold(text)) is None


@pytest.mark.parametrize(("name", "text"), listed("around", "examples"))
def test_what_stands_around_is_seen(name, text):
    assert looked("around", name)(rules.around(name), reading(text).roles)


@pytest.mark.parametrize(("name", "text"), listed("around", "near"))
def test_nothing_is_seen_around_where_it_does_not_stand(name, text):
    assert looked("around", name)(rules.around(name), reading(text).roles) is None


@pytest.mark.parametrize(("name", "text"), listed("part", "examples"))
def test_a_part_is_all_of_its_example(name, text):
    assert re.fullmatch(rules.part(name), fold(text))


@pytest.mark.parametrize(("name", "text"), listed("part", "near"))
def test_a_part_is_not_all_of_a_near_miss(name, text):
    assert re.fullmatch(rules.part(name), fold(text)) is None


@pytest.mark.parametrize(("rule", "text", "said"), examples("token"))
def test_a_token_is_what_its_example_says(rule, text, said):
    found = tokens.TOKEN.finditer(fold(text))
    assert "; ".join(match[0] for match in found if match.lastgroup == rule) == said


@pytest.mark.parametrize(("rule", "text"), near("token"))
def test_a_near_miss_is_no_such_token(rule, text):
    assert rule not in found_by("token", text)


def found_by(name: str, text: str) -> set[str | None]:
    """Return the rules of a family over the folded text that read something in a text."""
    return {match.lastgroup for match in re.finditer(rules.expression(name), fold(text))}


@pytest.mark.parametrize(
    ("family", "rule", "text", "said"),
    [(family, *case) for family in ("hours", "week") for case in examples(family)],
)
def test_hours_are_read_as_their_example_says(family, rule, text, said):
    assert rule in found_by(family, text)
    (fact,) = facts(text, "hours")
    assert told(fact) == said


@pytest.mark.parametrize(
    ("family", "rule", "text"),
    [(family, *case) for family in ("hours", "week") for case in near(family)],
)
def test_a_near_miss_is_no_such_time(family, rule, text):
    assert rule not in found_by(family, text)


def test_every_rule_has_an_example_and_a_near_miss():
    tables = {name: rows for name, rows in rules._tables().items() if isinstance(rows, list)}
    lacking = {
        f"{table} {row['name']}"
        for table, rows in tables.items()
        for row in rows
        if not row["examples"] or not row["near"]
    }
    assert lacking == set()


def test_a_name_is_given_once_in_its_table():
    for rows in rules._tables().values():
        names = [row["name"] for row in rows] if isinstance(rows, list) else []
        assert len(set(names)) == len(names)


def test_a_role_has_one_letter_and_a_letter_one_role():
    letters = [value for name, value in vars(roles).items() if name.isupper()]
    assert all(len(letter) == 1 for letter in letters)
    assert len(set(letters)) == len(letters) > 50


def test_a_pattern_over_names_is_one_over_letters():
    assert (
        rules.compiled("money [slash per the]{1,2} unit (?! of? DRUG )") == "€[/pl]{1,2}u(?!d?[MT])"
    )
    with pytest.raises(AttributeError, match="NOTHING"):
        rules.compiled("money nothing")
