"""The window's actions; menus, shortcuts, context menu and command palette share them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.icons import Icons

_Keys = QKeySequence.StandardKey | str | None

SYNONYMS = {
    _("New portal…"): _("create add make link"),
    _("Connect a workspace…"): _("account key credential sign in log in settings"),
    _("Remove this workspace…"): _("disconnect sign out log out settings"),
    _("Message templates…"): _("mail text html sms wording jinja edit"),
    _("Settings…"): _(
        "preferences options configure appearance theme dark light time zone "
        "date format notifications language"
    ),
    _("Quit"): _("exit close"),
    _("Copy link"): _("url address clipboard"),
    _("Show link"): _("reveal url address"),
    _("Send…"): _("email mail sms message qr code iframe draft template recipient"),
    _("Do-not-send list…"): _("block suppress unsubscribe never recipient domain"),
    _("Add a returned mail…"): _("bounce undeliverable came back eml"),
    _("Mark as sent…"): _("sent by hand elsewhere chat phone"),
    _("Undo mark as sent"): _("unsent not sent"),
    _("Check with Seam whether it exists"): _("unconfirmed unknown outcome"),
    _("Renew link"): _("extend prolong refresh replace expired"),
    _("Duplicate…"): _("copy clone again"),
    _("Update customer data…"): _("edit change"),
    _("Remove customer data…"): _(
        "cancel reservation booking stay delete guest person tenant resident"
    ),
    _("Customer name and tags…"): _("rename label tag edit change display"),
    _("Revoke link…"): _("cancel end stop disable block"),
    _("Export…"): _("csv excel spreadsheet json download report"),
    _("Delete from this list…"): _("bin trash remove"),
    _("Undo delete"): _("restore bring back"),
    _("Reload preview"): "refresh",
    _("Save screenshot…"): _("picture image png"),
    _("Save page as PDF…"): _("print document"),
    _("Search"): _("find filter"),
    _("Filter the list…"): _("find only sent unsent date creator preset preview saved"),
    _("Clear search and filters"): _("show all remove reset"),
    _("Group by customer"): _("together tree fold sort"),
    _("Portal beside the list"): _("hide show layout view panel pane"),
    _("Show preview"): _("look page view tab"),
    _("Show details"): _("dates settings attachments link view tab"),
    _("Show activity"): _("history timeline view tab"),
    _("Preview in its own window"): _("tear off detach second screen monitor"),
    _("Focus on the portal"): _("full screen large big zen maximize"),
    _("Software rendering"): _("graphics gpu settings"),
    _("Check for updates…"): _("upgrade version new"),
    _("Run the self-test…"): _("check diagnose"),
    _("Save diagnostics…"): _("log support report"),
    _("User guide"): _("help manual documentation how to"),
    _("Keyboard shortcuts"): _("keys hotkeys help"),
    _("About Seam Portal Desktop"): _("version licence"),
    _("Simulate dark mode"): _("theme appearance"),
    _("Page prefers light"): _("theme appearance"),
    _("Page follows the system’s light or dark"): _("theme appearance"),
}
"""Other words by which people look for an action; the command palette finds it by them."""


class WindowActions:
    """The window's QActions by name, for controllers to connect.

    `preview_groups` are the preview's own actions, in groups for a menu.
    """

    def __init__(self, icons: Icons, owner: QWidget) -> None:
        self._icons = icons
        self._owner = owner
        self.preview_groups: list[list[QAction]] = []
        self.new_portal = self._make(_("New portal…"), "plus", QKeySequence.StandardKey.New)
        self._make_for_workspace()

        self.copy_link = self._make(_("Copy link"), "copy", "Ctrl+Shift+C")
        self.reveal_link = self._make(_("Show link"), "eye", "Ctrl+Shift+R")
        self.send = self._make(_("Send…"), "send", "Ctrl+Return")
        self.mark_sent = self._make(_("Mark as sent…"), "circle-check", "Ctrl+Shift+Return")
        self.undo_sent = self._make(_("Undo mark as sent"), "undo-2")
        self.check_outcome = self._make(_("Check with Seam whether it exists"), "life-buoy")
        self.renew = self._make(_("Renew link"), "refresh-cw", "Ctrl+E")
        self.renew_and_send = self._make(_("Renew and send again…"), "send")
        self.duplicate = self._make(_("Duplicate…"), "copy-plus", "Ctrl+D")
        self.reservation_link = self._make(_("New reservation link…"), "calendar-plus")
        self.update_data = self._make(_("Update customer data…"), "database")
        self.remove_data = self._make(_("Remove customer data…"), "user-x")
        self.name_customer = self._make(_("Customer name and tags…"), "pencil")
        self.revoke = self._make(_("Revoke link…"), "ban")
        self.reconcile = self._make(_("Check for revoked links"), "shield-check")
        self.export_portals = self._make(_("Export…"), "download", "Ctrl+Shift+E")
        self.delete = self._make(_("Delete from this list…"), "trash-2", "Del")
        # Their short texts in the bar below the list.
        self.export_portals.setIconText(_("Export…"))
        self.delete.setIconText(_("Delete…"))
        self.undo_delete = self._make(_("Undo delete"), "undo-2", QKeySequence.StandardKey.Undo)

        self.reload_preview = self._make(
            _("Reload preview"), "refresh-cw", QKeySequence.StandardKey.Refresh
        )
        self.open_in_browser = self._make(_("Open link in browser…"), "external-link")
        self.save_screenshot = self._make(_("Save screenshot…"), "camera", "Ctrl+Shift+S")
        self.save_document = self._make(_("Save page as PDF…"), "file-text", "Ctrl+P")
        self.attach_screenshot = self._make(_("Keep screenshot with portal"), "paperclip")
        self.attach_document = self._make(_("Keep page as PDF with portal"), "paperclip")

        self.focus_search = self._make(_("Search"), "search", QKeySequence.StandardKey.Find)
        self.add_filter = self._make(_("Filter the list…"), "list-filter", "Ctrl+Shift+L")
        self.clear_filters = self._make(_("Clear search and filters"), "search-x")
        self.group_by_customer = self._make(_("Group by customer"), "users", checkable=True)
        self.toggle_portal = self._make(
            _("Portal beside the list"), "panel-right", "F9", checkable=True
        )
        self.show_preview = self._make(_("Show preview"), "eye", "Alt+1")
        self.show_details = self._make(_("Show details"), "info", "Alt+2")
        self.show_activity = self._make(_("Show activity"), "activity", "Alt+3")
        self.preview_window = self._make(
            _("Preview in its own window"), "app-window", "Shift+F11", checkable=True
        )
        self.focus_mode = self._make(_("Focus on the portal"), "maximize", "F11", checkable=True)
        self.refresh = self._make(_("Refresh the list"), "refresh-cw", "Shift+F5")
        self.command_palette = self._make(_("Command palette…"), "command", "Ctrl+K")

        self._make_help()

    def _make_for_workspace(self) -> None:
        self.connect_workspace = self._make(_("Connect a workspace…"), "plug", "Ctrl+Shift+N")
        self.remove_workspace = self._make(_("Remove this workspace…"), "link-2-off")
        self.senders = self._make(_("Senders…"), "mail")
        self.templates = self._make(_("Message templates…"), "file-text")
        self.do_not_send = self._make(_("Do-not-send list…"), "ban")
        self.add_returned_mail = self._make(_("Add a returned mail…"), "mail")
        self.demo_mailbox = self._make(_("Show the demo’s mailbox"), "mail")
        self.demo_mailbox.setVisible(False)
        self.try_demo = self._make(_("Try the demo"), "flask-conical")
        self.leave_demo = self._make(_("Leave the demo"), "undo-2")
        self.settings = self._make(_("Settings…"), "settings", "Ctrl+,")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.quit = self._make(_("Quit"), "x", "Ctrl+Q")

    def _make_help(self) -> None:
        self.software_rendering = self._make(_("Software rendering"), "monitor-x", checkable=True)
        self.user_guide = self._make(_("User guide"), "book-open")
        self.shortcuts = self._make(_("Keyboard shortcuts"), "keyboard", "F1")
        self.shortcuts.setShortcuts([QKeySequence("F1"), QKeySequence("?")])
        self.check_updates = self._make(_("Check for updates…"), "download")
        self.self_test = self._make(_("Run the self-test…"), "activity")
        self.copy_diagnostics = self._make(_("Copy diagnostics"), "clipboard")
        self.save_diagnostics = self._make(_("Save diagnostics…"), "life-buoy")
        self.about = self._make(_("About Seam Portal Desktop"), "info")

    def fill_menus(
        self,
        workspace: QMenu,
        portal: QMenu,
        view: QMenu,
        help_: QMenu,
        *,
        fill_columns: Callable[[QMenu], None],
        is_demo: bool,
    ) -> None:
        """Add the actions to the window's menus. `fill_columns` fills its menu as it opens."""
        workspace.addActions([self.new_portal, self.connect_workspace, self.remove_workspace])
        workspace.addSeparator()
        workspace.addActions([self.senders, self.do_not_send, self.templates, self.demo_mailbox])
        workspace.addSeparator()
        workspace.addAction(self.leave_demo if is_demo else self.try_demo)
        workspace.addSeparator()
        workspace.addAction(self.settings)
        workspace.addSeparator()
        workspace.addAction(self.quit)
        portal.addActions([*self.for_portals(), self.undo_delete, self._separator()])
        portal.addAction(self.add_returned_mail)
        view.addActions([self.focus_search, self.add_filter, self.clear_filters])
        view.addActions([self.group_by_customer, self.refresh])
        view.addSeparator()
        view.addActions([self.show_preview, self.show_details, self.show_activity])
        view.addSeparator()
        view.addActions([self.toggle_portal, self.focus_mode, self.preview_window])
        preview = view.addMenu(_("Preview"))
        for group in self.preview_groups:
            preview.addActions(group)
            preview.addSeparator()
        columns = view.addMenu(_("Columns"))
        columns.aboutToShow.connect(lambda: fill_columns(columns))
        view.addSeparator()
        view.addAction(self.command_palette)
        help_.addActions([self.user_guide, self.shortcuts, self._separator()])
        help_.addActions([self.check_updates, self._separator(), self.self_test])
        help_.addActions([self.copy_diagnostics, self.save_diagnostics])
        help_.addActions([self._separator(), self.about])

    def for_portals(self) -> list[QAction]:
        """The actions on the selected portals, for the Portal menu and the table's context menu."""
        return [
            self.copy_link,
            self.reveal_link,
            self.send,
            self.mark_sent,
            self.undo_sent,
            self._separator(),
            self.reload_preview,
            self.open_in_browser,
            *self.for_attachments(),
            self._separator(),
            self.renew,
            self.renew_and_send,
            self.duplicate,
            self.reservation_link,
            self.update_data,
            self.remove_data,
            self.name_customer,
            self._separator(),
            self.check_outcome,
            self.reconcile,
            self.export_portals,
            self._separator(),
            self.revoke,
            self.delete,
        ]

    def for_many(self) -> list[QAction]:
        """The actions on several portals, for the bar below the list: what is used most first."""
        return [
            self.send,
            self.renew,
            self.export_portals,
            self.copy_link,
            self.mark_sent,
            self.revoke,
            self.delete,
        ]

    def for_attachments(self) -> list[QAction]:
        """The actions that save the previewed page."""
        return [
            self.save_screenshot,
            self.save_document,
            self.attach_screenshot,
            self.attach_document,
        ]

    def for_palette(self) -> list[QAction]:
        """All actions but the one that opens the palette."""
        own = [
            action
            for action in vars(self).values()
            if isinstance(action, QAction) and action is not self.command_palette
        ]
        return [*own, *(action for group in self.preview_groups for action in group)]

    def _make(
        self, text: str, icon: str, keys: _Keys = None, *, checkable: bool = False
    ) -> QAction:
        action = QAction(self._icons.icon(icon), text, self._owner)
        action.setObjectName(text)  # its text may change, and its synonyms stay
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.setCheckable(checkable)
        # Qt draws an icon in place of the check mark.
        action.setIconVisibleInMenu(not checkable)
        self._owner.addAction(action)
        return action

    def _separator(self) -> QAction:
        separator = QAction(self._owner)
        separator.setSeparator(True)
        return separator
