"""Returned mails of servers that write for people only, and mails that quote a returned one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from seam_portal_desktop.domain.message.bounce.result import (
    BouncedAddress,
    reason_line,
    status_in,
)

_DAEMONS = re.compile(
    r"\b(?:mailer-daemon|postmaster|mail-daemon|mdaemon|microsoftexchange[0-9a-f]{32})@",
    re.IGNORECASE,
)
"""Senders of returned mails."""

_SUBJECTS = re.compile(
    r"undeliver|delivery status notification|delivery (?:has )?fail|mail delivery (?:failed|system)"
    r"|failure notice|returned mail|delivery failure|not delivered|delayed mail|message delayed"
    r"|warning: could not send|unzustellbar|nicht zugestellt|non remis|échec de la remise"
    r"|no se puede entregar|no se ha podido entregar|non recapitabil|mancato recapito"
    r"|onbestelbaar|niet bezorgd|não entregue|não foi possível entregar|niedostarczon"
    r"|nie można dostarczyć|не доставлен|недоставлен|αδύνατη η παράδοση|δεν παραδόθηκε",
    re.IGNORECASE,
)

_INTRODUCTIONS = re.compile(
    r"this is the qmail-send program|this is the mail system at host|the following addresses had "
    r"(?:permanent|transient)|could not be delivered to one or more|did not reach some or all of "
    r"the intended|delivery to the following recipients? (?:failed|has been delayed|was aborted)"
    r"|wasn.?t delivered to|couldn.?t be delivered|could not be delivered|undeliverable"
    r"|delivery has failed to these recipients|i.?m afraid i wasn.?t able to deliver"
    r"|address(?:es)? (?:could|couldn.?t|not) (?:not )?be found|has not been delivered"
    r"|konnte nicht zugestellt werden|n.a pas pu être (?:remis|distribu)|no se ha podido entregar"
    r"|impossibile recapitare|non è stato possibile recapitare|kan niet worden bezorgd"
    r"|não foi possível entregar|nie można dostarczyć|не удалось доставить|δεν ήταν δυνατή η",
    re.IGNORECASE,
)

_DELAYS = re.compile(
    r"still trying|will (?:be retried|keep trying|try again|continue)|delayed|not necessary to "
    r"resend|do not need to resend|warning message only|noch nicht zugestellt|could not send "
    r"message for past",
    re.IGNORECASE,
)

_GIVEN_UP = re.compile(r"given up|permanent|gave up|giving up|failed", re.IGNORECASE)

_COPY_STARTS = re.compile(
    r"^[ \t>*-]*(?:below this line is a copy of the message|this is a copy of the message"
    r"|original message headers|(?:original|ursprüngliche|unsent) message(?: follows)?\b"
    r"|ursprüngliche nachrichtenkopfzeilen|included is a copy|received: from|return-path:)",
    re.IGNORECASE | re.MULTILINE,
)

_ADDRESS = re.compile(r"(?<![\w.+-])([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)")
_MESSAGE_ID = re.compile(
    r"^[ \t>]*message-id:\s*(<[!-;=?-~]{3,300}>)", re.IGNORECASE | re.MULTILINE
)
_HEADER_LINE = re.compile(
    r"^[ \t>*]*(?:from|to|cc|bcc|reply-to|sender|von|an|kopie|de|à|para|da|a|van|aan|od|do|от|кому"
    r"|από|προς|message-id|x-[\w-]+)\*? ?:.*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Quoted headers, in the languages of mail programs."""

_AROUND_REASON = " \t\r\n<>:;,.\"')]"
_PARAGRAPH = re.compile(r"\n[ \t>]*\n")


def looks_returned(sender: str, subject: str, text: str) -> bool:
    """Whether these are of a returned mail, or of a mail that quotes one.

    One sign isn't enough: people write about undeliverable mails, too.
    """
    signs = [
        _DAEMONS.search(sender),
        _SUBJECTS.search(subject),
        _INTRODUCTIONS.search(text),
        _DAEMONS.search(text),
    ]
    return sum(sign is not None for sign in signs) > 1 and bool(status_in(text) or signs[2])


def is_delay(text: str) -> bool:
    """Whether the server says that it goes on trying."""
    words = _before_copy(text)
    return _DELAYS.search(words) is not None and _GIVEN_UP.search(words) is None


def message_ids_in(text: str) -> list[str]:
    """The Message-IDs of quoted headers, the last first."""
    return _MESSAGE_ID.findall(text)[::-1]


def recipients_in(text: str, own: frozenset[str]) -> tuple[BouncedAddress, ...]:
    """The addresses that the server names before its copy of the mail, each with what follows.

    `own` are addresses in small letters that are none of the recipients, such as the sender's.
    Addresses without a reason only count if none has one.
    """
    found: dict[str, BouncedAddress] = {}
    for address, reason in _named(_HEADER_LINE.sub("", _before_copy(text))):
        key = address.lower()
        if key in own or _DAEMONS.match(key):
            continue
        known = found.get(key)
        if known is None or not known.status:
            found[key] = BouncedAddress(address, status_in(reason), reason_line(reason))
    explained = tuple(each for each in found.values() if each.status)
    return explained or tuple(found.values())


def _before_copy(text: str) -> str:
    start = _COPY_STARTS.search(text)
    return text[: start.start()] if start and start.start() else text


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Each address with the words after it: to the next address or the end of the paragraph; the
    next paragraphs too, if no code is in these words."""
    paragraphs = _PARAGRAPH.split(text)
    for index, paragraph in enumerate(paragraphs):
        matches = list(_ADDRESS.finditer(paragraph))
        for match, following in zip_longest(matches, matches[1:]):
            end = following.start() if following else len(paragraph)
            reason = paragraph[match.end() : end]
            if not status_in(reason):
                more = "\n".join([paragraph[match.end() :], *paragraphs[index + 1 : index + 3]])
                reason = more if status_in(more) else reason
            yield match[1], reason.strip(_AROUND_REASON)
