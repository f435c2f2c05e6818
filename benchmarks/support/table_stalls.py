"""A table that scrolls while a page loads beside it. Arguments: the heavy page's URL, the rounds.

The table moves on by a row 60 times a second. A stall is the longest time between two of its
paints. Rounds without and with a page take turns, each as long as the other; the engine runs in
both. Prints the median stalls.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter
from support.render_probe import print_and_end

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.portal.query import RecordPage
from seam_portal_desktop.domain.portal.record import LINK_LIFETIME, Outcome, PortalRecord
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.portals.pane import PortalsPane
from seam_portal_desktop.ui.preview.pane import PreviewPane, PreviewTarget
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

_ROWS = 1000
_FRAME_MS = 16
_ROUND_MS = 3000
_SETTLE_MS = 700


class Scroll(QObject):
    """Moves the table on, and notes the longest time between two of its paints."""

    def __init__(self, portals: PortalsPane) -> None:
        super().__init__(portals)
        self._bar = portals.table.verticalScrollBar()
        self._painted = 0.0
        self.stall = 0.0
        portals.table.viewport().installEventFilter(self)
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._move)
        self._timer.start()

    def reset(self) -> None:
        self._painted = time.monotonic()
        self.stall = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            now = time.monotonic()
            self.stall = max(self.stall, now - self._painted)
            self._painted = now
        return super().eventFilter(watched, event)

    def _move(self) -> None:
        at_end = self._bar.value() >= self._bar.maximum()
        self._bar.setValue(0 if at_end else self._bar.value() + 1)


class Rounds(QObject):
    def __init__(self, scroll: Scroll, pane: PreviewPane, url: str, rounds: int) -> None:
        super().__init__(pane)
        self._scroll = scroll
        self._pane = pane
        self._url = url
        self._left = [with_page for _ in range(rounds) for with_page in (False, True)]
        self._seen: dict[bool, list[float]] = {False: [], True: []}

    def begin(self) -> None:
        with_page = self._left.pop(0)
        self._scroll.reset()
        if with_page:
            self._pane.show_portal(_target(self._url))
        QTimer.singleShot(_ROUND_MS, self, lambda: self._end(with_page))

    def _end(self, with_page: bool) -> None:  # noqa: FBT001 - which of the two it was
        self._seen[with_page].append(self._scroll.stall)
        self._pane.clear()
        if not self._left:
            without, with_one = map(statistics.median, (self._seen[False], self._seen[True]))
            print_and_end({"without": without, "with": with_one})
        QTimer.singleShot(_SETTLE_MS, self, self.begin)


def _target(url: str) -> PreviewTarget:
    ends = system_clock() + timedelta(days=7)
    return PreviewTarget("portal", "harbor-hotel", Secret(url), ends)


def _rows() -> RecordPage:
    now = system_clock()
    rows = tuple(
        PortalRecord(
            portal_id=str(number),
            workspace_id="workspace",
            workspace_kind=WorkspaceKind.SANDBOX,
            customer_key=f"customer-{number}",
            outcome=Outcome.CREATED,
            requested_at=now,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
            has_url=True,
        )
        for number in range(_ROWS)
    )
    return RecordPage(rows, 0, _ROWS)


def main() -> None:
    app = QApplication(sys.argv[:1])
    theme = Theme(app)
    theme.install()
    icons = Icons(theme)
    portals = PortalsPane(theme, icons, system_clock)
    portals.model.set_page(_rows())
    pane = PreviewPane(theme, icons)
    both = QSplitter()
    both.addWidget(portals)
    both.addWidget(pane)
    window = QMainWindow()
    window.setCentralWidget(both)
    window.resize(1280, 800)
    window.show()
    scroll = Scroll(portals)
    rounds = Rounds(scroll, pane, sys.argv[1], int(sys.argv[2]))
    # Once before anything counts: the engine's start is a matter of the first preview alone.
    pane.show_portal(_target(sys.argv[1]))
    QTimer.singleShot(_ROUND_MS, pane.clear)
    QTimer.singleShot(_ROUND_MS + _SETTLE_MS, rounds.begin)
    app.exec()


main()
