"""What was entered in a dialog is kept while it is typed, and the next such dialog offers it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, cast

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QWidget

from seam_portal_desktop.domain.draft import DraftKind, KeptDraft
from seam_portal_desktop.services.unsaved.drafts import DraftService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.draft_bar import DraftBar
from seam_portal_desktop.ui.toolkit.form_parts import KEY_CHARACTERS, in_menu, short_key
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.times import time_or_date

if TYPE_CHECKING:
    from seam_portal_desktop.ui.create.presets.controller import PresetsController

_KEY_IN_BUTTON = 24
_PAUSE_MS = 1000
_LONGEST_WAIT_MS = 5000
"""Without a pause it is saved this often."""

_log = logging.getLogger(__name__)


class DraftDialog(Protocol):
    """What a dialog needs for drafts. ``edited`` follows every edit by the user."""

    edited: SignalInstance
    finished: SignalInstance
    icons: Icons

    def content(self) -> dict[str, Any]:
        """Everything that was entered, with all mistakes, as JSON has it. ``request`` is what is
        sent, ``unsent`` what isn't, ``is_edited`` says that more than the customer's key is."""

    def restore(self, content: Mapping[str, Any]) -> None:
        """Show what content() returned, without emitting `edited`. ``unsent`` may be None."""

    def is_recorded(self) -> bool:
        """Whether the list has what was entered, so that no draft is needed."""

    def customer_key(self) -> str: ...

    def set_draft_bar(self, draft_bar: QWidget) -> None: ...

    def focus_start(self) -> None: ...


class DraftsController(QObject):
    """Restores a draft in `dialog`, saves what is entered there, and keeps it when it is closed.

    It lives as long as the dialog. `start_over` empties the form.
    """

    kept = Signal(object)
    """The KeptDraft, after the dialog was closed with it."""

    def __init__(
        self,
        dialog: DraftDialog,
        drafts: DraftService,
        workspace_id: str,
        kind: DraftKind,
        start_over: Callable[[], None],
        presets: PresetsController | None = None,
    ) -> None:
        parent = cast(QWidget, dialog)
        super().__init__(parent)
        self._dialog = dialog
        self._drafts = drafts
        self._workspace_id = workspace_id
        self._kind = kind
        self._presets = presets
        self._start_over = start_over
        self._blank = dialog.content()
        self._draft_id = _new_id()
        self._shown: KeptDraft | None = None
        self._removed: KeptDraft | None = None
        self._entered_before: KeptDraft | None = None
        self._is_edited = False
        self._edited_at: datetime | None = None
        self._misfit: KeptDraft | None = None
        self.is_leaving = False
        """The dialog is for another portal than the one that is entered. So the draft is kept,
        unless a key alone is typed."""
        self.bar = DraftBar(dialog.icons, parent)
        dialog.set_draft_bar(self.bar)
        self.bar.button.clicked.connect(self._on_button)
        self.bar.other_button.clicked.connect(self._show_other)
        self._timers = [
            QTimer(self, singleShot=True, interval=ms) for ms in (_PAUSE_MS, _LONGEST_WAIT_MS)
        ]
        for timer in self._timers:
            timer.timeout.connect(self.save_now)
        dialog.edited.connect(self._on_edited)
        if presets is not None:
            presets.bar.chosen.connect(lambda _preset_id: self._save_soon())
        dialog.finished.connect(self._on_finished)
        self._unsubscribe = drafts.subscribe(self._update_bar)

    def restore_newest(self, customer_key: str | None = None) -> KeptDraft | None:
        """Show the newest draft, or that for `customer_key`. Returns it; None if there is none."""
        for draft in self._offered():
            if customer_key is None or draft.customer_key == customer_key:
                self._drafts.take(draft)
                if self._show(draft):
                    return draft
        self._update_bar()
        return None

    def offer(self) -> None:
        """Name the newest draft, which isn't shown, because the dialog was filled otherwise."""
        self._update_bar()

    def stay(self) -> None:
        self.is_leaving = False

    def save_now(self) -> None:
        """Save what is entered, as far as it isn't saved."""
        for timer in self._timers:
            timer.stop()
        draft = self._entered()
        if draft is not None:
            self._drafts.save(draft)
        elif self._is_edited:
            self._drafts.discard(self._draft_id)

    def _offered(self) -> list[KeptDraft]:
        return list(self._drafts.offered(self._workspace_id, self._kind))

    def _entered(self) -> KeptDraft | None:
        """The draft to keep if the dialog was closed now; None if nothing was entered."""
        if self._dialog.is_recorded() and not self.is_leaving:
            return None
        content = self._dialog.content()  # first: JSON may have been typed a moment ago
        if not self._is_edited:
            return self._shown
        if content["request"] == self._blank["request"] and not _is_typed(content, self._blank):
            return None
        draft = KeptDraft(
            self._draft_id,
            self._kind,
            self._workspace_id,
            self._dialog.customer_key(),
            self._edited_at or self._drafts.clock(),
            self._presets.bar.current_id if self._presets is not None else "",
            content,
        )
        if draft != self._entered_before:
            self._entered_before = draft
        return self._entered_before  # the same object isn't saved again

    def _on_edited(self) -> None:
        self._is_edited = True
        self._edited_at = self._drafts.clock()
        self.stay()
        self._save_soon()

    def _save_soon(self) -> None:
        pause, longest_wait = self._timers
        pause.start()
        if not longest_wait.isActive():
            longest_wait.start()

    def _on_finished(self, result: int) -> None:
        self._dialog.finished.disconnect(self._on_finished)  # Qt may emit it again
        self._unsubscribe()
        is_leaving = self.is_leaving
        draft = self._entered()
        for timer in self._timers:
            timer.stop()
        if self._removed is not None:
            self._drafts.discard(self._removed.draft_id)
        if draft is not None and (
            draft.content.get("is_edited", True) if is_leaving else result != _ACCEPTED
        ):
            self._drafts.offer(draft)
            self.kept.emit(draft)
        else:
            self._drafts.discard(self._draft_id)

    def _on_button(self) -> None:
        if self._removed is not None:
            self._drafts.discard(self._draft_id)
            self._show_again(self._removed)
            return
        self.save_now()  # a crash must not lose what 'Undo' brings back
        self._removed, self._shown = self._entered(), None
        self._draft_id = _new_id()
        self._dialog.restore(self._blank)
        self._is_edited = False
        self._start_over()
        self._update_bar()
        self._dialog.focus_start()

    def _show_other(self) -> None:
        """Show the newest draft that is kept, and keep what is shown now."""
        shown, other = self._entered(), self._offered()[0]
        self._drafts.take(other)
        if shown is not None:
            self._drafts.offer(shown, last=True)
        else:
            self._drafts.discard(self._draft_id)
        if self._removed is not None:
            self._drafts.discard(self._removed.draft_id)
        self._show_again(other)

    def _show_again(self, draft: KeptDraft) -> None:
        self._show(draft)
        if self._presets is not None:
            self._presets.show_preset(draft.preset_id)
        self._dialog.focus_start()

    def _show(self, draft: KeptDraft) -> bool:
        """Show `draft` as far as it fits. Returns False if nothing does.

        Another version of the program may have written it.
        """
        for timer in self._timers:
            timer.stop()
        self._removed, self._is_edited = None, False
        request = draft.content.get("request")
        fits_form = isinstance(request, Mapping)
        reduced = {**self._blank, "request": request, "unsent": None, "is_edited": True}
        for content in (draft.content, reduced) if fits_form else ():
            try:
                self._dialog.restore(content)
                self._dialog.content()  # it raises too for what doesn't fit
            except (TypeError, ValueError, LookupError, AttributeError) as error:
                _log.warning("A draft doesn't fit the form: %s", type(error).__name__)
            else:
                self._shown, self._misfit = draft, None
                self._draft_id = draft.draft_id
                self._update_bar()
                return True
        self._dialog.restore(self._blank)
        # It stays stored, for the version that wrote it.
        self._shown, self._misfit = None, draft
        self._draft_id = _new_id()
        self._update_bar()
        return False

    def _update_bar(self) -> None:
        text = button = other = ""
        offered = self._offered()
        if self._shown is not None:
            text, button = (
                _("{named} restored").format(named=self._named(self._shown)),
                _("Start over"),
            )
        elif self._removed is not None:
            text, button = _("{named} removed").format(named=self._named(self._removed)), _("Undo")
        elif self._misfit is not None:
            text = _("{named} can’t be read by this version of the program").format(
                named=self._named(self._misfit)
            )
        if offered:
            newest = offered[0]
            text = text or _("{named} is kept").format(named=self._named(newest))
            key = in_menu(short_key(newest.customer_key, _KEY_IN_BUTTON))
            other = (
                _("Open draft for {key}").format(key=key)
                if newest.customer_key
                else _("Open the other draft")
            )
        self.bar.show_text(text, button, other)

    def _named(self, draft: KeptDraft) -> str:
        time = time_or_date(draft.kept_at, self._drafts.clock())
        if not draft.customer_key:
            return _("Draft from {time}").format(time=time)
        return _("Draft for {short_key} from {time}").format(
            short_key=short_key(draft.customer_key, KEY_CHARACTERS), time=time
        )


_ACCEPTED = QDialog.DialogCode.Accepted.value


def _new_id() -> str:
    return str(uuid.uuid4())


def _is_typed(content: Mapping[str, Any], blank: Mapping[str, Any]) -> bool:
    """Whether something was entered that isn't in the request."""
    return content.get("json") is not None or content["unsent"] != blank["unsent"]
