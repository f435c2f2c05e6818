"""Opens and closes previews in turn; memory after the first and after the last. Arguments: URLs.

Memory is what this process and all that it started have for themselves (the proportional set size
of anonymous and shared memory), in MB; program files don't count, because how much of them falls to
one process depends on what else runs. The least that was seen in the seconds after a preview was
closed, for processes take a moment to end and garbage to be collected. Linux.
"""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QMainWindow
from support.render_probe import RenderProbe, print_and_end

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.pane import PreviewPane, PreviewTarget
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

_READ_EVERY_MS = 100
_READINGS = 12


class Turns(QObject):
    def __init__(self, window: QMainWindow, pane: PreviewPane, urls: list[str]) -> None:
        super().__init__(window)
        self._window = window
        self._pane = pane
        self._urls = urls
        self._after: list[float] = []
        self._readings: list[float] = []
        self._timer = QTimer(self, interval=_READ_EVERY_MS)
        self._timer.timeout.connect(self._read_memory)

    def begin(self) -> None:
        url = self._urls[len(self._after)]
        ends = datetime.now(UTC) + timedelta(days=7)
        target = PreviewTarget(url, "harbor-hotel", Secret(url), ends)
        RenderProbe(
            self._window, self._find_view, lambda: self._pane.show_portal(target), self._close
        )

    def _find_view(self) -> QWebEngineView | None:
        web = self._pane.first.web
        return web.widget if web is not None else None

    def _close(self, _report: dict[str, float]) -> None:
        self._pane.clear()
        self._readings.clear()
        self._timer.start()

    def _read_memory(self) -> None:
        gc.collect()
        self._readings.append(sum(map(_megabytes, _family())))
        if len(self._readings) < _READINGS:
            return
        self._timer.stop()
        self._after.append(min(self._readings))
        if len(self._after) == len(self._urls):
            print_and_end({"first": self._after[0], "last": self._after[-1]})
        self.begin()


def _family() -> list[int]:
    """This process and everything below it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    family = [int(Path("/proc/self").resolve().name)]
    for pid in family:
        family += parents.get(pid, [])
    return family


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    own = ("Pss_Anon:", "Pss_Shmem:")
    return sum(int(line.split()[1]) for line in lines if line.startswith(own)) / 1024


def main() -> None:
    app = QApplication(sys.argv[:1])
    theme = Theme(app)
    theme.install()
    window = QMainWindow()
    pane = PreviewPane(theme, Icons(theme))
    window.setCentralWidget(pane)
    window.resize(560, 700)
    window.show()
    turns = Turns(window, pane, sys.argv[1:])
    QTimer.singleShot(0, turns.begin)
    app.exec()


main()
