"""What was entered in a New portal dialog that was closed, and is offered by the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.draft_bar import DraftBar
from seam_portal_desktop.ui.create.presets.controller import PresetsController
from seam_portal_desktop.ui.toolkit.form_parts import KEY_CHARACTERS, in_menu, short_key
from seam_portal_desktop.ui.toolkit.times import time_or_date

_KEY_IN_BUTTON = 24


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """``content`` is NewPortalDialog's. It has people's names and addresses in it."""

    customer_key: str
    kept_at: datetime
    preset_id: str
    content: Mapping[str, Any] = field(repr=False)


class DraftsController(QObject):
    """Restores a draft in `dialog`, and keeps what is entered there when it is closed.

    It lives as long as the dialog. `kept` are the drafts of the workspace, the newest first. A
    draft that the dialog shows isn't among them. `start_over` empties the form.
    """

    kept = Signal(object)
    """The KeptDraft, after the dialog was closed with it."""

    def __init__(
        self,
        dialog: NewPortalDialog,
        presets: PresetsController,
        drafts: list[KeptDraft],
        clock: Clock,
        start_over: Callable[[], None],
    ) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._presets = presets
        self._drafts = drafts
        self._clock = clock
        self._start_over = start_over
        self._blank = dialog.content()
        self._shown: KeptDraft | None = None
        self._removed: KeptDraft | None = None
        self._is_edited = False
        self._kept_at: datetime | None = None  # one time for one draft: quitting asks once
        self.is_leaving = False
        """The dialog is for another portal than the one that is entered. So the draft is kept,
        unless a key alone is typed."""
        self.bar = DraftBar(dialog.icons, dialog)
        dialog.set_draft_bar(self.bar)
        self.bar.button.clicked.connect(self._on_button)
        self.bar.other_button.clicked.connect(self._show_other)
        dialog.edited.connect(self._on_edited)
        dialog.create_requested.connect(self._stay)
        dialog.finished.connect(self._on_finished)

    def restore_newest(self) -> str | None:
        """Show the newest draft. Returns its preset_id; None if there is no draft."""
        if not self._drafts:
            return None
        self._show(self._drafts.pop(0))
        return self._shown.preset_id if self._shown is not None else None

    def offer(self) -> None:
        """Name the newest draft, which isn't shown, because the dialog was filled otherwise."""
        self._update_bar()

    def entered(self) -> KeptDraft | None:
        """The draft to keep if the dialog was closed now; None if nothing was entered."""
        dialog = self._dialog
        if dialog.link_may_exist and not self.is_leaving:
            return None  # the list has that request
        content = dialog.content()  # first: JSON may have been typed a moment ago
        if not self._is_edited:
            return self._shown
        if content["request"] == self._blank["request"] and not _is_typed(content, self._blank):
            return None
        key = dialog.customer.customer_key()
        if self._kept_at is None:
            self._kept_at = self._clock()
        return KeptDraft(key, self._kept_at, self._presets.bar.current_id, content)

    def _on_edited(self) -> None:
        self._is_edited = True
        self._stay()

    def _stay(self) -> None:
        self.is_leaving = False

    def _on_finished(self, result: int) -> None:
        is_leaving = self.is_leaving
        draft = self.entered()
        is_kept = self._dialog.form.is_edited if is_leaving else result != _ACCEPTED
        if draft is not None and is_kept:
            self._drafts.insert(0, draft)
            self.kept.emit(draft)

    def _on_button(self) -> None:
        if self._removed is not None:
            preset_id = self._removed.preset_id
            self._show(self._removed)
            self._presets.show_preset(preset_id)
            self._dialog.focus_start()
            return
        self._removed, self._shown = self.entered(), None
        self._dialog.restore(self._blank)
        self._is_edited = False
        self._start_over()
        self._update_bar()
        self._dialog.focus_start()

    def _show_other(self) -> None:
        """Show the newest draft that is kept, and keep what is shown now."""
        shown, other = self.entered(), self._drafts.pop(0)
        if shown is not None:
            self._drafts.append(shown)
        self._show(other)
        self._presets.show_preset(other.preset_id)
        self._dialog.focus_start()

    def _show(self, draft: KeptDraft) -> None:
        self._shown, self._removed = draft, None
        self._is_edited = False
        self._dialog.restore(draft.content)
        self._update_bar()

    def _update_bar(self) -> None:
        text = button = other = ""
        if self._shown is not None:
            text, button = (
                _("{named} restored").format(named=self._named(self._shown)),
                _("Start over"),
            )
        elif self._removed is not None:
            text, button = _("{named} removed").format(named=self._named(self._removed)), _("Undo")
        if self._drafts:
            newest = self._drafts[0]
            text = text or _("{named} is kept").format(named=self._named(newest))
            key = in_menu(short_key(newest.customer_key, _KEY_IN_BUTTON))
            other = (
                _("Open draft for {key}").format(key=key)
                if newest.customer_key
                else _("Open the other draft")
            )
        self.bar.show_text(text, button, other)

    def _named(self, draft: KeptDraft) -> str:
        time = time_or_date(draft.kept_at, self._clock())
        if not draft.customer_key:
            return _("Draft from {time}").format(time=time)
        return _("Draft for {short_key} from {time}").format(
            short_key=short_key(draft.customer_key, KEY_CHARACTERS), time=time
        )


_ACCEPTED = QDialog.DialogCode.Accepted.value


def _is_typed(content: Mapping[str, Any], blank: Mapping[str, Any]) -> bool:
    """Whether something was entered that isn't in the request."""
    return content["json"] is not None or content["unsent"] != blank["unsent"]
