"""The menu of saved filters: choose, save, rename, delete."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.services.saved_filters import SavedFilterService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.filters.filter_bar import FilterBar
from seam_portal_desktop.ui.portals.filters.name_dialog import FilterNameDialog
from seam_portal_desktop.ui.portals.filters.search_terms import (
    FilterKind,
    SearchTerms,
    parse_search,
    words_of,
)
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, isolate
from seam_portal_desktop.ui.toolkit.tasks import TaskScope


class SavedFiltersController(QObject):
    """Opens the menu of the bar's ``saved_button``.

    `workspace_id` gives the current workspace, `terms` what the list is searched and filtered by.
    """

    chosen = Signal(str)
    """The words of a saved filter."""

    def __init__(
        self,
        bar: FilterBar,
        saved: SavedFilterService,
        workspace_id: Callable[[], str | None],
        terms: Callable[[], SearchTerms],
        scope: TaskScope,
    ) -> None:
        super().__init__(bar)
        self._bar = bar
        self._saved = saved
        self._workspace_id = workspace_id
        self._terms = terms
        self._scope = scope
        bar.saved_button.clicked.connect(self._open_menu)

    def _open_menu(self) -> None:
        workspace_id = self._workspace_id()
        if workspace_id is None:
            return
        button, words = self._bar.saved_button, words_of(self._terms())
        menu = QMenu(self._bar)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(button.accessibleName())
        group = QActionGroup(menu)
        current: str | None = None
        for name, saved in self._saved.list(workspace_id).items():
            action = menu.addAction(in_menu(name))
            action.setCheckable(True)
            group.addAction(action)
            if words and words_of(parse_search(saved)) == words:
                current = name
                action.setChecked(True)
            action.triggered.connect(partial(self._choose, saved))
        if group.actions():
            menu.addSeparator()
        save = menu.addAction(_("Save this filter…"))
        # The preferences are readable on the disk. Customers' names, tags and addresses aren't.
        terms = self._terms()
        personal = (FilterKind.TAG, FilterKind.TO)
        is_personal = bool(terms.text or any(map(terms.filters.get, personal)))
        save.setEnabled(bool(words) and current is None and not is_personal)
        if is_personal:
            save.setText(_("Save this filter… (not with searched words, tags or addresses)"))
        save.triggered.connect(lambda: self._ask_to_save(workspace_id, words))
        if current is not None:
            name = in_menu(current)
            menu.addAction(_("Rename “{name}”…").format(name=name)).triggered.connect(
                partial(self._ask_for_new_name, workspace_id, current)
            )
            # There is no question: the list is still filtered by it, so it can be saved again.
            menu.addAction(_("Delete “{name}”").format(name=name)).triggered.connect(
                partial(self._delete, workspace_id, current)
            )
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _choose(self, words: str) -> None:
        self.chosen.emit(words)

    def _ask_to_save(self, workspace_id: str, words: str) -> None:
        self._ask_for_name(
            FilterNameDialog(
                self._bar.theme,
                self._bar.icons,
                title=_("Save filter"),
                about=_("Saved are: {words}").format(words=isolate(words)),
                parent=self._bar.window(),
            ),
            lambda name: self._saved.save(workspace_id, name, words),
        )

    def _ask_for_new_name(self, workspace_id: str, before: str) -> None:
        self._ask_for_name(
            FilterNameDialog(
                self._bar.theme,
                self._bar.icons,
                title=_("Rename filter"),
                before=before,
                parent=self._bar.window(),
            ),
            lambda name: self._saved.rename(workspace_id, before, name),
        )

    def _ask_for_name(
        self, dialog: FilterNameDialog, save: Callable[[str], Coroutine[Any, Any, None]]
    ) -> None:
        async def run() -> None:
            try:
                await save(dialog.name())
            except UserFacingError as error:
                dialog.show_error(error)
            else:
                dialog.accept()

        dialog.save_requested.connect(lambda: self._scope.start(run()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _delete(self, workspace_id: str, name: str) -> None:
        self._scope.start(self._saved.delete(workspace_id, name))
