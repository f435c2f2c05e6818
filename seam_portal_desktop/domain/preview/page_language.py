"""Detects which of the portal's languages a text is in, by its script and its function words.

It needs no dictionary and no statistics: a page has hundreds of words, and the articles,
prepositions and pronouns among them show the language. Otherwise the result is None.
"""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")

# Words that are frequent in one language and in no other of the ten, or only in few of them.
_FUNCTION_WORDS = {
    "en": "the and of to is for with your this you are not can be or by at from have will it "
    "only what when all their here there which has",
    "de": "der die das und ist nicht mit für ein eine den von zu auf sich ihre ihr sie im dem des "
    "werden wird oder bei aus noch kein keine hier durch diese dieser dieses über",
    "fr": "le la les et des est une dans pour pas vous votre vos sur avec ce cette qui que aux du "
    "au sont par ou ne ici aucun aucune être leur",
    "es": "el la los las y de que en es un una por con para no se su sus del al esta este lo como "
    "más hay aquí ningún puede o",
    "it": "il lo la gli le e di che è un una per con non si del della dei nel alla sono questo "
    "questa più dal da come qui nessun nessuna suo puoi",
    "pt": "o a os as e de que em é um uma para com não se do da dos das no na ao seu sua por mais "
    "este esta pode aqui nenhum são foi",
    "nl": "de het een en van is niet met voor zijn op aan er uw je dit deze die te door bij kan "
    "wordt worden geen naar om of hier maar",
    "pl": "i w nie na się z do jest to że po jak za od przez dla oraz lub ten ta jego są być może "
    "tego tutaj żadnych czy tylko przy",
}
_VOCABULARY = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}

_MIN_HITS = 4
"""Fewer function words than these can be a name or a loan word."""

_LEAD = 1.4
"""How many times as many function words the best language must have as the next: Portuguese shares
many with Spanish, and Spanish with Italian."""

_SCRIPT_SHARE = 0.5
"""Some letters of a Greek or Russian page are Latin: brands, addresses, customers."""


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of one of the portal's ten languages, or None if it isn't clear."""
    letters = sum(len(word) for word in _WORD.findall(text))
    if letters:
        for code, script in (("el", _GREEK), ("ru", _CYRILLIC)):
            if len(script.findall(text)) / letters > _SCRIPT_SHARE:
                return code
    hits: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        hits.update(code for code, words in _VOCABULARY.items() if word in words)
    ranked = hits.most_common(2)
    if not ranked or ranked[0][1] < _MIN_HITS:
        return None
    if len(ranked) > 1 and ranked[0][1] < _LEAD * ranked[1][1]:
        return None
    return ranked[0][0]
