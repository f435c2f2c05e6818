"""The request as JSON, which can be edited like the form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.request.steps import Steps, finish
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.json.code_snippets import ApiTarget, as_curl, as_python
from seam_portal_desktop.ui.create.json.json_editor import (
    MAX_LINE,
    MAX_WRITTEN_CHARACTERS,
    MAX_WRITTEN_LINES,
    JsonEditor,
    Mark,
    longest_line,
)
from seam_portal_desktop.ui.create.problem_panel import ProblemPanel, problem_tone
from seam_portal_desktop.ui.create.step_runner import StepRunner
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import NoticeStrip, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce, copy_text
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest
    from seam_portal_desktop.domain.request.problems import Problem
    from seam_portal_desktop.domain.request.text import ParsedRequest

_CHECK_DELAY_MS = 150
_KEPT = _("The form was changed meanwhile. What you wrote here is kept.")


class JsonView(QWidget):
    """set_request() shows the form's request. After `changed`, request() is the text's request,
    or None while the text breaks the contract.

    A text that is not valid is never lost: the same request again doesn't replace it, and after
    another request the user can bring it back.
    """

    changed = Signal()
    unfinished_chosen = Signal(int)
    """The place of a problem among `unfinished`, which the text doesn't have."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        clock: Clock = system_clock,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self.unfinished: Callable[[], Sequence[Problem]] = lambda: ()
        self._target = ApiTarget()
        self._parsed: ParsedRequest | None = None
        self._checked_text = ""
        self._canonical = b""
        self._replaced_text = ""
        self._is_setting = False
        self._is_typed = False
        self.curl_button = self._copy_button(_("Copy as cURL"), "copyAsCurl", as_curl)
        self.python_button = self._copy_button(_("Copy as Python"), "copyAsPython", as_python)
        self.tidy_button = self._button(_("Tidy up"), "tidyJson", self._tidy)
        self.tidy_button.setToolTip(_("Write the same request with one field to a line"))
        self.copied_note = plain_label(wrap=True, parent=self)
        self.copied_note.hide()
        set_kind(self.copied_note, "muted")
        self.editor = JsonEditor(theme, icons, self._replace_by_pasted, self)
        self.editor.setObjectName("requestJson")
        self.setFocusProxy(self.editor)
        self._notice = NoticeStrip(_("Bring it back"), self)
        self.bring_back_button = self._notice.button
        self.bring_back_button.setObjectName("bringBackJson")
        self.bring_back_button.clicked.connect(self._bring_back)
        self.problems = ProblemPanel(icons, self)
        self.problems.problem_chosen.connect(self._go_to)
        self._make_layout()
        self._check_delay = QTimer(self)
        self._check_delay.setSingleShot(True)
        self._check_delay.setInterval(_CHECK_DELAY_MS)
        self._check_delay.timeout.connect(self._start_check)
        self._runner = StepRunner(self)
        self._runner.done.connect(self._on_read)
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.too_long.connect(self._show_notice)
        theme.changed.connect(self._show_result)

    def set_target(self, target: ApiTarget) -> None:
        """The workspace that the copied commands send their request to."""
        self._target = target

    def set_request(self, request: PortalRequest | Mapping[str, Any]) -> None:
        """Show `request`; a Mapping has it as JSON, unchecked.

        The text stays if it means the same, or meant the same before it became invalid.
        """
        from seam_portal_desktop.domain.request.text import write_request

        written = write_request(request)
        canonical = _canonical(json.loads(written))
        self._check_pending()
        if canonical == self._canonical:
            return
        if self._is_typed and self._parsed is not None and self._parsed.request is None:
            self._replaced_text = self.editor.text()
            self._show_notice(_KEPT)
        self._canonical = canonical
        self._is_setting = True
        self.editor.replace_text(written)
        self._check()
        self._is_setting = False
        self._is_typed = False

    def request(self) -> PortalRequest | None:
        """The text's request; None while it isn't JSON or breaks the contract."""
        self._check_pending()
        return self._parsed.request if self._parsed else None

    def typed(self) -> list[str] | None:
        """The text, and the one that another request replaced. None: nothing was typed."""
        self._check_pending()
        return [self.editor.text(), self._replaced_text] if self._is_typed else None

    def restore(self, typed: Sequence[str] | None, request: Mapping[str, Any]) -> None:
        """Show what typed() returned. The form has `request`, as JSON has it."""
        self._check_delay.stop()
        self._runner.cancel()
        self._is_typed, self._replaced_text, self._canonical = False, "", b""
        self._notice.hide()
        if typed is None:
            return
        self.set_request(request)
        text, self._replaced_text = typed
        self._is_setting = True
        self.editor.replace_text(text)
        self._check()
        self._is_setting = False
        self._is_typed = True
        if self._replaced_text:
            self._show_notice(_KEPT)

    def broken_text(self) -> Problem | None:
        """That there is a text which the form doesn't show, because it has problems."""
        if not self._is_typed or self._parsed is None or self._parsed.request is not None:
            return None
        from seam_portal_desktop.domain.request.problems import Problem, ProblemLevel

        number = len(self._parsed.problems) + self._parsed.omitted
        reason = ngettext(
            "What you wrote as JSON has 1 problem, so the form doesn’t show it",
            "What you wrote as JSON has {count} problems, so the form doesn’t show it",
            number,
        ).format(count=number)
        return Problem("", reason, ProblemLevel.WARNING)

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Readable but unchangeable, while Seam is asked."""
        self.editor.setReadOnly(locked)
        self._show_result()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._grow_window)

    def _grow_window(self) -> None:
        """Make the window taller for the text, as far as the screen has room."""
        window = self.window()
        missing = self.editor.sizeHint().height() - self.editor.height()
        room = self.screen().availableGeometry().height() - 2 * Spacing.XL
        if missing > 0 and window.height() < room:
            window.resize(window.width(), min(window.height() + missing, room))

    def _make_layout(self) -> None:
        bar = QWidget(self)
        buttons = FlowLayout(bar, spacing=Spacing.S)
        for button in (self.curl_button, self.python_button, self.tidy_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.XL, Spacing.M, Spacing.XL, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(bar)
        column.addWidget(self.copied_note)
        column.addWidget(self._notice)
        column.addWidget(self.editor, 1)
        column.addWidget(self.problems)

    def _show_notice(self, text: str) -> None:
        self.bring_back_button.setVisible(bool(self._replaced_text))
        self._notice.show_text(text)

    def _bring_back(self) -> None:
        text, self._replaced_text = self._replaced_text, ""
        self._notice.hide()
        self.editor.replace_text(text)
        self.editor.setFocus()

    def _button(self, text: str, name: str, on_click: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        set_kind(button, "secondary")
        button.clicked.connect(on_click)
        return button

    def _copy_button(
        self, text: str, name: str, write: Callable[[Mapping[str, Any], ApiTarget], str]
    ) -> QPushButton:
        def copy() -> None:
            request = self.request()
            if request is not None:
                copy_text(write(_wire(request), self._target))
                self.copied_note.setText(
                    _("Copied, without your key: put that into {variable} first.").format(
                        variable=self._target.variable
                    )
                )
                self.copied_note.show()
                announce(button, self.copied_note.text())

        button = self._button(text, name, copy)
        return button

    def _replace_by_pasted(self, text: str) -> bool:
        """Replace the whole text if `text` is a whole request. Returns whether it was.

        A request that would be too long is refused, with a notice.
        """
        from seam_portal_desktop.domain.request.text import (
            is_whole_request,
            read_json,
            write_request,
        )

        if self.editor.isReadOnly() or not is_whole_request(text):
            return False
        had_text = bool(self.editor.text().strip())
        text = text.strip()
        if longest_line(text) <= MAX_LINE:
            self.editor.replace_text(text)
        elif not self._replace_by_written(write_request(read_json(text))):
            return True
        self._replaced_text = ""
        if had_text:
            self._show_notice(
                _("The pasted request took the place of the text. Undo brings that back.")
            )
        return True

    def _tidy(self) -> None:
        from seam_portal_desktop.domain.request.text import write_request

        request = self.request()
        if request is not None and self._replace_by_written(write_request(request)):
            self.editor.setFocus()

    def _replace_by_written(self, text: str) -> bool:
        """Replace the whole text by a request with one field to a line. False if it is too long."""
        characters, lines = len(text), text.count("\n") + 1
        if characters <= MAX_WRITTEN_CHARACTERS and lines <= MAX_WRITTEN_LINES:
            self.editor.replace_text(text)
            return True
        number = self.locale().toString
        self._show_notice(
            _(
                "With one field to a line, the request has {characters} characters in "
                "{lines} lines. This editor takes {max_written_characters} characters "
                "in {max_written_lines} lines then. Nothing was changed. Long tables can be "
                "pasted in the form, or read from a CSV file there."
            ).format(
                characters=number(characters),
                lines=number(lines),
                max_written_characters=number(MAX_WRITTEN_CHARACTERS),
                max_written_lines=number(MAX_WRITTEN_LINES),
            )
        )
        return False

    def _on_text_changed(self) -> None:
        # Qt emits this also when only the colours have changed.
        if not self._is_setting and self.editor.text() != self._checked_text:
            self._is_typed = True
            self._runner.cancel()
            self._check_delay.start()

    def _check_pending(self) -> None:
        if self._check_delay.isActive() or self._runner.is_running:
            self._check()

    def _check(self) -> None:
        """Check the text at once."""
        self._check_delay.stop()
        self._runner.cancel()
        self._on_read(finish(self._read()))

    def _start_check(self) -> None:
        self._runner.start(self._read())

    def _read(self) -> Steps[ParsedRequest]:
        from seam_portal_desktop.domain.request.text import read_request

        self._checked_text = self.editor.text()
        return read_request(self._checked_text, self._clock())

    def _on_read(self, parsed: ParsedRequest) -> None:
        self._parsed = parsed
        if self._parsed.request is not None:
            self._canonical = _canonical(_wire(self._parsed.request))
        if not self._is_setting:
            self.changed.emit()
        self._show_result()

    def _show_result(self) -> None:
        if self._parsed is None:
            return
        is_valid = self._parsed.request is not None
        for button in (self.curl_button, self.python_button):
            button.setEnabled(is_valid)
        self.tidy_button.setEnabled(is_valid and not self.editor.isReadOnly())
        self.editor.set_marks(
            [
                Mark(
                    located.start,
                    located.end,
                    problem_tone(located.problem),
                    located.problem.reason,
                )
                for located in self._parsed.problems
            ]
        )
        # A problem without a field is one of the text. Its line says where it is.
        problems = [
            located.problem
            if located.problem.path
            else located.problem.with_reason(
                _("Line {line}: {reason}").format(line=located.line, reason=located.problem.reason)
            )
            for located in self._parsed.problems
        ]
        if is_valid:
            problems += self.unfinished()
        self.problems.show_problems(
            problems, omitted=self._parsed.omitted, is_broken=not is_valid and self._is_typed
        )

    def _go_to(self, at: int) -> None:
        located = self._parsed.problems if self._parsed is not None else ()
        if at < len(located):
            self.editor.select_range(located[at].start, located[at].end)
        else:
            self.unfinished_chosen.emit(at - len(located))


def _wire(request: PortalRequest) -> Any:  # noqa: ANN401 - any JSON value
    import msgspec

    return msgspec.json.decode(msgspec.json.encode(request))


def _canonical(wire: Any) -> bytes:  # noqa: ANN401
    """The same bytes for the same request, however it is written."""
    return json.dumps(wire, sort_keys=True).encode()
