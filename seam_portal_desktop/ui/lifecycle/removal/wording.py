"""What is removed, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seam_portal_desktop.domain.removal.keys import RemovalKey
from seam_portal_desktop.domain.removal.sent import SentResource, stays_left
from seam_portal_desktop.domain.removal.words import RemovalGroup
from seam_portal_desktop.domain.request.verticals import ANY
from seam_portal_desktop.domain.tables.checks.keys import KeyFindings, visible
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.lifecycle.failures import names
from seam_portal_desktop.ui.toolkit.form_parts import isolate, number, short_key, shortened
from seam_portal_desktop.ui.toolkit.times import short

_NAME_CHARACTERS = 40
_MOST_FINDINGS = 3


@dataclass(frozen=True, slots=True)
class RemovalEntry:
    """``sent`` is None if this program didn't send the resource for the customer. Then ``alike`` is
    another kind of resource that was sent with the same key, and ``findings`` say what is unusual
    about the key."""

    removal: RemovalKey
    sent: SentResource | None = None
    alike: RemovalKey | None = None
    findings: KeyFindings | None = None

    @property
    def kind_text(self) -> str:
        return ANY.one(self.removal.kind)

    @property
    def name(self) -> str:
        return "" if self.sent is None else self.sent.name

    @property
    def key_text(self) -> str:
        """The key, with characters that can't be seen as their codes."""
        return visible(self.removal.key)

    @property
    def unknown_text(self) -> str:
        """Why the key may be wrong; empty for one that was sent."""
        if self.sent is not None:
            return ""
        if self.alike is not None:
            return _("Sent with another kind: {kind}").format(kind=ANY.one(self.alike.kind))
        return _("Not sent from here")

    @property
    def named_key(self) -> str:
        """'Anna Example (g-1)', or the key alone."""
        key = short_key(self.key_text)
        if not self.name:
            return key
        name = isolate(shortened(self.name, _NAME_CHARACTERS))
        return _("{name} ({key})").format(name=name, key=key)

    @property
    def detail(self) -> str:
        """The name, and a stay's times."""
        if self.sent is None:
            return self.unknown_text
        start, end = moment_text(self.sent.starts_at), moment_text(self.sent.ends_at)
        if start and end:
            times = _("{start} to {end}").format(start=isolate(start), end=isolate(end))
        else:
            times = start or end
        return " · ".join(filter(None, (isolate(self.name) if self.name else "", times)))


def moment_text(sent: str) -> str:
    """A time as it was sent, in the user's zone. What Python can't read is shown as it is."""
    try:
        return short(datetime.fromisoformat(sent.upper())) if sent else ""
    except (ValueError, OverflowError):
        return sent


def consequences(entries: Sequence[RemovalEntry]) -> list[str]:
    """One line for each group: what ends. They promise no more than Seam's own documentation."""
    texts = {
        RemovalGroup.STAY: _(
            "Cancels {names}. The access that Seam made for a stay ends with it, access codes "
            "included."
        ),
        RemovalGroup.PERSON: _(
            "Removes {names}. A person’s access in Seam is removed with the person."
        ),
        RemovalGroup.PLACE: _(
            "Removes {names}. The space in Seam is removed with the place, and stays there may "
            "lose their access."
        ),
    }
    lines = []
    for group, text in texts.items():
        found = [entry.named_key for entry in entries if entry.removal.group is group]
        if found:
            lines.append(text.format(names=names(found)))
    return lines


def warnings(entries: Sequence[RemovalEntry], sent: Mapping[RemovalKey, SentResource]) -> list[str]:
    """What the user should look at before: unknown keys, and stays that lose their person."""
    lines = []
    unknown = [short_key(entry.key_text) for entry in entries if entry.sent is None]
    if unknown:
        text = ngettext(
            "Not sent from here for this customer, check it letter by letter: {names}.",
            "Not sent from here for this customer, check them letter by letter: {names}.",
            len(unknown),
        )
        lines.append(text.format(names=names(unknown)))
    if any(entry.removal.kind == "spaces" for entry in entries):
        lines.append(
            _("A space’s key also matches a space that was made in Seam without customer data.")
        )
    unusual = [(entry, entry.findings) for entry in entries if entry.findings is not None]
    lines += [
        f"{short_key(entry.key_text)}: {' '.join(findings.sentences)}"
        for entry, findings in unusual[:_MOST_FINDINGS]
    ]
    left = stays_left({entry.removal for entry in entries}, sent)
    by_removal = {entry.removal: entry for entry in entries}
    for removal, stays in left.items():
        text = ngettext(
            "{name}: a stay isn’t cancelled here, and may lose its access too: {names}.",
            "{name}: {count} stays aren’t cancelled here, and may lose their access too: {names}.",
            len(stays),
        )
        lines.append(
            text.format(
                name=by_removal[removal].named_key,
                count=number(len(stays)),
                names=names([short_key(stay.key) for stay in stays]),
            )
        )
    return lines
