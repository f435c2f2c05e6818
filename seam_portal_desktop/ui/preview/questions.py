"""What a screen asks in place, above the page: the words, and what each answer does."""

from __future__ import annotations

from collections.abc import Callable

from seam_portal_desktop.ui.preview.inline_bar import BarChoice, InlineBar
from seam_portal_desktop.ui.theme import Tone

_SLOW = "The page is taking long."


def ask_to_open(bar: InlineBar, act: Callable[[], None]) -> None:
    """Whether to open the live link in the system browser."""
    bar.ask(
        "This opens the live link in your browser, which keeps it in its history. "
        "Whoever uses that browser is inside this customer’s portal.",
        icon="external-link",
        tone=Tone.WARNING,
        choices=(BarChoice("Open", act), BarChoice("Cancel", _nothing)),
        take_focus=True,
    )


def ask_to_go_live(bar: InlineBar, act: Callable[[], None]) -> None:
    """Whether to show the customer's own link in place of its read-only copy."""
    bar.ask(
        "Clicks on this page act on the customer’s real devices: a door that you unlock here is "
        "unlocked.",
        icon="triangle-alert",
        tone=Tone.WARNING,
        choices=(BarChoice("Preview the live link", act), BarChoice("Stay safe", _nothing)),
        take_focus=True,
    )


def ask_to_leave(
    bar: InlineBar, place: str, *, leave: Callable[[], None], stay: Callable[[], None]
) -> None:
    """What to do with a page that wants to go to `place`, a host or a kind of address."""
    bar.ask(
        f"The portal wants to go to {place}. The preview stays with the portal.",
        icon="hand",
        tone=Tone.WARNING,
        choices=(BarChoice("Open in system browser", leave), BarChoice("Stay", stay)),
    )


def say_slow(
    bar: InlineBar,
    *,
    reload: Callable[[], None],
    stop: Callable[[], None],
    wait: Callable[[], None],
) -> None:
    """The page hasn't come in the time that most take."""
    bar.ask(
        _SLOW,
        icon="hourglass",
        tone=Tone.INFO,
        choices=(
            BarChoice("Reload", reload),
            BarChoice("Stop", stop),
            BarChoice("Keep waiting", wait),
        ),
    )


def forget_slow(bar: InlineBar) -> None:
    """The page came after all."""
    bar.withdraw(_SLOW)


def _nothing() -> None:
    pass
