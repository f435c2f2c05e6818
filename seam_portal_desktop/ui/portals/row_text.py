"""The texts of a table row: cells, accessible text and tooltips. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord, PortalStatus, Sent
from seam_portal_desktop.domain.preview.kinds import EMPTY_CUSTOMER, CheckLevel
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.portals.delivery_style import delivery_lines, delivery_style
from seam_portal_desktop.ui.portals.groups import GroupPlace
from seam_portal_desktop.ui.portals.status_style import (
    BY_CHANNEL,
    LEVEL_STYLE,
    LINK_REASONS,
    STATUS_STYLE,
    spoken_status,
    style_of,
)
from seam_portal_desktop.ui.toolkit.form_parts import isolate, one_line
from seam_portal_desktop.ui.toolkit.times import absolute, relative, widest_time

NOTHING = "–"
_BREAK_EVERY = 48
_NOTHING_WORDS: Mapping[PortalColumn, str] = MappingProxyType(
    {
        PortalColumn.EXPIRES: _("not known"),
        PortalColumn.PREVIEW: _("none"),
        PortalColumn.SENT: _("no"),
    }
)

COLUMN_TITLES: Mapping[PortalColumn, str] = MappingProxyType(
    {
        PortalColumn.CUSTOMER_KEY: _("Customer"),
        PortalColumn.STATUS: _("Status"),
        PortalColumn.CREATED: _("Created"),
        PortalColumn.EXPIRES: _("Expires"),
        PortalColumn.PREVIEW: _("Preview"),
        PortalColumn.SENT: _("Sent"),
        PortalColumn.WORKSPACE_KIND: _("Workspace"),
    }
)

_WIDEST_TEXTS: Mapping[PortalColumn, str] = MappingProxyType(
    {
        PortalColumn.STATUS: STATUS_STYLE[PortalStatus.UNKNOWN].word,
        PortalColumn.PREVIEW: _("00 warnings"),
        PortalColumn.WORKSPACE_KIND: _("Production"),
    }
)

_KIND_WORDS = {WorkspaceKind.PRODUCTION: _("Production"), WorkspaceKind.SANDBOX: _("Sandbox")}
_EXPIRY_WORDS = {PortalStatus.EXPIRED: _("Expired"), PortalStatus.REVOKED: _("Would have expired")}


def widest_text(column: PortalColumn) -> str:
    """The widest usual text of a column. The customer key gets the width that is left."""
    return _WIDEST_TEXTS.get(column) or widest_time()


def cell_texts(portal: PortalRecord, status: PortalStatus, now: datetime) -> tuple[str, ...]:
    """The cells' texts in the order of `PortalColumn`."""
    return (
        one_line(portal.customer_key),
        style_of(portal, status).word,
        relative(portal.created_at or portal.requested_at, now),
        relative(portal.expires_at, now) if portal.expires_at else NOTHING,
        _preview_word(portal),
        _sent_word(portal, now),
        _KIND_WORDS[portal.workspace_kind],
    )


def spoken_row(
    portal: PortalRecord, status: PortalStatus, now: datetime, group: GroupPlace | None = None
) -> str:
    """The row for screen readers: 'harbor-hotel, Active, expires in 7 days, not sent'."""
    parts = [one_line(portal.customer_key)]
    if group is not None and group.size > 1:
        parts.append(
            _("newest of {size} portals").format(size=group.size)
            if group.is_first
            else _("older portal")
        )
    if portal.customer_name:
        parts.append(portal.customer_name)
    if portal.kind is PortalKind.RESERVATION_DEEP_LINK:
        parts.append(_("reservation link"))
    parts.append(spoken_status(portal, status))
    if portal.expires_at and status is not PortalStatus.REVOKED:
        verb = _("expires") if portal.expires_at > now else _("expired")
        parts.append(f"{verb} {relative(portal.expires_at, now)}")
    if portal.previewed_at or portal.preview_verdict:
        parts.append(_accessible_preview(portal))
    parts.append(
        _("sent {at}").format(at=relative(portal.sent.at, now)) if portal.sent else _("not sent")
    )
    parts += delivery_lines(portal)
    return ", ".join(parts)


def spoken_cell(portal: PortalRecord, column: PortalColumn, status: PortalStatus, text: str) -> str:
    """A cell with `text` for screen readers, with its column: 'Expires: in 7 days'."""
    if column is PortalColumn.STATUS:
        text = spoken_status(portal, status)
    elif column is PortalColumn.CUSTOMER_KEY:
        is_reservation = portal.kind is PortalKind.RESERVATION_DEEP_LINK
        kind = _("reservation link") if is_reservation else ""
        text = ", ".join(part for part in (text, one_line(portal.customer_name), kind) if part)
    elif text == NOTHING:
        text = _NOTHING_WORDS[column]
    return f"{COLUMN_TITLES[column]}: {text}"


