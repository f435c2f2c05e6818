"""Take the README's pictures from the running demo: `.venv/bin/python packaging/screenshots.py`.

Each window and dialog in light and dark, as resources/screenshots/NAME-{light,dark}.png. Those of
the user guide are also in docs/guide/pictures, smaller. The demo makes up what they show; the
program itself masks portal tokens.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "screenshots"
GUIDE = ROOT / "docs" / "guide" / "pictures"
GUIDE_PICTURES = (
    "main",
    "new-portal",
    "studio-phone",
    "studio-checks",
    "revoke",
    "remove-data-question",
    "settings",
    "import-columns",
    "import-review",
    "send",
    "senders",
)
GUIDE_WIDTH = 1280
"""Pixels; the guide shows two of them as one."""
SIZE = (1280, 800)
SCALE = "1.5"
PATIENCE_SECONDS = 30
EMBEDDED_ROW = 3
"""The demo's portal that is made to be embedded, in the table's first order."""
REMOVAL_HEIGHT = 654
"""All of the dialog that removes customer data; the offscreen screen is lower."""
SEND_SIZE = (1000, 560)
"""So low that the message's link, which opens a portal, isn't in the picture."""
PAINT_SECONDS = 1.5
EXPIRED_ROW = 11
"""The first expired portal of the demo."""

sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", SCALE)
os.environ["LOGNAME"] = "kim"  # the name of the person who takes the pictures must not be on them
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"

from PySide6.QtCore import Qt  # noqa: E402 - after the environment is set
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtWidgets import QDialog, QRadioButton, QScrollArea, QWidget  # noqa: E402
from screenshot_facts import FACTS, RELEASE, RESERVATIONS, SIGN_IN, TRACEBACK  # noqa: E402

from seam_portal_desktop import __version__, runtime  # noqa: E402
from seam_portal_desktop.bootstrap.open_session import OpenSession  # noqa: E402
from seam_portal_desktop.bootstrap.session import Session, SessionMode  # noqa: E402
from seam_portal_desktop.domain.preview.kinds import PreviewMode  # noqa: E402
from seam_portal_desktop.paths import app_paths  # noqa: E402
from seam_portal_desktop.ui.create.dialog import NewPortalDialog  # noqa: E402
from seam_portal_desktop.ui.help.about_dialog import AboutDialog  # noqa: E402
from seam_portal_desktop.ui.help.crash_dialog import CrashDialog  # noqa: E402
from seam_portal_desktop.ui.help.crash_reports import NOW  # noqa: E402
from seam_portal_desktop.ui.help.update_dialog import UpdateDialog  # noqa: E402
from seam_portal_desktop.ui.import_data.dialog import (  # noqa: E402
    ImportDialog,
    ImportStep,
)
from seam_portal_desktop.ui.lifecycle.removal.dialog import RemoveDataDialog  # noqa: E402
from seam_portal_desktop.ui.portal.entry_lists import AttachmentList  # noqa: E402
from seam_portal_desktop.ui.preview.emulation.settings import DeviceKind  # noqa: E402
from seam_portal_desktop.ui.preview.view.preview_view import PreviewView  # noqa: E402
from seam_portal_desktop.ui.send.sheet import SendSheet  # noqa: E402
from seam_portal_desktop.ui.shell.main_window import MainWindow  # noqa: E402
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG  # noqa: E402
from seam_portal_desktop.ui.toolkit.icons import Icons  # noqa: E402
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel  # noqa: E402
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme  # noqa: E402


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
        self.theme = theme

    async def take(self, widget: QWidget, name: str) -> None:
        for suffix, scheme in (("light", Qt.ColorScheme.Light), ("dark", Qt.ColorScheme.Dark)):
            self.theme.force_scheme(scheme)
            await settle()
            target = TARGET / f"{name}-{suffix}.png"
            widget.grab().save(str(target))
            print(target.relative_to(ROOT))
            if name in GUIDE_PICTURES:
                save_for_guide(QImage(str(target)), GUIDE / target.name)


def save_for_guide(picture: QImage, target: Path) -> None:
    """Smaller, and with 256 colours: these pictures are in the packages."""
    width = min(picture.width(), GUIDE_WIDTH)
    small = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    small = small.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(small.constBits()).cast("I")
    # The most frequent of similar colours stands for them, so that no small area loses its own.
    similar: dict[int, Counter[int]] = {}
    for color, count in Counter(pixels).items():
        similar.setdefault(color & 0xF0F0F0, Counter())[color] += count
    groups = sorted(similar.values(), key=lambda group: group.total(), reverse=True)
    table = [group.most_common(1)[0][0] for group in groups[:256]]
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    indexed = small.convertToFormat(QImage.Format.Format_Indexed8, table, flags)
    indexed.save(str(target), quality=0)
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
    welcome.window.show()
    welcome.add_list()
    welcome.complete()
    await photographer.take(welcome.window, "welcome")

    demo = Session(SessionMode.DEMO, app_paths(data_dir).demo, theme, icons)
    window = demo.window
    window.resize(*SIZE)
    window.show()
    demo.add_list()
    demo.complete()
    welcome.window.close()
    opened = OpenSession(demo)
    await opened.open()
    await until(lambda: window.pane.model.rowCount() > 0)
    window.pane.table.selectRow(0)
    await until(lambda: window.preview.is_loaded)
    await photographer.take(window, "main")

    await photograph_creation(photographer, window, data_dir)
    await photograph_preview(photographer, window)
    await photograph_sending(photographer, window)
    await photograph_help(photographer, window)

    for name, action in (
        ("connect", window.actions_.connect_workspace),
        ("settings", window.actions_.settings),
        ("shortcuts", window.actions_.shortcuts),
        ("guide", window.actions_.user_guide),
    ):
        action.trigger()
        dialog = await dialog_of(window)
        await photographer.take(dialog, name)
        dialog.reject()
        await until(lambda: not window.findChildren(QDialog))

    window.actions_.command_palette.trigger()
    await photographer.take(window, "command-palette")
    window.actions_.command_palette.trigger()

    await photograph_removal(photographer, window)

    for name, action in (("revoke", window.actions_.revoke), ("delete", window.actions_.delete)):
        action.trigger()
        dialog = await dialog_of(window)
        await photographer.take(dialog, name)
        dialog.reject()
        await until(lambda: not window.findChildren(QDialog))
    for name, row in (("unknown-outcome", 1), ("expired", EXPIRED_ROW)):
        window.pane.table.selectRow(row)
        await photographer.take(window, name)
    await opened.close()


async def photograph_creation(photographer: Photographer, window: MainWindow, folder: Path) -> None:
    """The New portal dialog: as it opens, each part unfolded, and as text."""
    window.actions_.new_portal.trigger()
    dialog = await dialog_of(window)
    assert isinstance(dialog, NewPortalDialog)
    dialog.customer.key.setText("harbor-hotel-annex")
    await photographer.take(dialog, "new-portal")
    dialog.resize(dialog.width(), 720)
    for section in (dialog.features, dialog.appearance, dialog.data, dialog.filters):
        fold = dialog.form.fold(section)
        fold.header.click()
        await settle()
        dialog.body_scroll.verticalScrollBar().setValue(fold.y() - Spacing.S)
        await photographer.take(dialog, f"new-portal-{fold.title.lower().replace(' ', '-')}")
        fold.header.click()
    await photograph_import(photographer, dialog, folder)
    dialog.views.show_json()
    await photographer.take(dialog, "new-portal-json")
    dialog.reject()
    await until(lambda: not window.findChildren(QDialog))


async def photograph_sending(photographer: Photographer, window: MainWindow) -> None:
    """The message of a portal, as far as its link isn't shown, and the dialog for senders."""
    window.actions_.send.trigger()
    sheet = await dialog_of(window)
    assert isinstance(sheet, SendSheet)
    sheet.resize(*SEND_SIZE)
    sheet.fields.to.edit.setText("robin@example.com")
    await until(lambda: "robin" in sheet.submit_button.text() and sheet.submit_button.isEnabled())
    await asyncio.sleep(PAINT_SECONDS)  # the engine tells nobody when it has painted
    await photographer.take(sheet, "send")
    sheet.reject()
    await until(lambda: not window.findChildren(QDialog))
    window.actions_.senders.setEnabled(True)  # not in the demo
    window.actions_.senders.trigger()
    senders = await dialog_of(window)
    await photographer.take(senders, "senders")
    senders.reject()
    window.actions_.senders.setEnabled(False)
    await until(lambda: not window.findChildren(QDialog))


