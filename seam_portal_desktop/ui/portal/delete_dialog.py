"""Asks before rows are deleted from the list: links that still work would be listed nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import short_key
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme


class DeletePortalsDialog(FormDialog):
    """Open it with open(); `accepted` means that the user wants to delete `portals`."""

    def __init__(
        self,
        portals: Sequence[PortalRecord],
        now: datetime,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Delete from the list"))
        count = len(portals)
        number = QLocale().toString(count)
        if count == 1:
            key = short_key(portals[0].customer_key)
            title, button = (
                _("Delete {key} from the list?").format(key=key),
                _("Delete from the list"),
            )
        else:
            title = ngettext(
                "Delete {count} portal from the list?",
                "Delete {count} portals from the list?",
                count,
            ).format(count=number)
            button = ngettext("Delete {count} portal", "Delete {count} portals", count).format(
                count=number
            )
        undo = _("You can undo this until the window closes.")
        self.set_question(title, f"{_live_links_text(portals, now)} {undo}".lstrip())
        self.set_submit(button, loud=True)


def _live_links_text(portals: Sequence[PortalRecord], now: datetime) -> str:
    """A sentence about links that still work in Seam, or ''."""
    live = sum(portal.is_live(now) for portal in portals)
    if not live:
        unknown = any(portal.outcome is Outcome.DAMAGED and portal.has_url for portal in portals)
        return _("A damaged entry’s link may still be alive in Seam.") if unknown else ""
    if len(portals) == 1:
        return _("Its link stays alive in Seam until it expires, and nothing here will list it.")
    number = QLocale().toString(live)
    return ngettext(
        "{count} of their links is alive in Seam until expiry, and nothing here will list what "
        "you delete.",
        "{count} of their links are alive in Seam until expiry, and nothing here will list what "
        "you delete.",
        live,
    ).format(count=number)
