"""Take the README's pictures from the running demo: `.venv/bin/python packaging/screenshots.py`.

Each surface in light and dark, as resources/screenshots/NAME-{light,dark}.png. What is on them is
made up by the demo; portal tokens are masked by the program itself.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "screenshots"
SIZE = (1280, 800)
SCALE = "1.5"
PATIENCE_SECONDS = 30

sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", SCALE)
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"

from PySide6.QtCore import Qt  # noqa: E402 - after the environment is set
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget  # noqa: E402

from seam_portal_desktop import runtime  # noqa: E402
from seam_portal_desktop.bootstrap.open_session import OpenSession  # noqa: E402
from seam_portal_desktop.bootstrap.session import Session, SessionMode  # noqa: E402
from seam_portal_desktop.paths import app_paths  # noqa: E402
from seam_portal_desktop.ui.icons import Icons  # noqa: E402
from seam_portal_desktop.ui.theme import Theme  # noqa: E402


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.05)


async def settle() -> None:
    """Let what was changed be painted, the page's own transitions included."""
    for _ in range(12):
        await asyncio.sleep(0.05)


class Photographer:
    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    async def take(self, widget: QWidget, name: str) -> None:
        for suffix, scheme in (("light", Qt.ColorScheme.Light), ("dark", Qt.ColorScheme.Dark)):
            self._theme.force_scheme(scheme)
            await settle()
            target = TARGET / f"{name}-{suffix}.png"
            widget.grab().save(str(target))
            print(target.relative_to(ROOT))


async def dialog_of(window: QWidget) -> QDialog:
    def shown() -> list[QDialog]:
        return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]

    await until(lambda: bool(shown()))
    return shown()[0]


async def photograph(theme: Theme, icons: Icons, data_dir: Path) -> None:
    photographer = Photographer(theme)

    welcome = Session(SessionMode.REAL, app_paths(data_dir / "new"), theme, icons)
    welcome.window.resize(*SIZE)
    welcome.show()
    welcome.add_list()
    welcome.complete()
    await photographer.take(welcome.window, "welcome")

    demo = Session(SessionMode.DEMO, app_paths(data_dir).demo, theme, icons)
    window = demo.window
    window.resize(*SIZE)
    demo.show()
    demo.add_list()
    demo.complete()
    welcome.window.close()
    opened = OpenSession(demo)
    await opened.open()
    await until(lambda: window.pane.loaded_rows > 0)
    window.pane.table.selectRow(0)
    await until(lambda: window.preview.is_loaded)
    await photographer.take(window, "main")

    window.actions_.new_portal.trigger()
    dialog = await dialog_of(window)
    key = dialog.findChild(QLineEdit, "customerKey")
    assert isinstance(key, QLineEdit)
    key.setText("harbor-hotel-annex")
    await photographer.take(dialog, "new-portal")
    dialog.reject()
    await until(lambda: not window.findChildren(QDialog))

    window.actions_.connect_workspace.trigger()
    dialog = await dialog_of(window)
    await photographer.take(dialog, "connect")
    dialog.reject()
    await until(lambda: not window.findChildren(QDialog))

    window.actions_.command_palette.trigger()
    await photographer.take(window, "command-palette")
    await opened.close()


def main() -> int:
    TARGET.mkdir(parents=True, exist_ok=True)
    runtime.prepare_environment(software_rendering=False)
    app = runtime.create_application(sys.argv[:1])
    runtime.settle_locale()
    theme = Theme(app)
    theme.install()

    async def work(_stop: runtime.StopSignal) -> int:
        with tempfile.TemporaryDirectory() as directory:
            await photograph(theme, Icons(theme), Path(directory))
        return 0

    return runtime.run(app, work)


if __name__ == "__main__":
    sys.exit(main())