async def photograph_removal(photographer: Photographer, window: MainWindow) -> None:
    """Stays and a person that are chosen, with a key that isn't known, and the question."""
    window.actions_.remove_data.trigger()
    dialog = await dialog_of(window)
    assert isinstance(dialog, RemoveDataDialog)
    await until(lambda: bool(dialog.model.sent))
    stays = [each for each in dialog.model.sent.values() if each.starts_at]
    person = next(each for each in dialog.model.sent.values() if each.stays and each.name)
    dialog.model.add([stays[0].removal, stays[1].removal, person.removal])
    dialog.keys.setPlainText("stay-2041")
    dialog.add_button.click()
    dialog.resize(dialog.width(), REMOVAL_HEIGHT)
    await photographer.take(dialog, "remove-data")
    dialog.submit_button.click()
    question = await dialog_of(dialog)
    await photographer.take(question, "remove-data-question")
    question.reject()
    dialog.reject()
    await until(lambda: not window.findChildren(QDialog))


async def photograph_import(
    photographer: Photographer, dialog: NewPortalDialog, folder: Path
) -> None:
    """Each step of the import of a made-up file."""
    path = folder / "reservations-april.csv"
    path.write_bytes(RESERVATIONS.encode("cp1250"))
    dialog.data.set_vertical("hospitality")
    dialog.data.kinds.set_current_kind("reservations")
    dialog.data.toolbar.file_chosen.emit(str(path))
    (imported,) = dialog.findChildren(ImportDialog)
    imported.resize(LARGEST_DIALOG.boundedTo(dialog.parentWidget().size()))
    await until(lambda: imported.step is ImportStep.COLUMNS)
    await photographer.take(imported, "import-columns")
    targets = imported.columns.list.menu_for(0).actions()
    next(each for each in targets if each.text().startswith("Reservation key")).trigger()
    imported.submit()
    await until(lambda: imported.step is ImportStep.QUESTIONS)
    await photographer.take(imported, "import-questions")
    for card in imported.questions.cards:
        if card.is_missing:
            card.findChildren(QRadioButton)[0].click()
            await until(imported.submit_button.isEnabled)
    imported.submit()
    await until(lambda: imported.step is ImportStep.REVIEW)
    await photographer.take(imported, "import-review")
    imported.reject()
    await until(lambda: not dialog.findChildren(ImportDialog))


