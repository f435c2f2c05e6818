"""The questions that a preview asks above its page, and what each answer does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.security.host_words import describe_target
from seam_portal_desktop.ui.preview.view.inline_bar import BarChoice, InlineBar
from seam_portal_desktop.ui.toolkit.theme import Tone

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.page.web_page import PortalWebView

_SLOW = _("The page is taking long.")
_SILENT = _("This page does not answer.")
_BUSY = _("This page keeps the window busy.")


def ask_to_open(bar: InlineBar, act: Callable[[], None]) -> None:
    """Ask whether to open the live link in the system browser."""
    bar.ask(
        _(
            "This opens the live link in your browser, which keeps it in its history. "
            "Whoever uses that browser is inside this customer’s portal."
        ),
        icon="external-link",
        tone=Tone.WARNING,
        choices=(BarChoice(_("Open"), act), BarChoice(_("Cancel"), _nothing)),
        take_focus=True,
    )


def ask_to_go_live(bar: InlineBar, act: Callable[[], None]) -> None:
    """Ask whether to show the customer's own link in place of its read-only copy."""
    bar.ask(
        _(
            "Clicks on this page act on the customer’s real devices: a door that you unlock here "
            "is unlocked."
        ),
        icon="triangle-alert",
        tone=Tone.WARNING,
        choices=(BarChoice(_("Preview the live link"), act), BarChoice(_("Cancel"), _nothing)),
        take_focus=True,
    )


def ask_to_leave(bar: InlineBar, address: Secret, leave: Callable[[], None]) -> None:
    """Ask what to do with a page that wants to go to `address`; only its host is shown."""
    bar.ask(
        _("The portal wants to go to {address} The preview stays with the portal.").format(
            address=describe_target(address.reveal())
        ),
        icon="hand",
        tone=Tone.WARNING,
        choices=(BarChoice(_("Open in system browser"), leave), BarChoice(_("Stay"), _nothing)),
    )


def ask_about_slow_page(
    bar: InlineBar, web: PortalWebView, *, reload: Callable[[], None], stop: Callable[[], None]
) -> None:
    """Ask what to do about a page that is loading for longer than most pages need."""
    bar.ask(
        _SLOW,
        icon="hourglass",
        tone=Tone.INFO,
        choices=(
            BarChoice(_("Reload"), reload),
            BarChoice(_("Stop"), stop),
            BarChoice(_("Keep waiting"), web.keep_waiting),
        ),
    )


def withdraw_slow_page(bar: InlineBar) -> None:
    """Close the question about a slow page, because the page is loaded now."""
    bar.close_question_if(_SLOW)


def ask_about_silent_page(bar: InlineBar, web: PortalWebView) -> None:
    """Ask on `bar` whenever the page of `web` stops answering or keeps the window busy."""

    def ask(text: str) -> None:
        bar.ask(
            text,
            icon="hourglass",
            tone=Tone.WARNING,
            choices=(
                BarChoice(_("Stop the page"), web.give_up),
                BarChoice(_("Wait"), web.monitor.wait_longer),
            ),
        )

    web.monitor.not_answering.connect(lambda: ask(_SILENT))
    web.monitor.keeping_busy.connect(lambda: ask(_BUSY))
    web.monitor.answering.connect(lambda: bar.close_question_if(_SILENT))


def _nothing() -> None:
    pass
