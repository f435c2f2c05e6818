"""Gives messages to other programs: the clipboard, the mail program, files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from seam_portal_desktop.domain.message.delivery import Delivery, SendChannel
from seam_portal_desktop.services.sending.outgoing.handover import (
    COPYING,
    SAVING,
    HandedOver,
    qr_file,
)
from seam_portal_desktop.services.sending.outgoing.sending import SendingService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.send.qr_page import qr_page_pdf
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.save_file import choose_save_file
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_QR_FILES = ";;".join(
    (_("PNG pictures (*.png)"), _("SVG drawings (*.svg)"), _("Pages to print (*.pdf)"))
)

_ASKED_SECONDS = 30.0
"""How long the status area offers to say that a message was sent."""


class HandoverController(QObject):
    """Each message is in the ledger as handed over before another program gets it."""

    def __init__(
        self,
        window: MainWindow,
        sending: SendingService,
        clipboard: SecretClipboard,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._sending = sending
        self._clipboard = clipboard
        self._scope = scope

    def give(self, handed_over: HandedOver, delivery: Delivery) -> None:
        """Give the message to the channel of its delivery."""
        if delivery.channel in COPYING:
            self._clipboard.copy(handed_over.text, handed_over.html)
            self._show(
                _("Copied. Clipboard clears in {clears_after}.").format(
                    clears_after=self._clipboard.clears_after
                ),
                delivery,
            )
        elif delivery.channel in SAVING:
            self._ask_where(handed_over, delivery)
        elif QDesktopServices.openUrl(QUrl(handed_over.text.reveal())):
            self._show(_("Another program has the message."), delivery)
        else:
            self._scope.start(self._on_not_taken(delivery))

    async def _on_not_taken(self, delivery: Delivery) -> None:
        await self._sending.take_back(delivery)
        self._window.status_area.show_message(
            _("No program on this computer takes it. Copy the message instead."),
            tone=Tone.WARNING,
        )

    def _ask_where(self, handed_over: HandedOver, delivery: Delivery) -> None:
        is_draft = delivery.channel is SendChannel.EML
        choose_save_file(
            self._window,
            _("Save draft") if is_draft else _("Save QR code"),
            "portal-link.eml" if is_draft else "portal-link.png",
            _("Mail drafts (*.eml)") if is_draft else _QR_FILES,
            lambda path: self._scope.start(self._save(path, handed_over, delivery)),
            on_cancelled=lambda: self._scope.start(self._sending.take_back(delivery)),
        )

    async def _save(self, path: Path, handed_over: HandedOver, delivery: Delivery) -> None:
        try:
            content = handed_over.file
            kind = path.suffix.lower() if delivery.channel is SendChannel.QR_CODE else ""
            if kind == ".svg":
                content = await asyncio.to_thread(qr_file, handed_over.text, ".svg")
            elif kind == ".pdf":
                content = qr_page_pdf(await self._sending.qr_page_of(delivery.portal_id))
            await self._sending.save_file(path, content)
        except BaseException:
            await self._sending.take_back(delivery)
            raise
        if delivery.channel is SendChannel.EML:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
            text = _("Draft saved. The link is in it, so delete the file when the message is sent.")
        else:
            text = _("QR code saved. Whoever scans it opens the portal.")
        self._show(text, delivery)

    def _show(self, text: str, delivery: Delivery) -> None:
        """It is handed over, which isn't sent: only the user knows that."""
        sent = StatusAction(
            _("It was sent"),
            lambda: self._scope.start(self._confirm(delivery)),
        )
        self._window.status_area.show_message(text, seconds=_ASKED_SECONDS, action=sent)

    async def _confirm(self, delivery: Delivery) -> None:
        await self._sending.outbox.confirm(delivery, was_sent=True)
        self._window.status_area.show_message(_("Marked as sent."))
