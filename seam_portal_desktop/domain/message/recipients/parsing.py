"""Reads what was typed or pasted into a recipients' field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.recipients.addresses import (
    address_key,
    check_address,
    shortened,
)
from seam_portal_desktop.domain.message.recipients.field_parts import FieldPart, field_parts
from seam_portal_desktop.domain.message.recipients.forms import Form, forms_of, meant_address
from seam_portal_desktop.domain.message.recipients.problems import (
    ParsedRecipients,
    RecipientProblem,
    RecipientProblemKind,
)
from seam_portal_desktop.domain.message.recipients.rules import ANY_RECIPIENT, RecipientRules
from seam_portal_desktop.texts import _

MOST_RECIPIENTS = 500
MOST_CHARACTERS = 200_000
"""What follows is not read. A paste of a megabyte must not stop the window."""

_MOST_ERRORS = 100
_MOST_PARTS_OF_NAME = 4
_AT = "@＠﹫"
_HEADING = re.compile(r"e-?mails?\b|mail|name", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[^\W_]+(?:[ .-]+[^\W_]+)*", re.UNICODE)


def parse_recipients(
    text: str, rules: RecipientRules = ANY_RECIPIENT, known_domains: Collection[str] = ()
) -> ParsedRecipients:
    """The recipients in `text`, with what is wrong or doubtful about them. Never raises.

    `known_domains` are those in A-labels that were used before for this customer: they aren't
    questioned. An address that the policy forbids is in the result, with its problem.
    """
    reading = _Reading(rules, known_domains)
    for entry in _entries(text[:MOST_CHARACTERS]):
        if not reading.add(entry):
            break
    else:
        if len(text) > MOST_CHARACTERS:
            reading.stop(
                MOST_CHARACTERS,
                _("Only the first {count} characters were read.").format(count=MOST_CHARACTERS),
            )
    return ParsedRecipients(tuple(reading.found.values()), tuple(reading.problems))


def format_recipients(addresses: Iterable[MailAddress]) -> str:
    """One text for a field. `parse_recipients` reads the same addresses from it."""
    return ", ".join(map(format_recipient, addresses))


def format_recipient(mail: MailAddress) -> str:
    """``Ann Miller <ann@example.com>``, with quotes around a name that needs them."""
    if not mail.name:
        return mail.address
    name = mail.name
    if not _PLAIN_NAME.fullmatch(name):
        name = '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))
    return f"{name} <{mail.address}>"


@dataclass(frozen=True, slots=True, repr=False)
class _Entry:
    """The part of the text that should have a recipient, or several without separators."""

    text: str
    start: int
    end: int
    name: str = ""
    suggestion: str | None = None
    has_address: bool = True
    is_name: bool = False


class _Reading:
    """What was read so far."""

    def __init__(self, rules: RecipientRules, known_domains: Collection[str]) -> None:
        self._rules = rules
        self._known = known_domains
        self._errors = 0
        self.found: dict[str, MailAddress] = {}
        self.problems: list[RecipientProblem] = []

    def stop(self, start: int, sentence: str) -> None:
        kind = RecipientProblemKind.TOO_MANY
        self.problems.append(RecipientProblem(kind, start, start, sentence))

    def add(self, entry: _Entry) -> bool:
        """False if no more is read."""
        if not entry.has_address:
            self._add_error(entry)
        else:
            for form in forms_of(entry.text):
                self._add_form(entry, form)
        if len(self.found) > MOST_RECIPIENTS:
            self.found.popitem()
            self.stop(
                entry.start,
                _("A message goes to up to {most} recipients.").format(most=MOST_RECIPIENTS),
            )
            return False
        if self._errors >= _MOST_ERRORS:
            self.stop(entry.end, _("What follows wasn’t read, because too much is no address."))
            return False
        return True

    def _add_error(self, entry: _Entry) -> None:
        self._errors += 1
        sentence = _("“{text}” is no e-mail address, such as ann@example.com.")
        if entry.is_name:
            sentence = _("Is “{text}” the name of the next address?")
        elif entry.suggestion is not None:
            sentence = _("“{text}” is no e-mail address.")
        self.problems.append(
            RecipientProblem(
                RecipientProblemKind.UNREADABLE,
                entry.start,
                entry.end,
                sentence.format(text=shortened(entry.text)),
                entry.suggestion,
            )
        )

    def _add_form(self, entry: _Entry, form: Form) -> None:
        checked = check_address(form.address, self._rules, self._known)
        name = form.name or entry.name
        name = "" if name.casefold() == form.address.casefold() else name
        for finding in checked.findings:
            self._errors += finding.kind is RecipientProblemKind.UNREADABLE
            meant = finding.suggestion
            if meant is None and not checked.address:
                meant = meant_address(form.address)
            suggestion = None if meant is None else format_recipient(MailAddress(meant, name))
            self._say(entry, finding.kind, finding.sentence, suggestion, checked.address)
        if not checked.address:
            return
        mail = MailAddress(checked.address, name)
        if form.has_invisible:
            self._say(
                entry,
                RecipientProblemKind.CLEANED,
                _("Invisible characters were removed from {address}.").format(
                    address=checked.address
                ),
                None,
                checked.address,
            )
        if "@" in name:
            self._say(
                entry,
                RecipientProblemKind.OTHER_NAME,
                _("The name “{name}” is an address, but the message goes to {address}.").format(
                    name=shortened(name), address=checked.address
                ),
                checked.address,
                checked.address,
            )
        key = address_key(checked.address)
        if key in self.found:
            self._say(
                entry,
                RecipientProblemKind.DUPLICATE,
                _("{address} was there twice.").format(address=checked.address),
                None,
                checked.address,
            )
            if name and not self.found[key].name:
                self.found[key] = MailAddress(self.found[key].address, name)
            return
        self.found[key] = mail

    def _say(
        self,
        entry: _Entry,
        kind: RecipientProblemKind,
        sentence: str,
        suggestion: str | None,
        address: str,
    ) -> None:
        self.problems.append(
            RecipientProblem(kind, entry.start, entry.end, sentence, suggestion, address)
        )


def _entries(text: str) -> Iterator[_Entry]:
    lines = [list(line) for _number, line in groupby(field_parts(text), lambda each: each.line)]
    is_table = _is_table(lines)
    waiting: list[FieldPart] = []
    for number, line in enumerate(lines):
        is_row = _has_one_address(line) and (is_table or any(each.before == "\t" for each in line))
        if is_table and number == 0 and not any(map(_has_at, line)):
            continue  # the titles of the columns
        if is_row and not _is_bracketed(next(filter(_has_at, line))):
            yield from map(_without_address, waiting)
            waiting = []
            yield _row(line)
            continue
        for segment in line:
            yield from _next(text, segment, waiting)
    yield from map(_without_address, waiting)


def _next(text: str, segment: FieldPart, waiting: list[FieldPart]) -> Iterator[_Entry]:
    """The entries that end with `segment`. `waiting` are segments that may be parts of a name."""
    if not _has_at(segment):
        if len(waiting) >= _MOST_PARTS_OF_NAME:
            yield _without_address(waiting.pop(0))
        waiting.append(segment)
        return
    parts = _parts_of_name(segment, waiting)
    for left in waiting[: len(waiting) - len(parts)]:
        yield _without_address(left)
    waiting.clear()
    if not parts:
        yield _Entry(segment.text, segment.start, segment.end)
    elif _is_bracketed(segment):
        start = parts[0].start
        joined = " ".join(text[start : segment.end].split())
        yield _Entry(joined, start, segment.end)
    else:
        yield from map(_without_address, parts[:-1])
        yield _perhaps_name(parts[-1], segment)
        yield _Entry(segment.text, segment.start, segment.end)


def _parts_of_name(segment: FieldPart, waiting: Sequence[FieldPart]) -> list[FieldPart]:
    """The last of `waiting`, if they belong to the address of `segment`: Miller, Ann <ann@…>."""
    if segment.text.startswith("<") and segment.is_first_of_line:
        is_next_line = bool(waiting) and waiting[-1].line == segment.line - 1
        return list(waiting[-1:]) if is_next_line else []
    parts: list[FieldPart] = []
    following = segment
    for part in reversed(waiting):
        if not following.is_after_comma or part.line != segment.line:
            break
        parts.insert(0, part)
        following = part
    return parts


def _is_table(lines: Sequence[Sequence[FieldPart]]) -> bool:
    """Whether each line has one address and other cells, and isn't `Miller, Ann <ann@…>`."""
    has_titles = (
        len(lines) > 1
        and not any(map(_has_at, lines[0]))
        and len(lines[0]) > 1
        and any(_HEADING.search(each.text) for each in lines[0])
    )
    rows = lines[1:] if has_titles else lines
    return (has_titles or len(rows) > 1) and all(
        len(row) > 1 and _has_one_address(row) for row in rows
    )


