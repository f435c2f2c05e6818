"""Screenshots and PDFs of the previewed page: saved to a file, or attached to the portal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QStandardPaths

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.preview.kinds import AttachmentKind
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.attachments import PageShot
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.controller import PortalController
from seam_portal_desktop.ui.portal.wording import MODE_WORDS
from seam_portal_desktop.ui.preview.page.picture_file import PictureFile, UnreadablePictureError
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.security.addresses import mask_address
from seam_portal_desktop.ui.preview.view.preview_view import PreviewView
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.save_file import choose_save_file
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.toolkit.times import absolute

_T = TypeVar("_T")
_CAPTURE = "capture the page"
_FILTERS = {AttachmentKind.PNG: "Pictures (*.png)", AttachmentKind.PDF: _("PDF files (*.pdf)")}
_NAMES = {AttachmentKind.PNG: "screenshot", AttachmentKind.PDF: "PDF"}


@dataclass(frozen=True, slots=True)
class _Capture:
    shot: PageShot
    customer_key: str
    is_whole: bool


class AttachmentsController(QObject):
    """Captures the previewed page, and saves or removes attachments of the selected portal.

    Of two pages beside each other it captures the one that was used last.
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
        self._ledger = services.ledger
        self._portal = portal
        self._clock = clock
        self._scope = scope
        actions, detail, preview = window.actions_, window.portal, window.preview
        for action, kind, store in (
            (actions.save_screenshot, AttachmentKind.PNG, self._save),
            (actions.save_document, AttachmentKind.PDF, self._save),
            (actions.attach_screenshot, AttachmentKind.PNG, self._attach),
            (actions.attach_document, AttachmentKind.PDF, self._attach),
        ):
            action.triggered.connect(
                lambda *_, kind=kind, store=store: scope.start(
                    self._capture(kind, store), name=_CAPTURE
                )
            )
        preview.toolbar.more_actions.extend(actions.for_attachments())
        for changed in (preview.rendered, preview.failed, preview.comparison_settings.changed):
            changed.connect(self.update_actions)
        self.update_actions()
        attachments = detail.details.attachments
        attachments.save_requested.connect(self._save_attachment)
        attachments.remove_requested.connect(
            lambda attachment_id: scope.start(self._remove(attachment_id))
        )

    def update_actions(self, *_: object) -> None:
        for action in self._window.actions_.for_attachments():
            action.setEnabled(self._window.preview.chosen.is_loaded)

    async def _capture(
        self, kind: AttachmentKind, store: Callable[[_Capture], Awaitable[None]]
    ) -> None:
        view = self._window.preview.chosen
        target, title = view.target, view.shown_as
        if target is None:
            return
        status = self._window.status_area
        status.show_progress(_("Taking a {kind} of the whole page…").format(kind=_NAMES[kind]))
        try:
            if kind is AttachmentKind.PNG:
                content, is_whole = await self._take_screenshot(view, target)
            else:
                content, is_whole = await _answer_of(view.print_document), True
        except UnreadablePictureError as error:
            status.show_error(_not_taken(kind, str(error)))
            return
        finally:
            status.end_progress()
        if not content:
            reason = _("The page did not answer, or went away. Reload the preview and try again.")
            status.show_error(_not_taken(kind, reason))
            return
        shot = PageShot(target.portal_id, kind, target.mode, title, content)
        await store(_Capture(shot, target.customer_key, is_whole))

    async def _take_screenshot(
        self, view: PreviewView, target: PreviewTarget
    ) -> tuple[bytes, bool]:
        """The picture as PNG, empty if the page gave none, and whether it shows the whole page.

        Raises UnreadablePictureError.
        """
        file = await _answer_of(view.take_picture, _close_unused)
        if file is None:
            return b"", False
        address = mask_address(target.url.reveal())
        shown = address.text if address else ""
        texts = {
            "Title": target.customer_key,
            "Description": f"{shown}, {view.shown_as}, {MODE_WORDS[target.mode]}",
            "Creation Time": absolute(self._clock()),
        }
        try:
            picture = await asyncio.to_thread(file.finish, texts)
        finally:
            file.close()  # a cancelled `finish` may never begin
        return picture.png, file.whole

    async def _attach(self, capture: _Capture) -> None:
        await self._service.attach(capture.shot)
        self._show_stored(
            _("The {kind} is kept with the portal.").format(kind=_NAMES[capture.shot.kind]), capture
        )

    async def _save(self, capture: _Capture) -> None:
        shot = capture.shot

        async def write(target: Path) -> None:
            await self._service.save(shot, target)
            self._show_stored(_("Saved as {target}.").format(target=target.name), capture)

        name = self._service.file_name(capture.customer_key, shot.kind, shot.title)
        self._choose_file(name, shot.kind, write)

    def _save_attachment(self, attachment_id: str) -> None:
        item, portal = self._portal.attachments.get(attachment_id), self._portal.shown
        if item is None or portal is None:
            return

        async def write(target: Path) -> None:
            await self._service.save_attachment(item.attachment_id, target)
            self._window.status_area.show_message(
                _("Saved as {target}.").format(target=target.name)
            )

        name = self._service.file_name(portal.customer_key, item.kind, item.title)
        self._choose_file(name, item.kind, write)

    def _choose_file(
        self, name: str, kind: AttachmentKind, write: Callable[[Path], Coroutine[Any, Any, None]]
    ) -> None:
        locations = QStandardPaths.StandardLocation
        is_picture = kind is AttachmentKind.PNG
        choose_save_file(
            self._window,
            _("Save"),
            name,
            _FILTERS[kind],
            lambda path: self._scope.start(write(path)),
            folder=locations.PicturesLocation if is_picture else locations.DocumentsLocation,
        )

    async def _remove(self, attachment_id: str) -> None:
        item = self._portal.attachments.get(attachment_id)
        if item is None:
            return
        content = await self._service.remove(item)
        self._window.status_area.show_message(
            _("The {kind} was removed.").format(kind=_NAMES[item.kind]),
            tone=Tone.INFO,
            action=StatusAction(
                _("Undo"), lambda: self._scope.start(self._ledger.attach(item, content))
            ),
        )

    def _show_stored(self, text: str, capture: _Capture) -> None:
        if capture.is_whole:
            self._window.status_area.show_message(text)
        else:
            self._window.status_area.show_message(
                _("{text} The page is too long for one picture; its end is left out.").format(
                    text=text
                ),
                tone=Tone.WARNING,
            )


def _not_taken(kind: AttachmentKind, reason: str) -> UserFacingError:
    return UserFacingError(
        _("The {kind} could not be taken.").format(kind=_NAMES[kind]), reason, can_retry=True
    )


async def _answer_of(
    ask: Callable[[Callable[[_T], None]], None], discard: Callable[[_T], None] = lambda _: None
) -> _T:
    """Await a call that answers through a callback.

    `discard` gets an answer that comes after the task was cancelled.
    """
    answer: asyncio.Future[_T] = asyncio.get_running_loop().create_future()

    def on_answer(value: _T) -> None:
        if answer.done():
            discard(value)
        else:
            answer.set_result(value)

    ask(on_answer)
    try:
        return await answer
    except asyncio.CancelledError:
        if not answer.cancelled():  # it came just before
            discard(answer.result())
        raise


def _close_unused(file: PictureFile | None) -> None:
    if file is not None:
        file.close()
