"""The messages that the preview shows in place of a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.theme import Tone


class PreviewMessage(StrEnum):
    """The messages that follow from the selection and the ledger."""

    EMPTY = "empty"
    MANY = "many"
    OPENING = "opening"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_CREATED = "not_created"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    UNAVAILABLE = "unavailable"


class MessageAction(StrEnum):
    RELOAD = "reload"
    TRY_NOW = "try_now"
    NEW_LINK = "new_link"
    OPEN_EXTERNALLY = "open_externally"
    TRY_SAFE = "try_safe"
    PREVIEW_LIVE = "preview_live"
    WITHOUT_FRAME = "without_frame"


@dataclass(frozen=True, slots=True)
class MessageContent:
    """`detail` is a small technical line below the sentence; empty shows none.

    `other_action` is a less prominent button below that of `action`.
    """

    icon: str
    tone: Tone
    title: str
    text: str
    action: MessageAction | None = None
    detail: str = ""
    other_action: MessageAction | None = None


ACTION_LABELS = {
    MessageAction.RELOAD: _("Try again"),
    MessageAction.TRY_NOW: _("Try now"),
    MessageAction.NEW_LINK: _("Create a new link"),
    MessageAction.OPEN_EXTERNALLY: _("Open in browser"),
    MessageAction.TRY_SAFE: _("Try again"),
    MessageAction.PREVIEW_LIVE: _("Preview the live link instead"),
    MessageAction.WITHOUT_FRAME: _("Show it without a frame"),
}

_MESSAGES = {
    PreviewMessage.EMPTY: MessageContent(
        "mouse-pointer-click",
        Tone.ACCENT,
        _("Select a portal to see what its customer sees"),
        "",
    ),
    PreviewMessage.MANY: MessageContent(
        "layers",
        Tone.ACCENT,
        _("Several portals selected"),
        _("Select a single portal to see what its customer sees."),
    ),
    PreviewMessage.EXPIRED: MessageContent(
        "timer-off",
        Tone.NEUTRAL,
        _("This link has expired"),
        _("Portal links live for seven days. The customer needs a new one."),
        MessageAction.NEW_LINK,
    ),
    PreviewMessage.REVOKED: MessageContent(
        "ban",
        Tone.NEUTRAL,
        _("This link was revoked"),
        _("It no longer opens for anyone. If the customer still needs access, create a new one."),
        MessageAction.NEW_LINK,
    ),
    PreviewMessage.NOT_CREATED: MessageContent(
        "circle-dashed",
        Tone.INFO,
        _("There is no page to show"),
        _("This portal has no link, so there is nothing to look at yet."),
    ),
    PreviewMessage.DAMAGED: MessageContent(
        "file-warning",
        Tone.DANGER,
        _("This entry is damaged"),
        _("Some of its values in the ledger can’t be read, so its page isn’t opened."),
    ),
    PreviewMessage.UNAVAILABLE: MessageContent(
        "monitor-x",
        Tone.WARNING,
        _("No preview here"),
        _("Pages can’t be shown in this window."),
    ),
    PreviewMessage.UNREADABLE: MessageContent(
        "key-round",
        Tone.WARNING,
        _("This link can’t be read here"),
        _("It is kept encrypted, and the key for it is missing on this computer."),
        MessageAction.NEW_LINK,
    ),
}

_FAILURES = {
    FailureKind.LINK_DEAD: MessageContent(
        "unlink",
        Tone.NEUTRAL,
        _("This link no longer opens"),
        _("The portal says that it has expired or was revoked. The customer sees the same."),
        MessageAction.NEW_LINK,
    ),
    FailureKind.HTTP: MessageContent(
        "server-crash",
        Tone.DANGER,
        _("The portal answered with an error"),
        _("The customer would see an error too. Try again in a moment."),
        MessageAction.RELOAD,
    ),
    FailureKind.OFFLINE: MessageContent(
        "wifi-off",
        Tone.WARNING,
        _("No network"),
        _("This computer seems to be offline. Check the connection, then try again."),
        MessageAction.RELOAD,
    ),
    FailureKind.NAME: MessageContent(
        "globe",
        Tone.WARNING,
        _("The portal’s address wasn’t found"),
        _("Its name could not be looked up. Check the network, a VPN or the company’s DNS."),
        MessageAction.RELOAD,
    ),
    FailureKind.REFUSED: MessageContent(
        "plug",
        Tone.WARNING,
        _("The connection was refused"),
        _("The portal’s server is there, but nothing answers. Try again in a moment."),
        MessageAction.RELOAD,
    ),
    FailureKind.TIMED_OUT: MessageContent(
        "hourglass",
        Tone.WARNING,
        _("The portal didn’t answer in time"),
        _("The server may be busy, or the network slow. Try again in a moment."),
        MessageAction.RELOAD,
    ),
    FailureKind.CONNECTION: MessageContent(
        "plug",
        Tone.WARNING,
        _("The connection broke off"),
        _(
            "The portal could not be reached as it should. Check the network or proxy, then try "
            "again."
        ),
        MessageAction.RELOAD,
    ),
    FailureKind.TLS: MessageContent(
        "shield-alert",
        Tone.DANGER,
        _("The connection isn’t safe"),
        _(
            "The portal could not prove who it is, so nothing was loaded. Don’t send this link "
            "before somebody has looked into it."
        ),
        MessageAction.RELOAD,
    ),
    FailureKind.SIGN_IN: MessageContent(
        "lock",
        Tone.WARNING,
        _("The portal asks for a password"),
        _("The server wants a sign-in, which the preview never gives."),
        MessageAction.RELOAD,
    ),
    FailureKind.PROXY_SIGN_IN: MessageContent(
        "lock",
        Tone.WARNING,
        _("The network’s proxy asks for a password"),
        _(
            "This computer’s proxy settings have no name and password that the proxy accepts. "
            "Whoever manages the network can tell which ones to put there."
        ),
        MessageAction.RELOAD,
    ),
    FailureKind.LOCAL: MessageContent(
        "shield-alert",
        Tone.WARNING,
        _("The address leads into a private network"),
        _(
            "On this computer, the portal’s name has an address of a private network. Some VPN "
            "programs do that. The preview doesn’t go there. Try again without the VPN, or ask "
            "whoever manages the network."
        ),
        MessageAction.RELOAD,
    ),
    FailureKind.BLOCKED: MessageContent(
        "hand",
        Tone.WARNING,
        _("The link leads somewhere else"),
        _("It left the portal’s own address, so the preview stopped there."),
        MessageAction.OPEN_EXTERNALLY,
    ),
    FailureKind.NOT_A_PAGE: MessageContent(
        "file-warning",
        Tone.WARNING,
        _("The link gave no page"),
        _("The portal answered, but with nothing that can be shown."),
        MessageAction.RELOAD,
    ),
    FailureKind.STOPPED: MessageContent(
        "circle-stop",
        Tone.NEUTRAL,
        _("Loading was stopped"),
        _("Nothing was shown yet."),
        MessageAction.RELOAD,
    ),
    FailureKind.CRASHED: MessageContent(
        "monitor-x",
        Tone.DANGER,
        _("The page stopped working"),
        _("Only the preview is affected. The link and the list are as they were."),
        MessageAction.RELOAD,
    ),
    FailureKind.FLOODED: MessageContent(
        "hand",
        Tone.WARNING,
        _("The page kept opening message boxes"),
        _("The preview ended it to keep this window usable."),
        MessageAction.RELOAD,
    ),
    FailureKind.NOISY: MessageContent(
        "hand",
        Tone.WARNING,
        _("The page wouldn’t keep quiet"),
        _("It sent messages without a pause, so the preview ended it to keep this window usable."),
        MessageAction.RELOAD,
    ),
    FailureKind.LOOP: MessageContent(
        "refresh-cw-off",
        Tone.WARNING,
        _("The page goes round in circles"),
        _(
            "It keeps loading again and never comes to rest, so the preview stopped it. "
            "The customer would see the same."
        ),
        MessageAction.RELOAD,
    ),
    FailureKind.TOO_MUCH: MessageContent(
        "gauge",
        Tone.WARNING,
        _("The page asks for too much"),
        _("It wanted to load more than a portal ever needs, so the preview stopped it."),
        MessageAction.RELOAD,
    ),
    FailureKind.MEMORY: MessageContent(
        "memory-stick",
        Tone.WARNING,
        _("The page took too much memory"),
        _(
            "The preview ended it before this computer became slow. "
            "The link and the list are as they were."
        ),
        MessageAction.RELOAD,
    ),
    FailureKind.PROGRAM_MEMORY: MessageContent(
        "memory-stick",
        Tone.INFO,
        _("The program needed too much memory"),
        _(
            "The preview was closed before this computer became slow. That may be because of the "
            "page or not, so it says nothing about the portal. Try again, or restart the program."
        ),
        MessageAction.RELOAD,
    ),
    FailureKind.UNRESPONSIVE: MessageContent(
        "circle-stop",
        Tone.WARNING,
        _("The page didn’t answer"),
        _("It was busy with itself and you stopped it. The customer would have to wait too."),
        MessageAction.RELOAD,
    ),
    FailureKind.FRAMING: MessageContent(
        "app-window",
        Tone.WARNING,
        _("This portal doesn’t let itself be embedded"),
        _(
            "Its server allows no page but its own to show it in a frame. Create the portal again "
            "with “Display: Embedded” (is_embedded: true). If Seam allows your site by name, it "
            "may work there all the same: the page around it here is only an example."
        ),
        MessageAction.WITHOUT_FRAME,
    ),
    FailureKind.NOT_IN_FRAME: MessageContent(
        "app-window",
        Tone.WARNING,
        _("The portal didn’t load in the frame"),
        _(
            "The page around it is there, but the portal didn’t come. Look at it by itself to see "
            "the reason."
        ),
        MessageAction.WITHOUT_FRAME,
    ),
}

SOFTWARE_RENDERING_HINT = _(
    "If this keeps happening, this computer’s graphics may be the reason: start the program with "
    "--software-rendering, or open the link in the browser."
)


def retry_line(detail: str, seconds: int) -> str:
    """The small line below a failure that is tried again by itself; 0 seconds means now."""
    what = (
        _("Trying again in {seconds} s").format(seconds=seconds) if seconds else _("Trying again…")
    )
    return f"{detail} · {what}" if detail else what


def message_content(
    kind: PreviewMessage, text: str = "", *, offer_link: bool = True
) -> MessageContent:
    """The message for any `kind` but OPENING; `text` replaces its sentence."""
    content = _MESSAGES[kind]
    if content.action is MessageAction.NEW_LINK and not offer_link:
        content = replace(content, action=None)
    return replace(content, text=text) if text else content


def failure_content(
    failure: LoadFailure, *, again: bool = False, retried: bool = False
) -> MessageContent:
    """The message for a failed load.

    `again` says that the same portal crashed before, `retried` that it is tried again by itself.
    """
    content = replace(_FAILURES[failure.kind], detail=failure.detail)
    if retried:
        content = replace(content, action=MessageAction.TRY_NOW)
    if failure.kind is FailureKind.CRASHED and again:
        return replace(content, text=SOFTWARE_RENDERING_HINT)
    return content


def safe_failure_content(
    error: UserFacingError, *, can_retry: bool, live_refusal: str | None
) -> MessageContent:
    """The message for a safe preview that could not be made.

    `live_refusal` says why the live link may not be shown in its place, if that is so.
    """
    live = MessageAction.PREVIEW_LIVE if live_refusal is None else None
    text = f"{error.title_sentence} {error.message}" if can_retry else error.message
    return MessageContent(
        "eye-off",
        Tone.WARNING,
        _("The safe preview could not be made") if can_retry else error.title,
        text if live_refusal is None else f"{text} {live_refusal}",
        MessageAction.TRY_SAFE if can_retry else live,
        _("Seam request id: {seam_request_id}").format(seam_request_id=error.seam_request_id)
        if error.seam_request_id
        else "",
        live if can_retry else None,
    )