def _sent_word(portal: PortalRecord, now: datetime) -> str:
    """When the link was sent, or what became of the newest sending if it needs a look."""
    style = delivery_style(portal)
    if style is not None:
        return style.word
    return relative(portal.sent.at, now) if portal.sent else NOTHING


def _preview_word(portal: PortalRecord) -> str:
    """The result of the newest preview: 'Good', '2 warnings', 'Empty', 'Previewed' or '–'."""
    verdict = portal.preview_verdict
    if verdict is None:
        return _("Previewed") if portal.previewed_at else NOTHING
    if portal.preview_concerns == (EMPTY_CUSTOMER,):
        return _("Empty")
    if verdict is CheckLevel.WARNING and len(portal.preview_concerns) > 1:
        count = len(portal.preview_concerns)
        return ngettext("{count} warning", "{count} warnings", count).format(count=count)
    return LEVEL_STYLE[verdict].word


def tooltip(portal: PortalRecord, column: PortalColumn, status: PortalStatus) -> str | None:
    """A cell's tooltip as escaped rich text; None for no tooltip."""
    lines = _tooltip_lines(portal, column, status)
    return "<br>".join(_escaped(line) for line in lines) if lines else None


def _accessible_preview(portal: PortalRecord) -> str:
    if portal.preview_verdict is None:
        return _("previewed")
    return _("preview: {portal}").format(portal=_preview_word(portal).lower())


def _tooltip_lines(portal: PortalRecord, column: PortalColumn, status: PortalStatus) -> list[str]:
    lines: list[str] = []
    if column is PortalColumn.CUSTOMER_KEY:
        deep = portal.kind is PortalKind.RESERVATION_DEEP_LINK
        tags = (
            _("Tags: {map}").format(map=", ".join(map(isolate, portal.tags))) if portal.tags else ""
        )
        link = _("Reservation link") if deep else ""
        lines = [portal.customer_key, portal.customer_name, tags, link]
        lines.append(_("Preset: {preset}").format(preset=portal.preset) if portal.preset else "")
    elif column is PortalColumn.STATUS:
        lines = _status_lines(portal, status)
    elif column is PortalColumn.CREATED and portal.created_at:
        lines = [
            _("Created {created_at}").format(created_at=absolute(portal.created_at)),
            _creator_line(portal),
        ]
    elif column is PortalColumn.CREATED:
        lines = [
            _("Asked for {requested_at}").format(requested_at=absolute(portal.requested_at)),
            _creator_line(portal),
        ]
    elif column is PortalColumn.EXPIRES and portal.expires_at:
        lines = [f"{_EXPIRY_WORDS.get(status, _('Expires'))} {absolute(portal.expires_at)}"]
    elif column is PortalColumn.PREVIEW:
        lines = _preview_lines(portal)
    elif column is PortalColumn.SENT:
        lines = [*_sent_lines(portal), *delivery_lines(portal)]
    return [line for line in lines if line]


def _sent_lines(portal: PortalRecord) -> list[str]:
    sent = portal.sent
    if sent is None:
        return []
    how = f" {BY_CHANNEL[sent.channel]}" if sent.channel else ""
    return [
        _("Sent{how} {at}").format(how=how, at=absolute(sent.at)),
        _("by {by}").format(by=sent.by),
        note_text(sent),
    ]


def _creator_line(portal: PortalRecord) -> str:
    return _("by {created_by}").format(created_by=portal.created_by) if portal.created_by else ""


def _status_lines(portal: PortalRecord, status: PortalStatus) -> list[str]:
    if status is PortalStatus.DAMAGED:
        return [_("Values of this entry in the ledger can’t be read.")]
    if portal.failure:
        return [portal.failure.title, portal.failure.message]
    if portal.revoked_at:
        return [_("Revoked {revoked_at}").format(revoked_at=absolute(portal.revoked_at))]
    if style_of(portal, status) is STATUS_STYLE[status]:
        return []
    next_step = _("Renew it to get a link that you can send. The old one works for whoever has it.")
    if portal.has_readable_url:
        next_step = _("Copy or send it before that.")
    return [spoken_status(portal, status), LINK_REASONS[portal.link_state], next_step]


def note_text(sent: Sent) -> str:
    """The note, or that it can't be read."""
    if sent.note is None:
        return _("There is a note. It can’t be read now, because the keyring doesn’t give its key.")
    return sent.note


def _preview_lines(portal: PortalRecord) -> list[str]:
    when = (
        _("Previewed {previewed_at}").format(previewed_at=absolute(portal.previewed_at))
        if portal.previewed_at
        else ""
    )
    good = _("Nothing wrong was found.") if portal.preview_verdict is CheckLevel.OK else ""
    return [when, good, *portal.preview_concerns]


def _escaped(line: str) -> str:
    import html  # only tooltips need it, and it takes time at start

    # Qt reads text that looks like HTML as HTML, and breaks no line inside a word.
    words = (
        "\u200b".join(word[at : at + _BREAK_EVERY] for at in range(0, len(word), _BREAK_EVERY))
        for word in line.split()
    )
    return html.escape(" ".join(words))
