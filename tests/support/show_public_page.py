"""Shows one page in the preview as if it were public, until standard input ends.

Arguments: the page's address, a PEM file to trust, the names that lead somewhere as JSON (see
`PublicNames`), and flags for Chromium, one each. The environment's proxies are used. The page's
signals and the pop-ups' addresses go to standard output as lines of JSON: a kind and a text.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    url, authority, names, *flags = sys.argv[1:]
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(["--disable-gpu", *flags])

    from seam_portal_desktop import runtime

    runtime.prepare_environment(software_rendering=False)

    from PySide6.QtCore import QSocketNotifier, QTimer
    from PySide6.QtWidgets import QApplication, QLineEdit

    from seam_portal_desktop.bootstrap.preview_proxies import find_proxies
    from seam_portal_desktop.ui.preview.network.page_network import PageNetwork
    from seam_portal_desktop.ui.preview.view.popup_card import PopupCard
    from tests.support.preview_kit import shown_pane, target
    from tests.support.public_names import PublicNames

    def write_line(kind: str, text: str) -> None:
        sys.stdout.write(json.dumps([kind, text]) + "\n")
        sys.stdout.flush()

    app = QApplication(sys.argv[:1])
    shown: dict[PopupCard, str] = {}

    def check_addresses() -> None:
        for card in pane.findChildren(PopupCard):
            address = card.findChild(QLineEdit).text()
            if shown.get(card) != address:
                shown[card] = address
                write_line("address", address)

    network = PageNetwork(lambda: PublicNames(json.loads(names)))
    network.set_find_proxies(find_proxies)
    with shown_pane(app, network=network) as (pane, _):
        pane.authorities.set_pems([Path(authority).read_bytes()])
        pane.notice.connect(lambda text: write_line("notice", text))
        pane.rendered.connect(lambda _: write_line("rendered", ""))
        pane.failed.connect(lambda _, kind: write_line("failed", kind))
        pane.show_portal(target(url))
        timer = QTimer(interval=5)
        timer.timeout.connect(check_addresses)
        timer.start()
        stdin_closed = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        stdin_closed.activated.connect(app.quit)
        app.exec()
        timer.stop()


if __name__ == "__main__":
    main()
