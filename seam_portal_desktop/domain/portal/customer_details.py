"""What we know of a customer by ourselves: a display name, tags, and to whom their links were sent.
Seam never gets it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.portal.query import fold
from seam_portal_desktop.texts import _

NAME_CHARACTERS = 300
TAG_CHARACTERS = 50
MOST_TAGS = 20
MOST_REMEMBERED = 20

_JOINERS = "\u200c\u200d"
"""Persian words and emojis of several persons need them. What else is invisible is left out."""

_BLANKS = str.maketrans(dict.fromkeys("\u115f\u1160\u2800\u3164\uffa0", " "))
"""Letters and symbols that show nothing."""


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """``name`` may be empty. ``tags`` are in the order in which the user added them.

    ``recipients`` are those that links of this customer were sent to, the last one first.
    """

    name: str = ""
    tags: tuple[str, ...] = ()
    recipients: tuple[MailAddress, ...] = ()

    @classmethod
    def of(cls, name: str, tags: Iterable[str]) -> Self:
        """From what was typed: each on one line, without what can't be seen.

        A tag has no comma and no double quote, and the same tag in capitals is left out.
        """
        unique: dict[str, str] = {}
        for text in tags:
            for part in text.replace('"', "").split(","):
                tag = _visible(part)
                if tag:
                    unique.setdefault(fold(tag), tag)
        return cls(_visible(name), tuple(unique.values()))

    @property
    def name_problem(self) -> str:
        """Why the name can't be saved; '' if it can."""
        if len(self.name) <= NAME_CHARACTERS:
            return ""
        return _("A name has up to {name_characters} characters. This one has {count}.").format(
            name_characters=NAME_CHARACTERS, count=len(self.name)
        )

    @property
    def tags_problem(self) -> str:
        """Why the tags can't be saved; '' if they can."""
        if len(self.tags) > MOST_TAGS:
            return _("A customer has up to {most_tags} tags. These are {count}.").format(
                most_tags=MOST_TAGS, count=len(self.tags)
            )
        longest = max((len(tag) for tag in self.tags), default=0)
        if longest > TAG_CHARACTERS:
            return _(
                "A tag has up to {tag_characters} characters. The longest has {longest}."
            ).format(tag_characters=TAG_CHARACTERS, longest=longest)
        return ""


NO_DETAILS = CustomerDetails()


def _visible(text: str) -> str:
    """`text` on one line, without controls, writing directions and other invisible characters."""
    sendable = text.encode("utf-8", "replace").decode().translate(_BLANKS)
    shown = "".join(
        each
        for each in sendable
        if each.isspace() or each in _JOINERS or unicodedata.category(each) not in ("Cc", "Cf")
    )
    return " ".join(shown.split()).strip(f"{_JOINERS} ")
