"""Whether a word is somebody's name: by the lists, by the words around it, by its capital."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from fanal.door import lexicon
from fanal.door.recognisers.names.extent import surname_end
from fanal.door.recognisers.names.token import DATA, PARTICLES, Line, Token

_SAINTS = ("saint", "sainte", "st")
_ALSO_WORDS = ("elle", "else")
_JOINED = (" et ", " and ", " & ", " ou ", " or ")
_PAIRED = (*_JOINED, ", ", " n ", " + ")


@dataclass(frozen=True)
class Word:
    """A word of a text, and what tells whether it is a name."""

    line: Line
    index: int
    loud: bool  # the text is in capitals, which then tell nothing

    @property
    def token(self) -> Token:
        """Return the word itself."""
        return self.line.found[self.index]

    @property
    def word(self) -> str:
        """Return its folded form."""
        return self.token.word

    @cached_property
    def capital(self) -> bool:
        """Say whether it has a capital that tells something."""
        return self.token.capital and not self.loud

    @cached_property
    def before(self) -> str:
        """Return what stands before it, particles of a name left out."""
        return self.line.before(self.line.opening(self.index))

    @property
    def drug(self) -> bool:
        """Say whether it is a substance's name too."""
        return self.word in lexicon.drugs()

    def follows(self, name: str) -> bool:
        """Say whether what stands before is as a pattern says."""
        return DATA[name].search(self.before) is not None

    def followed(self, name: str, at: int | None = None) -> bool:
        """Say whether what stands after it, or after a later place, is as a pattern says."""
        stop = self.token.stop if at is None else at
        return DATA[name].match(self.line.text.folded, stop) is not None

    def followed_after_run(self, name: str) -> bool:
        """Say whether what stands after its run of capitals is as a pattern says."""
        return self.followed(name, self.line.run_end(self.index))

    @cached_property
    def ambiguous(self) -> bool | None:
        """Say whether it is a first name and a word too; None if it is no first name."""
        found = lexicon.first_names().get(self.word)
        parts = self.word.split("-")
        if found is None and len(parts) > 1:
            known = all(lexicon.first_names().get(part) is not None for part in parts)
            return False if known else None
        return found

    @cached_property
    def named(self) -> bool:
        """Say whether the words before it name somebody: "ma sœur", "m'appelle", "Mme"."""
        there_is = self.follows("there-is") and self.followed("after")
        return self.follows("before-strong") or there_is or self.line.after_lawyer(self.token.start)

    @property
    def spelt_in_capitals(self) -> bool:
        """Say whether it is an abbreviation, or written in capitals alone."""
        return self.line.text.cased[self.token.start : self.token.stop].isupper()


def is_name(word: Word) -> bool:
    """Say whether a word is somebody's name, or the first part of one."""
    previous = word.line.previous(word.index)
    if previous and previous.capital and previous.word in _SAINTS:
        return False
    if word.capital and is_hailed(word):
        return True
    surely = word.capital and _is_surely(word)
    if surely or is_only_word(word.word):
        return surely
    if _is_of_saint(word.word) or _is_of_thing(word):
        return False
    if _is_titled_small(word):
        return word.word not in lexicon.everyday()
    if word.ambiguous is None:
        return _is_unlisted(word)
    return _is_listed(word)


def is_only_word(word: str) -> bool:
    """Say whether a word is a common one and on no list of names."""
    return (
        word in lexicon.words()
        and word not in lexicon.first_names()
        and word not in lexicon.last_names()
    )


def _is_of_saint(word: str) -> bool:
    head, _, rest = word.partition("-")
    return bool(rest) and head in _SAINTS


def _is_of_thing(word: Word) -> bool:
    """Say whether a thing, a work, a product or a country is named, not a person."""
    if word.follows("thing") or _is_of_work(word):
        return True
    if word.drug and word.follows("some"):
        return not (word.follows("kin-of") or word.followed("human"))
    return word.word in lexicon.countries() and word.follows("from")


def _is_of_work(word: Word) -> bool:
    """Say whether a name in capitals is a film, a song or who they are about."""
    line, token = word.line, word.token
    if not token.capital or not DATA["work-near"].search(line.text.folded):
        return False
    watched = DATA["watched-before"].search(line.before(token.start, 24)) is not None
    return watched or (line.starts_sentence(token) and word.followed("screened-after"))


def _is_titled_small(word: Word) -> bool:
    """Say whether a name in small letters follows a title: "mme delattre"."""
    known = word.word in lexicon.first_names() or word.word in lexicon.last_names()
    return not word.token.capital and len(word.word) > 3 and known and word.follows("title-small")