async def photograph_preview(photographer: Photographer, window: MainWindow) -> None:
    """The preview's settings and checks, and its answers to a page that asks for too much."""
    pane, actions = window.preview, window.preview.preview_actions
    actions.devices[DeviceKind.PHONE].trigger()
    await loaded(pane.first)
    await photographer.take(window, "studio-phone")

    window.actions_.attach_screenshot.trigger()
    await until(lambda: attachment_is_listed(window))
    window.actions_.show_details.trigger()
    (attachments,) = window.portal.findChildren(AttachmentList)
    for area in window.portal.findChildren(QScrollArea):
        if area.isAncestorOf(attachments):
            area.ensureWidgetVisible(attachments)
    await photographer.take(window, "studio-attachments")
    window.actions_.show_preview.trigger()

    actions.compare_devices.trigger()
    await until(lambda: pane.second is not None and pane.second.is_loaded)
    await photographer.take(window, "studio-side-by-side")
    actions.compare_off.trigger()

    actions.devices[DeviceKind.FIT].trigger()
    await loaded(pane.first)
    await until(pane.checks.button.isEnabled)
    pane.checks.button.click()
    await photographer.take(pane, "studio-checks")
    pane.checks.button.click()

    run_on_page(pane.first, "location.href = 'https://shop.example/'")
    await photographer.take(pane, "studio-leave")
    pane.first.escape()

    run_on_page(pane.first, SIGN_IN)
    await photographer.take(pane, "studio-pop-up")

    assert pane.first.target is not None
    pane.live_requested.emit(pane.first.target.portal_id)
    await until(
        lambda: pane.first.target is not None and pane.first.target.mode is PreviewMode.LIVE
    )
    await loaded(pane.first)
    await photographer.take(pane, "studio-live")

    window.pane.table.selectRow(EMBEDDED_ROW)
    await loaded(pane.first)
    actions.embed.trigger()
    await loaded(pane.first)
    await photographer.take(window, "studio-embedded")
    actions.embed.trigger()
    window.pane.table.selectRow(0)
    await loaded(pane.first)


def attachment_is_listed(window: MainWindow) -> bool:
    (shown,) = window.portal.findChildren(AttachmentList)
    return bool(shown.findChildren(ElidedLabel))


async def loaded(screen: PreviewView) -> None:
    await settle()
    await until(lambda: screen.is_loaded)
    await settle()


def run_on_page(screen: PreviewView, script: str) -> None:
    web = screen.web
    assert web is not None
    web.widget.page().runJavaScript(script)


async def photograph_help(photographer: Photographer, window: MainWindow) -> None:
    """Dialogs that depend on the machine, with made-up facts in them."""
    about = AboutDialog(photographer.theme, window.icons, window, facts=FACTS)
    updates = UpdateDialog(
        photographer.theme,
        window.icons,
        window,
        version=__version__,
        host="updates.example.com",
        checks_daily=True,
    )
    updates.show_available(RELEASE, can_download=True)
    report = CrashDialog(
        photographer.theme,
        window.icons,
        window,
        title=NOW[0],
        text=NOW[1],
        report=f"{FACTS.text()}\n\n{TRACEBACK}",
    )
    for dialog, name in ((about, "about"), (updates, "updates"), (report, "problem-report")):
        dialog.show()
        await photographer.take(dialog, name)
        dialog.close()
        dialog.deleteLater()


def main() -> int:
    TARGET.mkdir(parents=True, exist_ok=True)
    GUIDE.mkdir(parents=True, exist_ok=True)
    runtime.prepare_environment(software_rendering=False)
    app = runtime.create_application(sys.argv[:1])
    runtime.set_default_locale()
    theme = Theme(app)
    theme.install()

    async def work(_stop: runtime.StopSignal) -> int:
        with tempfile.TemporaryDirectory() as directory:
            await photograph(theme, Icons(theme), Path(directory))
        return 0

    return runtime.run(app, work)


if __name__ == "__main__":
    sys.exit(main())
