"""Finds customers and portals for the command palette."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.query import PortalQuery, fold
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.status_style import style_of
from seam_portal_desktop.ui.shell.command_palette import CommandPalette
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, one_line
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_TASK = "find for the palette"
_PAUSE_SECONDS = 0.08
_MOST_READ = 50
_MOST_PORTALS = 4
_MOST_CUSTOMERS = 2


class FoundPortals:
    """Offers to open portals whose customer key has the typed text, and new ones for these keys.

    `on_open` gets a portal_id, `on_new` a customer key. Another letter ends the search.
    """

    def __init__(
        self,
        palette: CommandPalette,
        services: AppServices,
        icons: Icons,
        clock: Clock,
        scope: TaskScope,
        *,
        on_open: Callable[[str], None],
        on_new: Callable[[str], None],
    ) -> None:
        self._palette = palette
        self._services = services
        self._icons = icons
        self._clock = clock
        self._scope = scope
        self._on_open = on_open
        self._on_new = on_new
        self._actions: list[QAction] = []
        palette.search = self._find

    def _find(self, typed: str) -> None:
        if typed:
            self._scope.start(self._search(typed), name=_TASK)
        else:
            self._scope.cancel(_TASK)

    async def _search(self, typed: str) -> None:
        connection = self._services.workspaces.current
        rows: Sequence[PortalRecord] = ()
        if connection is not None:
            await asyncio.sleep(_PAUSE_SECONDS)  # for the next letter
            query = PortalQuery(connection.workspace.workspace_id, typed)
            try:
                rows = (await self._services.portals.find(query, limit=_MOST_READ)).rows
            except LedgerError:
                rows = ()  # the list shows the error
        self._show(typed, rows)

    def _show(self, typed: str, rows: Sequence[PortalRecord]) -> None:
        now, wanted = self._clock(), fold(typed)
        # The search finds notes too.
        found = [
            row
            for row in rows
            if wanted in fold(row.customer_key) or wanted in fold(row.customer_name)
        ]
        found.sort(
            key=lambda row: (not fold(row.customer_key).startswith(wanted), not row.is_live(now))
        )
        old, self._actions = self._actions, []
        for portal in found[:_MOST_PORTALS]:
            style = style_of(portal, portal.status(now))
            key = one_line(portal.customer_key)
            self._add(
                _("Open {key} · {word}").format(key=key, word=style.word),
                key,
                style.icon,
                self._on_open,
                portal.portal_id,
            )
        for customer in list(dict.fromkeys(row.customer_key for row in found))[:_MOST_CUSTOMERS]:
            key = one_line(customer)
            self._add(
                _("New portal for {key}").format(key=key), key, "plus", self._on_new, customer
            )
        self._palette.set_found(typed, self._actions)
        for action in old:
            action.deleteLater()

    def _add(
        self, text: str, found: str, icon: str, run: Callable[[str], None], argument: str
    ) -> None:
        action = QAction(self._icons.icon(icon), in_menu(text), self._palette)
        action.setData(found)
        action.triggered.connect(lambda _: run(argument))
        self._actions.append(action)
