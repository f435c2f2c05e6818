"""Asks before portals are renewed whose newer link is active."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from seam_portal_desktop.services.portal.renewal import EarlierRenewal
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.portal.sections import Facts
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import short_key
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, relative

_MOST_LISTED = 100


class RenewAgainDialog(FormDialog):
    """Open it with open(). `total` portals were to be renewed, and `earlier` are some of them.

    `accepted`: leave those out, or show the newer links if there are no others. `again_requested`:
    renew all.
    """

    again_requested = Signal()

    def __init__(
        self,
        earlier: Sequence[EarlierRenewal],
        total: int,
        now: datetime,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Renew again"))
        if total == 1:
            self._ask_for_one(earlier[0], now)
        else:
            self._ask_for_many(earlier, total, now)
        self.dismiss_button.setText(_("Cancel"))

    def _ask_for_one(self, earlier: EarlierRenewal, now: datetime) -> None:
        newer = earlier.newer
        expires = relative(newer.expires_at, now) if newer.expires_at else ""
        if earlier.is_newest:
            state = (
                _("This is the newer link, and it is active and expires {when}.")
                if expires
                else _("This is the newer link, and it is active.")
            )
        else:
            state = (
                _("The newer link is active and expires {when}.")
                if expires
                else _("The newer link is active.")
            )
        self.set_question(
            _("{short_key} was renewed {at}.").format(
                short_key=short_key(newer.customer_key), at=relative(earlier.at, now)
            ),
            f"{state.format(when=expires)} {_('If you renew again, both work until they expire.')}",
        )
        self.again = self._add_again(_("Renew again"))
        if not earlier.is_newest:
            self.set_submit(_("Show the newer link"), loud=False)
        else:
            self.submit_button.hide()
            self.dismiss_button.setDefault(True)

    def _ask_for_many(self, earlier: Sequence[EarlierRenewal], total: int, now: datetime) -> None:
        number, rest = QLocale().toString, total - len(earlier)
        if rest:
            title = ngettext(
                "{count} of {total} portals was renewed already.",
                "{count} of {total} portals were renewed already.",
                len(earlier),
            ).format(count=number(len(earlier)), total=number(total))
        else:
            title = ngettext(
                "{count} portal was renewed already.",
                "All {count} portals were renewed already.",
                total,
            ).format(count=number(total))
        self.set_question(
            title,
            ngettext(
                "The newer link is active. If you renew again, both work until they expire.",
                "The newer links are active. If you renew again, both work until they expire.",
                len(earlier),
            ),
        )
        facts = Facts(self)
        facts.setAccessibleName(_("Portals with a newer link that is active"))
        rows = [_fact(each, now) for each in earlier[:_MOST_LISTED]]
        if len(earlier) > _MOST_LISTED:
            more = len(earlier) - _MOST_LISTED
            text = ngettext("and {count} more", "and {count} more", more)
            rows.append((text.format(count=number(more)), "", ""))
        facts.set_rows(rows)
        self.body.insertWidget(self.body.count() - 1, facts)
        self.again = self._add_again(_("Renew all {total}").format(total=number(total)))
        if rest:
            self.set_submit(
                ngettext("Renew the other one", "Renew the other {count}", max(1, rest)).format(
                    count=number(rest)
                ),
                loud=False,
            )
        else:
            self.set_submit(_("Show the newer links"), loud=False)

    def _add_again(self, text: str) -> QPushButton:
        again = QPushButton(text, self)
        again.setObjectName("againButton")
        again.setAutoDefault(False)
        set_kind(again, "secondary")
        again.clicked.connect(self._request_again)
        self._button_box.addButton(again, QDialogButtonBox.ButtonRole.ActionRole)
        return again

    def _request_again(self) -> None:
        self.reject()
        self.again_requested.emit()


def _fact(earlier: EarlierRenewal, now: datetime) -> tuple[str, str, str]:
    return short_key(earlier.newer.customer_key), relative(earlier.at, now), absolute(earlier.at)
