"""Screenshots and PDFs of the previewed page: into a file, or kept with the portal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preview.report import Attachment, AttachmentKind, PreviewMode
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.attachments import PageShot
from seam_portal_desktop.ui.portal.controller import PortalController
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.security.addresses import mask_address
from seam_portal_desktop.ui.preview.view.preview_view import PreviewView
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.toolkit.times import absolute

_T = TypeVar("_T")
_TAKE = "take a picture of the page"
_FILTERS = {AttachmentKind.PNG: "Pictures (*.png)", AttachmentKind.PDF: "PDF files (*.pdf)"}
_MODES = {PreviewMode.SAFE: "safe preview", PreviewMode.LIVE: "live link"}
_NAMES = {AttachmentKind.PNG: "screenshot", AttachmentKind.PDF: "PDF"}


@dataclass(frozen=True, slots=True)
class _Taken:
    shot: PageShot
    customer_key: str
    whole: bool


class AttachmentsController(QObject):
    """Takes what the preview shows now, and shows what is kept with the selected portal.

    Of two pages that are shown beside each other it takes the one in use.
    """

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        portal: PortalController,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._service = services.attachments
        self._portal = portal
        self._clock = clock
        self._scope = scope
        actions, detail, preview = window.actions_, window.detail, window.preview
        for action, kind, keep in (
            (actions.save_screenshot, AttachmentKind.PNG, self._save),
            (actions.save_document, AttachmentKind.PDF, self._save),
            (actions.attach_screenshot, AttachmentKind.PNG, self._attach),
            (actions.attach_document, AttachmentKind.PDF, self._attach),
        ):
            action.triggered.connect(
                lambda *_, kind=kind, keep=keep: scope.start(self._take(kind, keep), name=_TAKE)
            )
        preview.toolbar.add_to_menu(actions.for_attachments())
        for changed in (preview.rendered, preview.failed, preview.comparison_settings.changed):
            changed.connect(self.update_actions)
        self.update_actions()
        detail.attachment_save_requested.connect(self._choose_for_attached)
        detail.attachment_remove_requested.connect(
            lambda attachment_id: scope.start(self._remove(attachment_id))
        )

    def update_actions(self, *_: object) -> None:
        for action in self._window.actions_.for_attachments():
            action.setEnabled(self._window.preview.chosen.is_loaded)

    async def _take(self, kind: AttachmentKind, keep: Callable[[_Taken], Awaitable[None]]) -> None:
        screen = self._window.preview.chosen
        target, title = screen.target, screen.shown_as
        if target is None:
            return
        status = self._window.status_area
        status.show_progress(f"Taking a {_NAMES[kind]} of the whole page…")
        try:
            if kind is AttachmentKind.PNG:
                content, whole = await self._picture(screen, target)
            else:
                content, whole = await _answer_of(screen.print_document), True
        finally:
            status.end_progress()
        if not content:
            status.show_error(
                UserFacingError(
                    f"The {_NAMES[kind]} could not be taken.",
                    "The page did not answer, or went away. Reload the preview and try again.",
                    can_retry=True,
                )
            )
            return
        shot = PageShot(target.portal_id, kind, target.mode, title, content)
        await keep(_Taken(shot, target.customer_key, whole))

    async def _picture(self, screen: PreviewView, target: PreviewTarget) -> tuple[bytes, bool]:
        from seam_portal_desktop.ui.preview.page.capture import UnreadablePictureError, join_tiles

        title = screen.shown_as
        tiles = await _answer_of(screen.take_picture)
        if tiles is None:
            return b"", False
        address = mask_address(target.url.reveal())
        words = {
            "Title": target.customer_key,
            "Description": f"{address.text if address else ''}, {title}, {_MODES[target.mode]}",
            "Creation Time": absolute(self._clock()),
        }
        try:
            picture = await asyncio.to_thread(join_tiles, tiles, words)
        except UnreadablePictureError:
            return b"", False
        return picture.png, tiles.whole

    async def _attach(self, taken: _Taken) -> None:
        await self._service.attach(taken.shot)
        self._tell(f"The {_NAMES[taken.shot.kind]} is kept with the portal.", taken)

    async def _save(self, taken: _Taken) -> None:
        shot = taken.shot

        async def write(target: Path) -> None:
            await self._service.save(shot, target)
            self._tell(f"Saved as {target.name}.", taken)

        name = self._service.file_name(taken.customer_key, shot.kind, shot.title)
        self._choose(name, shot.kind, write)

    def _choose_for_attached(self, attachment_id: str) -> None:
        item, portal = self._portal.attachments.get(attachment_id), self._portal.shown
        if item is not None and portal is not None:
            self._scope.start(self._offer_file(item, portal.customer_key))

    async def _offer_file(self, item: Attachment, customer_key: str) -> None:

        async def write(target: Path) -> None:
            await self._service.save_attachment(item.attachment_id, target)
            self._window.status_area.show_message(f"Saved as {target.name}.")

        self._choose(self._service.file_name(customer_key, item.kind, item.title), item.kind, write)

    def _choose(
        self, name: str, kind: AttachmentKind, write: Callable[[Path], Awaitable[None]]
    ) -> None:
        places = QStandardPaths.StandardLocation
        folder = QStandardPaths.writableLocation(
            places.PicturesLocation if kind is AttachmentKind.PNG else places.DocumentsLocation
        )
        chooser = QFileDialog(self._window, "Save", str(Path(folder) / name))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilters([_FILTERS[kind], "All files (*)"])
        chooser.setDefaultSuffix(kind.value)
        chooser.fileSelected.connect(lambda path: self._scope.start(self._write(write, Path(path))))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    async def _write(self, write: Callable[[Path], Awaitable[None]], target: Path) -> None:
        try:
            await write(target)
        except UserFacingError as error:
            self._window.status_area.show_error(error)

    async def _remove(self, attachment_id: str) -> None:
        item = self._portal.attachments.get(attachment_id)
        if item is None:
            return
        content = await self._service.remove(item)
        self._window.status_area.show_message(
            f"The {_NAMES[item.kind]} was removed.",
            tone=Tone.INFO,
            action=StatusAction("Undo", lambda: self._scope.start(self._put_back(item, content))),
        )

    async def _put_back(self, item: Attachment, content: bytes) -> None:
        await self._service.restore(item, content)

    def _tell(self, text: str, taken: _Taken) -> None:
        if taken.whole:
            self._window.status_area.show_message(text)
        else:
            self._window.status_area.show_message(
                f"{text} The page is too long for one picture; its end is left out.",
                tone=Tone.WARNING,
            )


async def _answer_of(ask: Callable[[Callable[[_T], None]], None]) -> _T:
    """What a call that answers through a callback answers."""
    answer: asyncio.Future[_T] = asyncio.get_running_loop().create_future()

    def on_answer(value: _T) -> None:
        if not answer.done():
            answer.set_result(value)

    ask(on_answer)
    return await answer
