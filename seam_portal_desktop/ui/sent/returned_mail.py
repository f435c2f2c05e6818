"""Takes returned mails as files, and shows to which row each belongs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.sending.returned_mail import ReturnedMail
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.import_data.file_drop import FileDrop
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.form_parts import isolate, one_line
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_MAIL_SUFFIXES = frozenset({".eml", ".msg"})
"""Outlook's .msg can't be read, and the error says what can."""

_MOST_NAMED = 3


class ReturnedMailController(QObject):
    """`show_portal` selects the row of a portal_id and shows its activity."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        scope: TaskScope,
        *,
        show_portal: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._scope = scope
        self._show_portal = show_portal
        FileDrop(window, _MAIL_SUFFIXES).dropped.connect(lambda path: self.add(Path(path)))
        window.actions_.add_returned_mail.triggered.connect(lambda _: self._choose())

    def add(self, path: Path) -> None:
        """Read the file, and record whom the mail didn't reach."""
        self._scope.start(self._add(path))

    def _choose(self) -> None:
        chooser = QFileDialog(self._window, _("Add a returned mail"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters([_("Mails (*.eml)"), _("All files (*)")])
        chooser.fileSelected.connect(lambda path: self.add(Path(path)))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    async def _add(self, path: Path) -> None:
        returned = await self._services.returned_mail.record_file(path)
        self._show_portal(returned.delivery.portal_id)
        self._window.status_area.show_message(_result_text(returned), tone=Tone.WARNING)


def _result_text(returned: ReturnedMail) -> str:
    named = [isolate(one_line(each.address)) for each in returned.recipients[:_MOST_NAMED]]
    people = ", ".join(named)
    if len(returned.recipients) > _MOST_NAMED:
        people = _("{people} and others").format(people=people)
    if not returned.is_permanent:
        if not people:
            return _("The mail server is still trying to deliver this message.")
        return _("The mail server is still trying to reach {people}.").format(people=people)
    reason = next((one_line(each.reason) for each in returned.recipients if each.reason), "")
    if not people:
        return _("The message came back.")
    if not reason:
        return _("The message to {people} came back.").format(people=people)
    return _("The message to {people} came back: {reason}").format(
        people=people, reason=isolate(reason)
    )
