"""Take pictures of the demo on common screens: `python packaging/screenshot_matrix.py DIR [NAME]`.

Each screen of `SCREENS` is a process of its own, because Qt reads scale and language at its start.
The pictures are for the eye, after a change of how something looks. They are not kept.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

HERE = Path(__file__).resolve()
MAKE_CATALOG = HERE.with_name("translations.py")


class Screen(NamedTuple):
    """The room inside a window's frame, the scale, and how the program looks."""

    width: int
    height: int
    scale: float = 1
    dark: bool = False
    catalog: str = ""


SCREENS = {
    "1920x1080": Screen(1904, 1032),
    "1366x768": Screen(1350, 700),
    "1024x768": Screen(1008, 700),
    "200-percent": Screen(944, 492, scale=2),
    "dark": Screen(1350, 700, dark=True),
    "pseudo": Screen(1350, 700, catalog="pseudo"),
    "right-to-left": Screen(1350, 700, catalog="pseudo-rtl"),
}


def main(arguments: list[str]) -> int:
    folder, *chosen = arguments
    with tempfile.TemporaryDirectory() as catalogs:
        for name in chosen or SCREENS:
            screen = SCREENS[name]
            changes = {"QT_SCALE_FACTOR": str(screen.scale)}
            if screen.catalog:
                catalog = Path(catalogs) / f"{screen.catalog}.mo"
                subprocess.run([sys.executable, MAKE_CATALOG, screen.catalog, catalog], check=True)
                changes["SEAM_PORTAL_DESKTOP_CATALOG"] = str(catalog)
            command = [sys.executable, HERE, "--take", folder, name]
            subprocess.run(command, check=True, env=os.environ | changes)
    return 0


def take(folder: Path, name: str) -> int:
    """Take the pictures of one screen in this process."""
    from PySide6.QtCore import Qt
    from screenshots import NewPortalDialog, dialog_of, loaded, photograph_import, settle, until

    from seam_portal_desktop import runtime
    from seam_portal_desktop.bootstrap.open_session import OpenSession
    from seam_portal_desktop.bootstrap.session import Session, SessionMode
    from seam_portal_desktop.paths import app_paths
    from seam_portal_desktop.ui.toolkit.icons import Icons
    from seam_portal_desktop.ui.toolkit.theme import Theme

    screen = SCREENS[name]
    folder.mkdir(parents=True, exist_ok=True)
    runtime.prepare_environment(software_rendering=False)
    app = runtime.create_application(sys.argv[:1])
    runtime.set_default_locale()
    theme = Theme(app)
    theme.install()

    async def work(_stop: runtime.StopSignal) -> int:
        with tempfile.TemporaryDirectory() as data:
            demo = Session(SessionMode.DEMO, app_paths(Path(data)).demo, theme, Icons(theme))
            window = demo.window
            window.resize(screen.width, screen.height)
            window.show()
            demo.add_list()
            demo.complete()
            opened = OpenSession(demo)
            await opened.open()
            if screen.dark:
                theme.force_scheme(Qt.ColorScheme.Dark)
            actions, table = window.actions_, window.pane.table
            await until(lambda: window.pane.model.rowCount() > 0)
            table.select(window.pane.model.portal(0).portal_id)

            async def save(widget: QWidget, part: str) -> None:
                await settle()
                widget.grab().save(str(folder / f"{name}-{part}.png"))

            async def grab(part: str) -> None:
                await save(window, part)

            await grab("list")
            window.open_portal()
            await loaded(window.preview.first)
            for part, show in (
                ("preview", actions.show_preview.trigger),
                ("details", actions.show_details.trigger),
                ("activity", actions.show_activity.trigger),
                ("send", actions.mark_sent.trigger),
                ("focus", actions.focus_mode.trigger),
                ("many", lambda: (window.show_list(), table.selectAll())),
                ("none", table.clearSelection),
            ):
                show()
                await grab(part)
            for part, action in (
                ("new", actions.new_portal),
                ("settings", actions.settings),
                ("send-sheet", actions.send),
            ):
                table.selectRow(0)
                action.trigger()
                dialog = await dialog_of(window)
                await save(dialog, part)
                if isinstance(dialog, NewPortalDialog):
                    await photograph_import(SimpleNamespace(take=save), dialog, Path(data))
                dialog.reject()
                await settle()
            await opened.close()
        return 0

    return runtime.run(app, work)


if __name__ == "__main__":
    if sys.argv[1] == "--take":
        sys.exit(take(Path(sys.argv[2]), sys.argv[3]))
    sys.exit(main(sys.argv[1:]))
