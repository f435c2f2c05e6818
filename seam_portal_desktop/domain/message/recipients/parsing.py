"""Reads what was typed or pasted into a recipients' field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.recipients.addresses import (
    CheckedAddress,
    address_key,
    check_address,
    shortened,
)
from seam_portal_desktop.domain.message.recipients.field_entries import FieldEntry, field_entries
from seam_portal_desktop.domain.message.recipients.forms import Form, forms_of, meant_address
from seam_portal_desktop.domain.message.recipients.problems import (
    ParsedRecipients,
    RecipientProblem,
    RecipientProblemKind,
)
from seam_portal_desktop.domain.message.recipients.rules import ANY_RECIPIENT, RecipientRules
from seam_portal_desktop.texts import _

MOST_RECIPIENTS = 500
MOST_CHARACTERS = 100_000
"""What follows is not read. A paste of a megabyte must not stop the window."""

_MOST_ERRORS = 100
_PLAIN_NAME = re.compile(r"[^\W\d_][^\W_]*(?:[ .-]+[^\W_]+)*")


def parse_recipients(
    text: str, rules: RecipientRules = ANY_RECIPIENT, known_domains: Collection[str] = ()
) -> ParsedRecipients:
    """The recipients in `text`, with what is wrong or doubtful about them. Never raises.

    `known_domains` are those in A-labels that were used before for this customer: they aren't
    questioned. An address that the policy forbids is in the result, with its problem.
    """
    read = text[:MOST_CHARACTERS]
    reading = _Reading(read, rules, known_domains)
    for entry in field_entries(read):
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


class _Reading:
    """What was read so far."""

    def __init__(self, text: str, rules: RecipientRules, known_domains: Collection[str]) -> None:
        self._text = text
        self._rules = rules
        self._known = known_domains
        self._errors = 0
        self._checked: dict[str, CheckedAddress] = {}
        self._repeated: set[str] = set()
        self.found: dict[str, MailAddress] = {}
        self.problems: list[RecipientProblem] = []

    def stop(self, start: int, sentence: str) -> None:
        kind = RecipientProblemKind.TOO_MANY
        self.problems.append(RecipientProblem(kind, start, start, sentence))

    def add(self, entry: FieldEntry) -> bool:
        """False if no more is read."""
        if not entry.has_address:
            self._add_error(entry)
        else:
            forms = list(forms_of(entry.text))
            single = replace(entry, is_single=len(forms) == 1)
            for form in forms:
                self._add_form(single, form)
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

    def _add_error(self, entry: FieldEntry) -> None:
        self._errors += 1
        sentence = _("“{text}” is no e-mail address, such as ann@example.com.")
        suggestion = entry.suggestion
        if entry.next_address:
            sentence = _("Is “{text}” the name of the next address?")
            suggestion = format_recipient(MailAddress(entry.next_address, entry.text))
        elif suggestion is not None:
            sentence = _("“{text}” is no e-mail address.")
        self.problems.append(
            RecipientProblem(
                RecipientProblemKind.UNREADABLE,
                entry.start,
                entry.end,
                sentence.format(text=shortened(entry.text)),
                suggestion,
            )
        )

    def _add_form(self, entry: FieldEntry, form: Form) -> None:
        checked = self._checked.get(form.address)
        if checked is None:
            checked = check_address(form.address, self._rules, self._known)
            self._checked[form.address] = checked
        address = checked.address
        name = form.name or entry.name
        name = "" if name.casefold() == form.address.casefold() else name
        key = address_key(address)
        if address and key in self.found:
            self._add_again(entry, key, MailAddress(address, name))
            return
        for finding in checked.findings:
            self._errors += finding.kind is RecipientProblemKind.UNREADABLE
            meant = finding.suggestion or (None if address else meant_address(form.address))
            self._say(entry, finding.kind, finding.sentence, address, (form, name, meant))
        if not address:
            return
        self.found[key] = MailAddress(address, name)
        if form.has_invisible:
            sentence = _("Invisible characters were removed from {address}.")
            kind = RecipientProblemKind.CLEANED
            self._say(entry, kind, sentence.format(address=address), address)
        if "@" in name:
            sentence = _("The name “{name}” is an address, but the message goes to {address}.")
            kind = RecipientProblemKind.OTHER_NAME
            text = sentence.format(name=shortened(name), address=address)
            self._say(entry, kind, text, address)

    def _add_again(self, entry: FieldEntry, key: str, mail: MailAddress) -> None:
        if not self.found[key].name:
            self.found[key] = MailAddress(self.found[key].address, mail.name)
        if key not in self._repeated:
            self._repeated.add(key)
            sentence = _("{address} is there more than once.").format(address=mail.address)
            self._say(entry, RecipientProblemKind.DUPLICATE, sentence, mail.address)

    def _say(
        self,
        entry: FieldEntry,
        kind: RecipientProblemKind,
        sentence: str,
        address: str,
        repair: tuple[Form, str, str | None] | None = None,
    ) -> None:
        """`repair` has the form, its name, and the address that may be meant."""
        start, end, suggestion = entry.start, entry.end, None
        form, name, meant = repair or (None, "", None)
        if form is not None and meant is not None:
            at = self._text.find(form.address, start, end)
            if at >= 0:
                start, end, suggestion = at, at + len(form.address), meant
            elif entry.is_single:
                suggestion = format_recipient(MailAddress(meant, name))
        self.problems.append(RecipientProblem(kind, start, end, sentence, suggestion, address))