def _row(line: Sequence[FieldPart]) -> _Entry:
    """The address of a table's row, with its name: the nearest cell before it, else after it."""
    at = next(number for number, each in enumerate(line) if _has_at(each))
    cell = line[at]
    names = [each for each in (*line[:at], *line[at + 1 :]) if _is_name(each.text)]
    name = " ".join(names[0].text.strip("\"'").split()) if names else ""
    return _Entry(cell.text, line[0].start, line[-1].end, name)


def _is_name(text: str) -> bool:
    return any(each.isalpha() for each in text) and not any(each.isdecimal() for each in text)


def _without_address(segment: FieldPart) -> _Entry:
    meant = meant_address(segment.text)
    return _Entry(segment.text, segment.start, segment.end, suggestion=meant, has_address=False)


def _perhaps_name(segment: FieldPart, following: FieldPart) -> _Entry:
    """``Ann Miller, ann@example.com``: she may be the second address, or another recipient."""
    if " " not in segment.text:
        return _without_address(segment)
    meant = format_recipient(MailAddress(following.text, segment.text))
    return _Entry(
        segment.text,
        segment.start,
        following.end,
        suggestion=meant,
        has_address=False,
        is_name=True,
    )


def _has_at(segment: FieldPart) -> bool:
    return any(each in segment.text for each in _AT)


def _has_one_address(line: Sequence[FieldPart]) -> bool:
    return sum(map(_has_at, line)) == 1


def _is_bracketed(segment: FieldPart) -> bool:
    return "<" in segment.text