def _is_unlisted(word: Word) -> bool:
    """Say whether a word that no list of first names has is a name all the same."""
    vetoed = word.word in lexicon.never_names() or word.drug
    if not word.capital:
        return not vetoed and _is_named_small(word)
    if not vetoed and not _could_be_name(word.word):
        return False
    if not word.named and word.follows("office"):
        return word.word not in lexicon.words()
    if vetoed:
        return _is_vetoed_name(word)
    if word.spelt_in_capitals:
        return word.follows("title-before") or word.follows("family-before")
    return (
        word.named
        or _is_before_surname(word)
        or _is_surname(word)
        or word.followed_after_run("human")
        or _is_greeted(word)
    )


def _could_be_name(word: str) -> bool:
    if len(word) < 2 or word in lexicon.never_names():
        return False
    return word in lexicon.last_names() or word not in lexicon.words()


def _is_before_surname(word: Word) -> bool:
    """Say whether an unknown word in capitals stands before a sure family name."""
    following = word.line.next(word.index)
    return (
        word.word not in lexicon.words()
        and following is not None
        and following.capital
        and following.word in lexicon.last_names()
        and following.word not in lexicon.words()
        and not word.line.on_menu(word.token)
    )


def _is_surname(word: Word) -> bool:
    sure = word.word in lexicon.last_names() and word.word not in lexicon.words()
    around = word.follows("before") or word.followed("after")
    return sure and around and not word.line.on_menu(word.token)


def _is_greeted(word: Word) -> bool:
    greeted = word.word not in lexicon.words() and word.follows("greeted")
    return greeted and word.followed_after_run("called-out")


def _is_listed(word: Word) -> bool:
    """Say whether a first name that a list has is meant as one."""
    line, token = word.line, word.token
    saying = word.named or word.follows("before")
    after = word.followed("after") or word.followed("after", surname_end(line, word.index))
    if word.word in DATA.words["head"] and after and not saying and line.starts_sentence(token):
        after = word.word != "elle" and word.followed("human")
    product = "product-after" if word.ambiguous else "strain-after"
    if not word.named and word.followed(product):
        return False
    if word.word in lexicon.never_names():
        return word.capital and (_is_own(word) or (word.named and after))
    if not word.ambiguous:
        if not word.capital and word.word in PARTICLES:
            return word.named  # "la purezza della cocaina va …"
        sure = len(word.word) > 3 and word.word not in lexicon.rare_names() and not word.drug
        return word.capital or sure or saying or after or _is_paired(word)
    if word.capital:
        return (
            _has_surname(word)
            or saying
            or after
            or word.followed("addressed")
            or _is_paired(word)
            or _is_proper(word)
        )
    return word.word in lexicon.small_names() and _is_small(word, said=saying and after)


def _is_vetoed_name(word: Word) -> bool:
    """Say whether a drug's or a brand's name is somebody's all the same."""
    after = word.followed("after") or word.followed("after", surname_end(word.line, word.index))
    return word.named and after


def _is_own(word: Word) -> bool:
    """Say whether a product's name is a person's here: "ma copine Molly", "Tina, elle"."""
    told = word.follows("before") or word.line.starts_sentence(word.token)
    return (
        word.follows("title-before")
        or word.follows("own-kin")
        or word.followed("talked-of")
        or (word.followed("who-after") and told)
    )


def _is_small(word: Word, *, said: bool) -> bool:
    """Say whether a word in small letters that is often a name is one here."""
    if word.named or word.follows("hailed"):
        return True
    met = word.follows("met") and word.followed("called-out")
    return not word.drug and (said or word.followed("human") or met)


def _has_surname(word: Word) -> bool:
    """Say whether a family name follows."""
    gap = word.line.gap(word.index)
    following = word.line.found[word.index + 1] if gap in (" ", "-") else None
    if following is None or not following.capital or following.word in lexicon.never_names():
        return False
    if following.word in lexicon.last_names():
        if following.word not in lexicon.words():
            return True
    elif following.word in lexicon.words():
        return False
    return not word.line.starts_sentence(word.token)


