"""What the preview says when it shows no page: one title, one sentence, one next step each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from seam_portal_desktop.ui.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.ui.theme import Tone


class PreviewMessage(StrEnum):
    """The states that the window sets, because only it knows the selection and the ledger."""

    EMPTY = "empty"
    MANY = "many"
    OPENING = "opening"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_CREATED = "not_created"
    UNREADABLE = "unreadable"
    UNAVAILABLE = "unavailable"


class NextStep(StrEnum):
    RELOAD = "reload"
    NEW_LINK = "new_link"
    OPEN_EXTERNALLY = "open_externally"


@dataclass(frozen=True, slots=True)
class StateContent:
    """`detail` is a small technical line below the sentence; empty shows none."""

    icon: str
    tone: Tone
    title: str
    text: str
    step: NextStep | None = None
    detail: str = ""


STEP_LABELS = {
    NextStep.RELOAD: "Try again",
    NextStep.NEW_LINK: "Create a new link",
    NextStep.OPEN_EXTERNALLY: "Open in browser",
}

_MESSAGES = {
    PreviewMessage.EMPTY: StateContent(
        "mouse-pointer-click",
        Tone.ACCENT,
        "No portal selected",
        "Select a portal to see what the customer sees.",
    ),
    PreviewMessage.MANY: StateContent(
        "layers",
        Tone.ACCENT,
        "Several portals selected",
        "Select a single portal to see what its customer sees.",
    ),
    PreviewMessage.EXPIRED: StateContent(
        "timer-off",
        Tone.NEUTRAL,
        "This link has expired",
        "Portal links live for seven days. The customer needs a new one.",
        NextStep.NEW_LINK,
    ),
    PreviewMessage.REVOKED: StateContent(
        "ban",
        Tone.NEUTRAL,
        "This link was revoked",
        "It no longer opens for anyone. If the customer still needs access, create a new one.",
        NextStep.NEW_LINK,
    ),
    PreviewMessage.NOT_CREATED: StateContent(
        "circle-dashed",
        Tone.INFO,
        "There is no page to show",
        "This portal has no link, so there is nothing to look at yet.",
    ),
    PreviewMessage.UNAVAILABLE: StateContent(
        "monitor-x",
        Tone.WARNING,
        "No preview here",
        "Pages can’t be shown in this window.",
    ),
    PreviewMessage.UNREADABLE: StateContent(
        "key-round",
        Tone.WARNING,
        "This link can’t be read here",
        "It is kept encrypted, and the key for it is missing on this computer.",
        NextStep.NEW_LINK,
    ),
}

_FAILURES = {
    FailureKind.LINK_DEAD: StateContent(
        "unlink",
        Tone.NEUTRAL,
        "This link no longer opens",
        "The portal says that it has expired or was revoked. The customer sees the same.",
        NextStep.NEW_LINK,
    ),
    FailureKind.HTTP: StateContent(
        "server-crash",
        Tone.DANGER,
        "The portal answered with an error",
        "The customer would see an error too. Try again in a moment.",
        NextStep.RELOAD,
    ),
    FailureKind.OFFLINE: StateContent(
        "wifi-off",
        Tone.WARNING,
        "No network",
        "This computer seems to be offline. Check the connection, then try again.",
        NextStep.RELOAD,
    ),
    FailureKind.NAME: StateContent(
        "globe",
        Tone.WARNING,
        "The portal’s address wasn’t found",
        "Its name could not be looked up. Check the network, a VPN or the company’s DNS.",
        NextStep.RELOAD,
    ),
    FailureKind.REFUSED: StateContent(
        "plug",
        Tone.WARNING,
        "The connection was refused",
        "The portal’s server is there, but nothing answers. Try again in a moment.",
        NextStep.RELOAD,
    ),
    FailureKind.TIMED_OUT: StateContent(
        "hourglass",
        Tone.WARNING,
        "The portal didn’t answer in time",
        "The server may be busy, or the network slow. Try again in a moment.",
        NextStep.RELOAD,
    ),
    FailureKind.CONNECTION: StateContent(
        "plug",
        Tone.WARNING,
        "The connection broke off",
        "The portal could not be reached as it should. Check the network or proxy, then try again.",
        NextStep.RELOAD,
    ),
    FailureKind.TLS: StateContent(
        "shield-alert",
        Tone.DANGER,
        "The connection isn’t safe",
        "The portal could not prove who it is, so nothing was loaded. Don’t send this link before "
        "somebody has looked into it.",
        NextStep.RELOAD,
    ),
    FailureKind.SIGN_IN: StateContent(
        "lock",
        Tone.WARNING,
        "The portal asks for a password",
        "The server wants a sign-in, which the preview never gives.",
        NextStep.RELOAD,
    ),
    FailureKind.BLOCKED: StateContent(
        "hand",
        Tone.WARNING,
        "The link leads somewhere else",
        "It left the portal’s own address, so the preview stopped there.",
        NextStep.OPEN_EXTERNALLY,
    ),
    FailureKind.NOT_A_PAGE: StateContent(
        "file-warning",
        Tone.WARNING,
        "The link gave no page",
        "The portal answered, but with nothing that can be shown.",
        NextStep.RELOAD,
    ),
    FailureKind.STOPPED: StateContent(
        "circle-stop",
        Tone.NEUTRAL,
        "Loading was stopped",
        "Nothing was shown yet.",
        NextStep.RELOAD,
    ),
    FailureKind.CRASHED: StateContent(
        "monitor-x",
        Tone.DANGER,
        "The page stopped working",
        "Only the preview is affected. The link and the list are as they were.",
        NextStep.RELOAD,
    ),
    FailureKind.FLOODED: StateContent(
        "hand",
        Tone.WARNING,
        "The page kept opening message boxes",
        "The preview ended it to keep this window usable.",
        NextStep.RELOAD,
    ),
}

SOFTWARE_RENDERING_HINT = (
    "If this keeps happening, this computer’s graphics may be the reason: start the program with "
    "--software-rendering, or open the link in the browser."
)


def message_content(
    kind: PreviewMessage, text: str = "", *, offer_link: bool = True
) -> StateContent:
    """The page for a state that the window sets; `text` replaces its sentence. Not OPENING."""
    content = _MESSAGES[kind]
    if content.step is NextStep.NEW_LINK and not offer_link:
        content = replace(content, step=None)
    return replace(content, text=text) if text else content


def failure_content(failure: LoadFailure, *, again: bool = False) -> StateContent:
    """The page for a failed load; `again` says that the same portal crashed before."""
    content = replace(_FAILURES[failure.kind], detail=failure.detail)
    if failure.kind is FailureKind.CRASHED and again:
        return replace(content, text=SOFTWARE_RENDERING_HINT)
    return content
