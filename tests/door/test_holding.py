"""The quick look for names that records give lets none through that the careful one finds."""

from fanal.door.normalise import fold
from fanal.door.recognisers.names.roster import given, holding


def test_every_text_that_holds_a_given_name_is_found():
    people = [("Zoé Lambert",), ("`Ok`Man`",), ("Иван Петров",), ("Ñandú99",), (), ("Zoé Lambert",)]
    texts = [
        "demande zoe lambert au comptoir",
        "voir `ok`man` demain",
        "c'est Иван Петров qui livre",
        "écris à ÑANDÚ99 …",
        "zoe lambert",
        "demande zo lambert ? au comptoir",
    ]
    careful = [
        index
        for index, (text, names) in enumerate(zip(texts, people, strict=True))
        if any(given(fold(text), names))
    ]
    assert set(careful) <= set(holding(texts, people))
    assert 4 not in holding(texts, people)
    assert holding([], []) == []
    assert holding(["rien ici", "ni là"], [("Zoé Lambert",), ("Иван",)]) == []