def _is_surely(word: Word) -> bool:
    """Say whether a word in capitals, even a drug's or a common one, is a person's name here."""
    line, token = word.line, word.token
    if len(token.word) < 3 or token.word in PARTICLES:
        return False
    if token.word in _ALSO_WORDS and line.starts_sentence(token):
        return False
    before = line.before(token.start)
    if DATA["appellation"].search(before):
        place = token.word in lexicon.never_names() and DATA["from"].search(before) is not None
        return token.word in lexicon.first_names() or not (line.starts_sentence(token) or place)
    if token.word not in lexicon.first_names():
        return False
    following = line.next(word.index)
    surname = (
        following is not None
        and following.capital
        and following.word in lexicon.last_names()
        and following.word not in lexicon.words()
        and following.word not in lexicon.drugs()
        and not line.on_menu(token)
    )
    return surname or any(word.followed(name) for name in ("aged", "related", "speaks"))


def is_hailed(word: Word) -> bool:
    """Say whether somebody is hailed by this word: "frérot Biscotte", "« Kiki, lâche ça »"."""
    line, token = word.line, word.token
    if len(token.word) < 3 or token.word in PARTICLES or word.drug:
        return False
    before = line.before(token.start, 24)
    phrase, barred = is_phrase(line, word.index), token.word in lexicon.never_names()
    if DATA["hailing"].search(before) and token.word not in lexicon.countries() and not phrase:
        return not barred and not line.on_menu(token)
    if DATA["great"].search(before) and not phrase and token.word not in lexicon.words():
        return not line.on_menu(token)
    listed = token.word in lexicon.first_names() and not barred
    return listed and line.starts_sentence(token) and word.followed("vocative")


def _is_named_small(word: Word) -> bool:
    """Say whether a word in small letters that no list has is a name all the same."""
    token = word.token
    if len(token.word) < 4 or token.word in PARTICLES or token.word in lexicon.everyday():
        return False
    before = word.line.before(token.start)
    unknown = token.word not in lexicon.words()
    if DATA["title-small"].search(before):
        return unknown or token.word in lexicon.last_names()
    named = DATA["before-strong"].search(before) is not None
    return unknown and not word.drug and named and word.followed("human-small")


def _is_paired(word: Word) -> bool:
    """Say whether another certain first name is joined to this one by "et", "and" or a comma."""
    found, folded = word.line.found, word.line.text.folded
    for other in (word.index - 2, word.index + 2, word.index - 1, word.index + 1):
        if 0 <= other < len(found) and lexicon.first_names().get(found[other].word) is False:
            first, second = sorted((found[word.index], found[other]))
            if folded[first.stop : second.start] in _PAIRED:
                return True
    return False


def _is_proper(word: Word) -> bool:
    """Say whether a capital stands in a running sentence, where a common word would have none."""
    before, token, after = word.line.previous(word.index), word.token, word.line.next(word.index)
    return (
        before is not None
        and after is not None
        and not before.capital
        and not after.capital
        and before.word in lexicon.words()
        and after.word in lexicon.words()
        and before.word not in DATA.words["article"]
        and before.word not in lexicon.drugs()
        and after.word not in lexicon.drugs()
        and len(token.word) > 2
        and not word.line.on_menu(token)
    )


def goes_on(line: Line, token: Token, accepted: int) -> bool:
    """Say whether a word in capitals is joined to the name before it: "Léa et Xhesika"."""
    if accepted < 1 or line.text.folded[accepted : token.start] not in _JOINED:
        return False
    word, listed = token.word, lexicon.first_names().get(token.word)
    known = listed is False or (listed is not None and (token.capital or len(word) > 3))
    unknown = (token.capital or len(word) > 5) and word not in lexicon.words()
    return (
        len(word) > 2
        and "'" not in word
        and (known or unknown)
        and word not in lexicon.drugs()
        and word not in DATA.words["head"]
    )


@cache
def _phrase_heads() -> frozenset[str]:
    names = lexicon.never_names() | lexicon.drugs()
    return frozenset(name.partition("-")[0] for name in names if "-" in name)


def is_phrase(line: Line, index: int) -> bool:
    """Say whether two words are a strain, a brand or a place by name: Bruce Banner, Nova Dona."""
    if line.found[index].word not in _phrase_heads() or line.gap(index) not in (" ", "-", "'s "):
        return False
    phrase = f"{line.found[index].word}-{line.found[index + 1].word}"
    return phrase in lexicon.never_names() or phrase in lexicon.drugs()


def is_namesake(line: Line, index: int) -> bool:
    """Say whether the words in capitals from here name a place: "hôpital Édouard Herriot"."""
    before = line.before(line.opening(index))
    return any(DATA[name].search(before) for name in ("institution-before", "namesake"))
