"""Runs `drive_program`. The window of a second start writes its texts and is told what to press.

With NETWORK_DRIVE in the environment the data directory counts as one of a network.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtWidgets import QApplication, QWidget

from seam_portal_desktop import runtime
from seam_portal_desktop.ui.shell import single_instance
from seam_portal_desktop.ui.shell.in_use_box import InUseBox
from tests.support.drive_program import SCENARIOS, run, write_message

wait_until_closed = runtime.wait_until_closed


def answer(window: QWidget) -> None:
    """Show the box's content and press what standard input names, until the box is closed."""
    assert isinstance(window, InUseBox)
    while window.isVisible():
        QApplication.processEvents()
        buttons = {button.text(): button for button in window.buttons()}
        enabled = [text for text, button in buttons.items() if button.isEnabled()]
        text = f"{window.text()} {window.informativeText()}"
        write_message("in use", text=text, buttons=enabled)
        wish = sys.stdin.readline().strip()
        (window.checkBox() if wish == "confirm" else buttons[wish]).click()
    wait_until_closed(window)


runtime.wait_until_closed = answer
if "NETWORK_DRIVE" in os.environ:
    single_instance._LOCAL_DISKS = frozenset()

if __name__ == "__main__":
    sys.exit(run(SCENARIOS))
