"""Shows when this computer's clock differs from Seam's, or when Seam's time isn't known."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from seam_portal_desktop.domain.clock import SeamClock
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.shell.banner import Banner
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.theme import Tone

_WORTH_SHOWING = timedelta(minutes=2)
_COMPARE_EVERY_MS = 60_000

_NOT_KNOWN = _(
    "Seam hasn’t answered yet, so its time isn’t known. Until it answers, this computer’s clock "
    "decides which links count as expired."
)


class ClockNotice(QObject):
    """One banner, which follows the difference. A closed one comes back when its text changes.

    The clocks are compared every minute, because nothing tells when this computer's clock is set.
    """

    def __init__(self, window: MainWindow, clock: SeamClock) -> None:
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._text = ""
        self._banner: Banner | None = None
        timer = QTimer(self, interval=_COMPARE_EVERY_MS)
        timer.timeout.connect(self.update)
        timer.start()

    def update(self) -> None:
        """Compare the clocks now. Does nothing until Seam's time is known."""
        if not self._clock.is_known:
            return
        difference = self._clock.difference
        self._show(_difference_text(difference) if abs(difference) >= _WORTH_SHOWING else "")

    def on_unreachable(self) -> None:
        """Seam could not be asked."""
        if not self._clock.is_known:
            self._show(_NOT_KNOWN)

    def _show(self, text: str) -> None:
        if text == self._text:
            return
        self._text = text
        if self._banner is not None:
            self._banner.deleteLater()
            self._banner = None
        if text:
            self._banner = Banner(
                self._window.theme,
                self._window.icons,
                text=text,
                icon="clock",
                tone=Tone.WARNING,
                closable=True,
            )
            self._window.banners.addWidget(self._banner)


def _difference_text(difference: timedelta) -> str:
    text = (
        _("This computer’s clock is {duration} ahead of Seam’s.")
        if difference > timedelta()
        else _("This computer’s clock is {duration} behind Seam’s.")
    ).format(duration=_duration(abs(difference)))
    rest = _(
        "The program uses Seam’s time, so what it says about expiry is right. Set this computer’s "
        "clock."
    )
    return f"{text} {rest}"


def _duration(difference: timedelta) -> str:
    """The largest unit only: '6 minutes', '10 days'."""
    minutes = round(difference / timedelta(minutes=1))
    days, hours = round(minutes / (24 * 60)), round(minutes / 60)
    if minutes >= 2 * 24 * 60:
        return ngettext("{count} day", "{count} days", days).format(count=days)
    if minutes >= 2 * 60:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
