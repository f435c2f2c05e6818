"""Steps of the self-test that find files and libraries which packaging can lose."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo
from PySide6.QtGui import QIcon
from PySide6.QtWebEngineWidgets import QWebEngineView

from seam_portal_desktop.adapters.shipped_parts import (
    has_trusted_authorities,
    keyring_backends,
    missing_libraries,
)
from seam_portal_desktop.paths import resource
from seam_portal_desktop.sandbox.portal_page.catalogue import LOCALES_DIR, language_names
from seam_portal_desktop.texts import _

_KEYRINGS = {
    "linux": {"keyring.backends.SecretService", "keyring.backends.kwallet"},
    "darwin": {"keyring.backends.macOS"},
    "win32": {"keyring.backends.Windows"},
}
_LANGUAGES = 10


class PartMissingError(Exception):
    """A part of the program is missing. The text names it."""


async def find_keyring_backends() -> None:
    missing = _KEYRINGS[sys.platform] - await asyncio.to_thread(keyring_backends)
    if missing:
        raise PartMissingError(
            _("Without the keyring backends {missing}.").format(missing=", ".join(sorted(missing)))
        )


async def load_trust_store() -> None:
    if not await asyncio.to_thread(has_trusted_authorities):
        raise PartMissingError(_("The system's certificate store is empty or was not found."))


async def find_late_libraries() -> None:
    """The libraries for a ledger on a server and for updates, which most runs don't load."""
    missing = await asyncio.to_thread(missing_libraries)
    if missing:
        raise PartMissingError(_("Without {missing}.").format(missing=", ".join(missing)))


async def find_resources() -> None:
    """The program's pictures, and Qt's plugin for SVG."""
    for name in ("app-icon.svg", "icons/copy.svg", "style/check-light.svg"):
        if QIcon(str(resource(name))).pixmap(32).isNull():
            raise PartMissingError(_("resources/{name} can't be drawn.").format(name=name))
    if getattr(sys, "frozen", False):
        resource("third-party-licences.txt")


async def find_translations() -> None:
    """The sandbox's texts, and Chromium's texts for the same languages."""
    names = await asyncio.to_thread(language_names)
    if len(names) != _LANGUAGES:
        raise PartMissingError(
            _("{locales_dir} has {count} languages.").format(
                locales_dir=LOCALES_DIR, count=len(names)
            )
        )
    folders = [
        Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        # On macOS they are in the framework.
        Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.LibrariesPath))
        / "QtWebEngineCore.framework"
        / _("Resources"),
    ]
    found = (path for folder in folders for path in folder.glob("qtwebengine_locales/*.pak"))
    packs = {path.stem for path in found}
    # Chromium has one pack for Spanish, but two for Portuguese and English.
    missing = [name for name in names if not {name, name[:2]} & packs]
    if missing:
        raise PartMissingError(
            _("Chromium speaks no {missing}.").format(missing=", ".join(missing))
        )


def check_page_process(view: QWebEngineView) -> None:
    """Check that a process of Chromium runs the page, and that it is sandboxed on Linux.

    Source: Seccomp in /proc/PID/status is 2 for a process whose system calls are filtered.
    """
    process = view.page().renderProcessPid()
    if process <= 0:
        raise PartMissingError(_("No process of Chromium runs the page."))
    if not sys.platform.startswith("linux"):
        return
    is_off = os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == "1"
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    if not is_off and "Seccomp:\t2" not in status:
        raise PartMissingError(_("Chromium's sandbox is off."))
