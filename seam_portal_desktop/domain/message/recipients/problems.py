"""What was found out about the text of a recipients' field."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from seam_portal_desktop.domain.message.address import MailAddress


class RecipientProblemKind(StrEnum):
    """UNREADABLE: no address, or one that no server takes. TOO_MANY: the rest wasn't read.
    NOT_ALLOWED: the organisation's policy forbids the domain. TYPO: a known domain may be meant.
    LOOK_ALIKE: letters of several scripts. OTHER_NAME: the name is another address. CLEANED:
    characters that nobody sees were left out. DUPLICATE: the address is there already. NOT_ASCII:
    the part before the @ needs a server with SMTPUTF8."""

    UNREADABLE = "unreadable"
    TOO_MANY = "too_many"
    NOT_ALLOWED = "not_allowed"
    TYPO = "typo"
    LOOK_ALIKE = "look_alike"
    OTHER_NAME = "other_name"
    CLEANED = "cleaned"
    DUPLICATE = "duplicate"
    NOT_ASCII = "not_ascii"

    @property
    def is_error(self) -> bool:
        """Nothing can be sent to it."""
        return self in _ERRORS

    @property
    def is_question(self) -> bool:
        """The user should look at it before something is sent to it."""
        return self in _QUESTIONS


_ERRORS = frozenset(
    {
        RecipientProblemKind.UNREADABLE,
        RecipientProblemKind.TOO_MANY,
        RecipientProblemKind.NOT_ALLOWED,
    }
)
_QUESTIONS = frozenset(
    {
        RecipientProblemKind.TYPO,
        RecipientProblemKind.LOOK_ALIKE,
        RecipientProblemKind.OTHER_NAME,
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class RecipientProblem:
    """`sentence` is about the characters from `start` to before `end` of the text.

    `suggestion` may replace these characters. `address` is the one that it is about, if it could
    be read.
    """

    kind: RecipientProblemKind
    start: int
    end: int
    sentence: str
    suggestion: str | None = None
    address: str = ""

    def __repr__(self) -> str:
        return f"RecipientProblem({self.kind.value}, {self.start}, {self.end})"


@dataclass(frozen=True, slots=True)
class ParsedRecipients:
    """The addresses of a field in their order, each once, and what is to be said about them."""

    addresses: tuple[MailAddress, ...] = ()
    problems: tuple[RecipientProblem, ...] = field(default=())


NO_RECIPIENTS = ParsedRecipients()
