"""The panel's texts about a portal, made from its row, its request and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.portal.event import EventKind, TimelineEntry
from seam_portal_desktop.domain.portal.record import (
    Channel,
    Outcome,
    PortalRecord,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.preview.kinds import (
    EMPTY_CUSTOMER,
    EMPTY_HEADLINE,
    CheckLevel,
    PreviewMode,
)
from seam_portal_desktop.domain.preview.report import PreviewReport
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.settings import (
    FEATURES,
    IS_EMBEDDED,
    LOCALE,
    LOCALES,
    READ_ONLY,
)
from seam_portal_desktop.ui.portals.status_style import BY_CHANNEL, LEVEL_STYLE, LINK_REASONS
from seam_portal_desktop.ui.toolkit.form_parts import isolate
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.toolkit.times import absolute, relative, relative_and_date

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest

CHANNEL_WORDS = {
    Channel.EMAIL: _("Email"),
    Channel.SMS: "SMS",
    Channel.CHAT: _("Chat"),
    Channel.OTHER: _("Other"),
}
MODE_WORDS = {PreviewMode.SAFE: _("safe preview"), PreviewMode.LIVE: _("live link")}


class StepAction(StrEnum):
    """What the user can do about a portal without a usable link."""

    CHECK_OUTCOME = _("Check with Seam")
    CREATE_AGAIN = _("Create again")
    RENEW = _("Renew link")
    SHOW_NEWER = _("Show the newer link")


@dataclass(frozen=True, slots=True)
class SuggestedStep:
    """Why there is no usable link, and what to do about it; the first action is the best."""

    tone: Tone
    icon: str
    title: str
    message: str
    actions: tuple[StepAction, ...]


def next_step(portal: PortalRecord, now: datetime) -> SuggestedStep | None:
    """The suggested step, or None for a portal with a usable link."""
    again = (StepAction.CREATE_AGAIN,)
    result = None
    match portal.status(now):
        case PortalStatus.REQUESTED:
            message = _("The portal was asked for. Its link appears here as soon as Seam answers.")
            result = SuggestedStep(Tone.INFO, "hourglass", _("Waiting for Seam"), message, ())
        case PortalStatus.FAILED:
            title, message = _failure(
                portal, _("No link was created"), _("Seam refused the request.")
            )
            result = SuggestedStep(Tone.DANGER, "circle-x", title, message, again)
        case PortalStatus.UNKNOWN:
            _unused, message = _failure(portal, "", _("Seam's answer never arrived."))
            both = (StepAction.CHECK_OUTCOME, StepAction.CREATE_AGAIN)
            result = SuggestedStep(Tone.VIOLET, "circle-help", _("A link may exist"), message, both)
        case PortalStatus.EXPIRED:
            ended = f" {relative(portal.expires_at, now)}" if portal.expires_at else ""
            result = _expired(portal, ended)
        case PortalStatus.REVOKED:
            ended = f" {relative(portal.revoked_at, now)}" if portal.revoked_at else ""
            message = _("It was ended{ended} and opens nothing any more.").format(ended=ended)
            actions = (StepAction.SHOW_NEWER,) if portal.renewed_to else again
            result = SuggestedStep(
                Tone.NEUTRAL, "ban", _("This link was revoked"), message, actions
            )
        case PortalStatus.DAMAGED:
            message = _(
                "Some of its values in the ledger can’t be read. What could be read is shown "
                "here, and Export writes it to a file. Its link may still open the portal until "
                "it expires, but it can’t be copied or revoked from here. Delete this entry when "
                "you don’t need it any more."
            )
            title = _("This entry is damaged")
            result = SuggestedStep(Tone.DANGER, "file-warning", title, message, ())
        case _ if not portal.has_readable_url:
            message = _(
                "{link_state} The link still works for whoever has it. "
                "Renew it to get a link that you can send."
            ).format(link_state=LINK_REASONS[portal.link_state])
            newer = (StepAction.SHOW_NEWER,) if portal.renewed_to else ()
            actions = (*newer, StepAction.RENEW)
            title = _("The link is lost here")
            result = SuggestedStep(Tone.WARNING, "link-2-off", title, message, actions)
    return result


def _expired(portal: PortalRecord, ended: str) -> SuggestedStep:
    if portal.renewed_to:
        message, actions = _("A newer link has taken its place."), (StepAction.SHOW_NEWER,)
    else:
        message, actions = (
            _("A new link takes its place, with the same settings."),
            (StepAction.RENEW,),
        )
    message = _("It stopped opening the portal{ended}. {message}").format(
        ended=ended, message=message
    )
    return SuggestedStep(Tone.NEUTRAL, "clock", _("This link has expired"), message, actions)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """The result of the last preview: one line with its icon, and a tooltip with each concern."""

    icon: str
    tone: Tone
    text: str
    hover: str


def preview_line(
    portal: PortalRecord, report: PreviewReport | None, now: datetime
) -> PreviewLine | None:
    """'Previewed 5 min ago · all good'; None for a portal without a preview.

    Until `report` is read, the line is made from the row alone.
    """
    verdict = portal.preview_verdict
    if verdict is None:
        return None
    style = LEVEL_STYLE[verdict]
    at = report.at if report is not None else portal.previewed_at
    when = (
        _("Previewed {at}").format(at=isolate(relative(at, now)))
        if at is not None
        else _("Previewed")
    )
    concerns = portal.preview_concerns
    found = _("all good")
    if report is not None:
        found = report.headline
    elif concerns == (EMPTY_CUSTOMER,):
        found = EMPTY_HEADLINE
    elif concerns:
        found = f"{style.word.lower()}: {concerns[0].removesuffix('.')}"
    hover = "\n".join([*([absolute(at)] if at is not None else []), *concerns])
    return PreviewLine(style.icon, style.tone, f"{when} · {found}", hover)


def reason_to_preview(portal: PortalRecord) -> str | None:
    """Why the portal should be previewed before its link is copied or sent; None: no reason."""
    if portal.preview_verdict is CheckLevel.PROBLEM:
        first = portal.preview_concerns[:1]
        return (
            _("The last preview found a problem. {first}")
            .format(first=first[0] if first else "")
            .strip()
        )
    if portal.previewed_at is None:
        return _("You haven't previewed this portal yet.")
    return None


def summary_line(portal: PortalRecord, now: datetime) -> str:
    """One line: 'Expires in 7 days · previewed just now · sent 3 min ago by email'."""
    if portal.outcome is not Outcome.CREATED:
        return _("Requested {requested_at}").format(requested_at=relative(portal.requested_at, now))
    if portal.revoked_at is not None:
        parts = [_("Revoked {revoked_at}").format(revoked_at=relative(portal.revoked_at, now))]
    elif portal.expires_at is not None:
        verb = _("Expires") if portal.expires_at > now else _("Expired")
        parts = [f"{verb} {relative(portal.expires_at, now)}"]
    else:
        parts = [
            _("Created {created_at}").format(
                created_at=relative(portal.created_at or portal.requested_at, now)
            )
        ]
    seen = portal.previewed_at
    parts.append(
        _("previewed {seen}").format(seen=relative(seen, now)) if seen else _("not previewed")
    )
    sent = portal.sent
    parts.append(
        _("sent {at}{channel}").format(at=relative(sent.at, now), channel=_channel(sent))
        if sent
        else _("not sent")
    )
    return " · ".join(parts)


def dates(portal: PortalRecord, now: datetime) -> list[tuple[str, str, str]]:
    """Rows of name, relative time with the date, and the absolute time in full."""
    known = (
        (_("Requested"), portal.requested_at),
        (_("Created"), portal.created_at),
        (_("Expires"), portal.expires_at),
        (_("Previewed"), portal.previewed_at),
        (_("Revoked"), portal.revoked_at),
    )
    return [
        (name, relative_and_date(moment, now), absolute(moment))
        for name, moment in known
        if moment is not None
    ]


def sent_line(sent: Sent, now: datetime) -> str:
    """'Sent 2 h ago by email, marked by maria'."""
    return _("Sent {at}{channel}, marked by {by}").format(
        at=relative(sent.at, now), channel=_channel(sent), by=isolate(sent.by)
    )


def _channel(sent: Sent) -> str:
    return f" {BY_CHANNEL[sent.channel]}" if sent.channel is not None else ""


TIMELINE_ICONS = {
    EventKind.REQUESTED: "ellipsis",
    EventKind.CREATED: "link",
    EventKind.FAILED: "circle-x",
    EventKind.UNKNOWN: "circle-help",
    EventKind.PREVIEWED: "eye",
    EventKind.COPIED: "copy",
    EventKind.SENT: "send",
    EventKind.SENT_UNDONE: "undo-2",
    EventKind.RENEWED: "refresh-cw",
    EventKind.REVOKED: "ban",
    EventKind.REVOKED_ELSEWHERE: "ban",
    EventKind.CHECKED: "clipboard-check",
    EventKind.SAFE_PREVIEW_LEFT: "hourglass",
    EventKind.SAFE_PREVIEW_ENDED: "ban",
    EventKind.DATA_REMOVAL_ASKED: "user-x",
    EventKind.DATA_REMOVED: "user-x",
    EventKind.DATA_REMOVAL_FAILED: "circle-help",
    EventKind.SEND_ASKED: "hourglass",
    EventKind.SENT_ANYWAY: "triangle-alert",
    EventKind.SEND_FAILED: "circle-x",
    EventKind.MAYBE_SENT: "circle-help",
    EventKind.SEND_UNDONE: "undo-2",
    EventKind.HANDED_OVER: "send",
    EventKind.RETURNED: "circle-x",
    EventKind.EXPIRED: "clock",
    EventKind.DAMAGED: "file-warning",
}


def when_and_who(entry: TimelineEntry, now: datetime) -> str:
    """'2 h ago, ada'."""
    ago = isolate(relative(entry.at, now))
    return f"{ago}, {isolate(entry.by)}" if entry.by else ago


def summarise_request(request: PortalRequest) -> list[tuple[str, str]]:
    """Rows of label and value for the settings of the New portal dialog, with their defaults."""
    draft = RequestDraft(request)
    left_out = [feature.title for feature in FEATURES if draft.get(feature.path)]
    locale = draft.get(LOCALE)
    rows = [
        (
            _("Features"),
            _("without {left_out}").format(left_out=", ".join(left_out))
            if left_out
            else _("workspace default"),
        ),
        (_("Language"), dict(LOCALES).get(locale, _("the customer’s browser decides"))),
        (
            _("Shown"),
            _("embedded in another page") if draft.get(IS_EMBEDDED) else _("as its own page"),
        ),
    ]
    if draft.get(READ_ONLY):
        rows.append((_("Access"), _("read-only")))
    return rows


def _failure(portal: PortalRecord, title: str, message: str) -> tuple[str, str]:
    failure = portal.failure
    return (failure.title, failure.message) if failure is not None else (title, message)
