"""The dialog that asks before a link is revoked."""

from __future__ import annotations

import html
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.portal.revocation import FoundBy, RevocationTarget
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.sections import Facts
from seam_portal_desktop.ui.portals.status_style import BY_CHANNEL
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    KEY_CHARACTERS,
    heading,
    in_menu,
    isolate,
    one_line,
    plain_label,
    short_key,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, relative, relative_and_date
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

_BUTTON_CHARACTERS = 24
_KEEP_TEXT = _("Keep the link")
_FOUND_BY = {
    FoundBy.TOKEN: _("the token in the link"),
    FoundBy.SESSION_ID: _("its session, which was seen before"),
    FoundBy.CUSTOMER_AND_EXPIRY: _("customer and exact expiry; no other session has both"),
}


class RevokeDialog(FormDialog):
    """Open it with open(), then set_busy(True) while the link's session is looked up.

    Then show_target() or show_error(). After `revoke_requested` the controller revokes the link,
    and calls accept() or show_error().
    """

    revoke_requested = Signal()

    def __init__(
        self, portal: PortalRecord, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Revoke link"))
        key = short_key(portal.customer_key, _BUTTON_CHARACTERS)
        self._may_revoke = False
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        full_key = short_key(portal.customer_key, KEY_CHARACTERS)
        question = heading(_("Revoke the link for {full_key}?").format(full_key=full_key), self)
        question.setWordWrap(True)
        question.setToolTip(f"<span>{html.escape(one_line(portal.customer_key))}</span>")
        question.setAccessibleDescription(one_line(portal.customer_key))
        consequence = plain_label(
            _(
                "Whoever has this link loses access at once, also in the middle of using it. This "
                "can’t be undone; a new link can be created."
            ),
            wrap=True,
            parent=self,
        )
        set_kind(consequence, "muted")
        self.facts = Facts(self)
        self.body.addWidget(question)
        self.body.addWidget(consequence)
        self.body.addWidget(self.facts)
        self.body.addStretch(1)
        self.set_submit(_("Revoke link for {key}").format(key=in_menu(key)), loud=True)
        self._update_buttons()

    def show_target(self, target: RevocationTarget, now: datetime) -> None:
        """Show the session that will be ended, and enable the button."""
        portal, session = target.portal, target.session
        self.set_busy(False)
        self.facts.set_rows(
            [
                _moment(_("Created"), session.created_at, now),
                _moment(_("Would expire"), session.expires_at, now),
                (_("Sent"), _sent(portal, now), ""),
                (_("Opens on"), portal.url_host or _("an address that can’t be read here"), ""),
                (_("Session in Seam"), session.client_session_id, ""),
                (_("Found by"), _FOUND_BY[target.found_by], ""),
            ]
        )
        self._may_revoke = True
        self._update_buttons()
        self.dismiss_button.setFocus()

    def show_error(self, error: UserFacingError) -> None:
        super().show_error(error)
        self.dismiss_button.setFocus()

    def submit(self) -> None:
        if self._may_revoke and not self.is_busy:
            self.revoke_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        """The dialog has no fields."""

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self._update_buttons()

    def _update_buttons(self) -> None:
        self.submit_button.setEnabled(self._may_revoke and not self.is_busy)
        # Enter must not revoke the link.
        self.dismiss_button.setDefault(True)
        if not self.is_busy:
            self.dismiss_button.setText(_KEEP_TEXT if self._may_revoke else _("Close"))


def _sent(portal: PortalRecord, now: datetime) -> str:
    if portal.sent is None:
        return _("not marked as sent")
    how = BY_CHANNEL[portal.sent.channel] if portal.sent.channel is not None else ""
    when = f"{relative(portal.sent.at, now)} {how}".rstrip()
    return _("{when}, marked by {name}").format(when=when, name=isolate(portal.sent.by))


def _moment(name: str, moment: datetime, now: datetime) -> tuple[str, str, str]:
    return name, relative_and_date(moment, now), absolute(moment)
