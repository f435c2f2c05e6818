"""A start while another process has the data directory."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from seam_portal_desktop import runtime
from seam_portal_desktop.ui.shell.single_instance import InstanceLock, RaiseAnswer

if TYPE_CHECKING:
    from seam_portal_desktop.ui.shell.in_use_box import InUseChoice

_CLOSE_SECONDS = 10.0
"""How long the other program may take to close: it needs up to 5 seconds."""


def settle(lock: InstanceLock, address: str | None) -> int | None:
    """Show the other program's window, or ask the user in a window of our own.

    Returns the exit code, or None if this process has the lock now.
    """
    from seam_portal_desktop.ui.shell.in_use_box import InUseChoice

    stayed = is_held = False
    while True:
        answer = lock.raise_other(address)
        if answer is not None and answer.raised:
            return 0
        if lock.acquire():  # the other process may have been ending
            return None
        choice = _ask(lock, answer, stayed=stayed, is_held=is_held)
        stayed = is_held = False
        if choice is InUseChoice.QUIT:
            return 0 if answer is not None else 1
        if choice is InUseChoice.SHOW_THERE and lock.raise_other(address, anywhere=True):
            return 0
        if choice is InUseChoice.MOVE_HERE and lock.ask_to_close():
            if _acquire_soon(lock):
                return None
            stayed = True
        elif choice is InUseChoice.TAKE_OVER:
            if lock.take_over():
                return None
            is_held = True


def _ask(
    lock: InstanceLock, answer: RaiseAnswer | None, *, stayed: bool, is_held: bool
) -> InUseChoice:
    """Show who has the lock until the user chooses what to do. Written to standard error too."""
    from seam_portal_desktop.ui.shell.in_use_box import InUseBox

    runtime.set_default_locale()
    holder = lock.holder()
    if answer is not None:
        box = InUseBox.on_other_display(holder, answer.display, stayed=stayed)
    elif holder.is_elsewhere:
        box = InUseBox.on_other_computer(holder, is_held=is_held)
    else:
        box = InUseBox.without_answer(holder)
    sys.stderr.write(f"{box.text()}\n")
    box.show()
    runtime.wait_until_closed(box)
    choice = box.choice
    box.deleteLater()
    return choice


def _acquire_soon(lock: InstanceLock) -> bool:
    deadline = time.monotonic() + _CLOSE_SECONDS
    while not lock.acquire():
        if time.monotonic() > deadline:
            return False
        QCoreApplication.processEvents()
        time.sleep(0.05)
    return True
