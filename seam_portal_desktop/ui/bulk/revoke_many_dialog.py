"""The dialog that asks once before several links are revoked, and shows what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.portal.revocation_run import RevocationSummary
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.bulk.mark_sent_dialog import MOST_LISTED
from seam_portal_desktop.ui.lifecycle.failures import explain_failures
from seam_portal_desktop.ui.portal.sections import Facts
from seam_portal_desktop.ui.portal.wording import sent_line
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    heading,
    isolate,
    muted_label,
    number,
    plain_label,
    short_key,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, relative
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip


class RevokeManyDialog(FormDialog):
    """Open it with open(). After `revoke_requested` the controller revokes the links `to_revoke`,
    and calls show_result() or accept(). `left_out` says why others are not among them."""

    revoke_requested = Signal()

    def __init__(
        self,
        portals: Sequence[PortalRecord],
        left_out: str,
        now: datetime,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.to_revoke = tuple(portals)
        self.setWindowTitle(_("Revoke links"))
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        count = len(portals)
        self._question = heading("", self)
        self.body.addWidget(self._question)
        consequence = plain_label(
            _(
                "Whoever has one of these links loses access at once, also in the middle of using "
                "it. This can’t be undone; new links can be created."
            ),
            wrap=True,
            parent=self,
        )
        set_kind(consequence, "muted")
        self.body.addWidget(consequence)
        if left_out:
            self.body.addWidget(muted_label(left_out, wrap=True, parent=self))
        self.customers = Facts(self)
        self.customers.setAccessibleName(_("Customers whose links are revoked"))
        self._set_rows([(portal, *_row(portal, now)) for portal in portals])
        self.body.addWidget(self.customers)
        self.body.addStretch(1)
        if count == 1:
            self._set_texts(_("Revoke 1 link?"), _("Revoke 1 link"), _("Keep the link"))
        else:
            text = _("Revoke {count} links").format(count=number(count))
            self._set_texts(f"{text}?", text, _("Keep the links"))
        self.dismiss_button.setFocus()

    def show_result(self, summary: RevocationSummary) -> None:
        """Show what became of each link, and offer to try the rest again."""
        failed, rest = summary.failed, summary.not_tried
        self.set_busy(False)
        self._set_rows(
            [
                *((each.portal, _("Not revoked"), str(each.error)) for each in failed),
                *((portal, _("Not tried"), "") for portal in rest),
                *((portal, _("Revoked"), "") for portal in summary.revoked),
                *((portal, _("Had ended already"), "") for portal in summary.ended),
            ]
        )
        total = len(self.to_revoke)
        done = total - len(failed) - len(rest)
        self.to_revoke = (*(each.portal for each in failed), *rest)
        left = len(self.to_revoke)
        text = ngettext("Revoke the other link", "Revoke the other {count} links", left).format(
            count=number(left)
        )
        self._set_texts(f"{text}?", text, _("Close"))
        if failed:
            title = _("{count} of {total} links could not be revoked.").format(
                count=number(len(failed)), total=number(total)
            )
            self.show_error(explain_failures(title, failed, len(rest)))
        else:
            self.status.setText(
                _("Stopped. {done} of {total} links are revoked.").format(
                    done=number(done), total=number(total)
                )
            )
        self.dismiss_button.setFocus()

    def submit(self) -> None:
        if not self.is_busy:
            self.revoke_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        """The dialog has no fields."""

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self._update_buttons()

    def _set_rows(self, rows: Sequence[tuple[PortalRecord, str, str]]) -> None:
        shown = [
            (short_key(portal.customer_key), value, hover)
            for portal, value, hover in rows[:MOST_LISTED]
        ]
        if len(rows) > MOST_LISTED:
            shown.append(
                (_("and {count} more").format(count=number(len(rows) - MOST_LISTED)), "", "")
            )
        self.customers.set_rows(shown)

    def _set_texts(self, question: str, submit: str, dismiss: str) -> None:
        self._question.setText(question)
        self._submit_text, self._dismiss_text = submit, dismiss
        self._update_buttons()

    def _update_buttons(self) -> None:
        self.set_submit(self._submit_text, loud=True)
        # Enter must not revoke links.
        self.dismiss_button.setDefault(True)
        if not self.is_busy:
            self.dismiss_button.setText(self._dismiss_text)


def _row(portal: PortalRecord, now: datetime) -> tuple[str, str]:
    """A short text that fits beside a long key, and all of it for the tooltip."""
    state, whole = _("not sent"), _("Not marked as sent")
    if portal.sent is not None:
        state = _("sent {at}").format(at=isolate(relative(portal.sent.at, now)))
        whole = sent_line(portal.sent, now)
    if portal.expires_at is None:
        return state, whole
    expires = isolate(relative(portal.expires_at, now))
    return _("expires {expires} · {state}").format(
        expires=expires, state=state
    ), f"{absolute(portal.expires_at)}\n{whole}"
