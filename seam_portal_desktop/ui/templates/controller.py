"""Opens the dialog of message templates, and keeps what is typed there until the program ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.message.template import MessageTemplate
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.templates.dialog import TemplatesDialog
from seam_portal_desktop.ui.templates.session import Drafts, TemplateSession
from seam_portal_desktop.ui.toolkit.form_parts import isolate
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone


class TemplatesController(QObject):
    """`selected` gives the portal with which messages are shown, or None.

    `engine_obstacle` is why HTML can't be shown, or None.
    """

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        scope: TaskScope,
        *,
        selected: Callable[[], PortalRecord | None],
        engine_obstacle: str | None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._scope = scope
        self._engine_obstacle = engine_obstacle
        self._drafts: Drafts = {}
        self._last_id = ""
        self._dialog: TemplatesDialog | None = None
        self._has_ended = False
        window.actions_.templates.triggered.connect(lambda _: self.open(selected(), self._last_id))

    def open(
        self,
        portal: PortalRecord | None = None,
        template_id: str = "",
        *,
        on_closed: Callable[[Mapping[str, str]], object] | None = None,
    ) -> None:
        """Show this template, or else the one that the portal would get.

        `on_closed` gets the ids of templates that were copied, each with that of its last copy.
        """
        current = self._services.workspaces.current
        if current is None or self._dialog is not None:
            return
        window = self._window
        self._dialog = dialog = TemplatesDialog(
            window.theme,
            window.icons,
            window,
            remove_profile=window.preview.profiles.remove,
            engine_obstacle=self._engine_obstacle,
        )
        session = TemplateSession(
            dialog,
            self._services,
            current.workspace.workspace_id,
            portal,
            self._drafts,
            self._scope,
        )

        def end() -> None:
            self._dialog = None
            self._last_id = dialog.current_id
            if session.deleted is not None:
                self._offer_undo(*session.deleted)
            dialog.deleteLater()
            if on_closed is not None and not self._has_ended:
                on_closed(session.copies)

        dialog.finished.connect(end)
        session.start(template_id)
        dialog.open()

    def close(self) -> None:
        """Close an open dialog: the engine's page has to end before the program does."""
        self._has_ended = True
        if self._dialog is not None:
            self._dialog.reject()

    def _offer_undo(self, deleted: MessageTemplate, draft: MessageTemplate | None) -> None:
        async def restore() -> None:
            await self._services.templates.restore(deleted)
            if draft is not None:
                self._drafts[deleted.template_id] = draft
            self._window.status_area.show_message(
                _("{template} is restored.").format(template=isolate(deleted.name))
            )

        self._window.status_area.show_message(
            _("{template} is deleted.").format(template=isolate(deleted.name)),
            tone=Tone.INFO,
            action=StatusAction(_("Undo"), lambda: self._scope.start(restore())),
        )
