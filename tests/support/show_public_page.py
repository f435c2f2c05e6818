"""Shows one page in the preview as a public page, until standard input ends.

Arguments: the page's address, a PEM file to trust, and flags for Chromium, one each. What is seen
of the page is written to standard output: lines of JSON, a kind and a text.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    url, authority, *flags = sys.argv[1:]
    quoted = (f'"{flag}"' if " " in flag else flag for flag in flags)
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(["--disable-gpu", *quoted])

    from seam_portal_desktop import runtime

    runtime.prepare_environment(software_rendering=False)

    from PySide6.QtCore import QSocketNotifier, QTimer
    from PySide6.QtWidgets import QApplication, QLineEdit

    from seam_portal_desktop.ui.preview.popups.popup_card import PopupCard
    from tests.support.preview_kit import shown_pane, target

    def write(kind: str, text: str) -> None:
        sys.stdout.write(json.dumps([kind, text]) + "\n")
        sys.stdout.flush()

    app = QApplication(sys.argv[:1])
    shown: dict[PopupCard, str] = {}

    def look() -> None:
        for card in pane.findChildren(PopupCard):
            address = card.findChild(QLineEdit).text()
            if shown.get(card) != address:
                shown[card] = address
                write("address", address)

    with shown_pane(app) as (pane, _):
        pane.authorities.take([Path(authority).read_bytes()])
        pane.notice.connect(lambda text: write("notice", text))
        pane.rendered.connect(lambda _: write("rendered", ""))
        pane.failed.connect(lambda _, kind: write("failed", kind))
        pane.show_portal(target(url))
        timer = QTimer(interval=5)
        timer.timeout.connect(look)
        timer.start()
        over = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        over.activated.connect(app.quit)
        app.exec()
        timer.stop()


if __name__ == "__main__":
    main()
