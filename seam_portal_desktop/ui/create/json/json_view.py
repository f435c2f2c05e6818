"""The request as JSON: the other way to write what the form writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.ui.create.json.code_snippets import ApiTarget, as_curl, as_python
from seam_portal_desktop.ui.create.json.json_editor import JsonEditor, Mark
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import one_line, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest
    from seam_portal_desktop.domain.request.problems import Problem
    from seam_portal_desktop.domain.request.text import PlacedProblem, ReadRequest

_CHECK_AFTER_MS = 150
_PROBLEMS_SEEN = 4


class JsonView(QWidget):
    """Give it the form's request with `set_request`; after `changed`, `request()` is what the text
    says, or None while it breaks the contract, and `problems()` says how.

    A text that is not valid is never lost: showing the same request again leaves it alone, and
    when another takes its place it can be brought back.
    """

    changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._target = ApiTarget()
        self._read: ReadRequest | None = None
        self._text = ""
        self._shown = b""
        self._set_aside = ""
        self._setting = False
        self._typed = False

        self.curl_button = self._copier("Copy as cURL", "copyAsCurl", as_curl)
        self.python_button = self._copier("Copy as Python", "copyAsPython", as_python)
        self.tidy_button = QPushButton("Tidy up", self)
        self.tidy_button.setObjectName("tidyJson")
        self.tidy_button.setToolTip("Write the same request with one field to a line")
        self.tidy_button.clicked.connect(self._tidy)
        self.copied_note = plain_label(wrap=True, parent=self)
        self.copied_note.hide()
        set_kind(self.copied_note, "muted")
        self.editor = JsonEditor(theme, icons, self._take_whole, self)
        self.editor.setObjectName("requestJson")
        self.setFocusProxy(self.editor)
        self._notice, self._notice_text, self.bring_back_button = self._make_notice()
        self._verdict_mark = IconView(parent=self)
        self._verdict = plain_label(wrap=True, parent=self)
        self.problem_list = self._make_problem_list()
        self._lay_out()

        self._check_soon = QTimer(self)
        self._check_soon.setSingleShot(True)
        self._check_soon.setInterval(_CHECK_AFTER_MS)
        self._check_soon.timeout.connect(self._check)
        self.editor.textChanged.connect(self._edited)
        theme.changed.connect(self._judge)

    def set_target(self, target: ApiTarget) -> None:
        """Where the copied commands send their request."""
        self._target = target

    def set_request(self, request: PortalRequest | Mapping[str, Any]) -> None:
        """Show `request`, as the form has it; a Mapping holds it as JSON would, right or wrong.

        The text stays as it is when it says the same, or said the same before it became invalid.
        """
        from seam_portal_desktop.domain.request.text import write_request

        written = write_request(request)
        shown = _canonical(json.loads(written))
        self._flush()
        if shown == self._shown:
            return
        if self._typed and self._read is not None and self._read.request is None:
            self._set_aside = self.editor.text()
            self._notify("The form was changed meanwhile. What you wrote here is kept.")
        self._shown = shown
        self._replace(written)
        self._typed = False

    def request(self) -> PortalRequest | None:
        """What the text says; None while it isn't JSON or breaks the contract."""
        self._flush()
        return self._read.request if self._read else None

    def problems(self) -> list[Problem]:
        """What is wrong, errors and warnings, in the text's order."""
        self._flush()
        return [placed.problem for placed in self._read.problems] if self._read else []

    def show_problem(self, path: str) -> bool:
        """Go to the field that `path` names; False when the text has no such problem."""
        self._flush()
        for placed in self._read.problems if self._read else ():
            if placed.problem.path == path:
                self.editor.go_to(placed.start, placed.end)
                return True
        return False

    def lock(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Readable but unchangeable, while Seam is asked."""
        self.editor.setReadOnly(locked)
        self._judge()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._make_room)

    def _make_room(self) -> None:
        """Let the window be tall enough for a good part of the text, where the screen is."""
        window = self.window()
        missing = self.editor.sizeHint().height() - self.editor.height()
        room = self.screen().availableGeometry().height() - 2 * Spacing.XL
        if missing > 0 and window.height() < room:
            window.resize(window.width(), min(window.height() + missing, room))

    def _lay_out(self) -> None:
        bar = QWidget(self)
        buttons = FlowLayout(bar, spacing=Spacing.S)
        for button in (self.curl_button, self.python_button, self.tidy_button):
            button.setAutoDefault(False)
            set_kind(button, "secondary")
            buttons.addWidget(button)
        verdict = QHBoxLayout()
        verdict.setSpacing(Spacing.XS)
        verdict.addWidget(self._verdict_mark, 0, Qt.AlignmentFlag.AlignTop)
        verdict.addWidget(self._verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Spacing.XL, Spacing.M, Spacing.XL, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(bar)
        column.addWidget(self.copied_note)
        column.addWidget(self._notice)
        column.addWidget(self.editor, 1)
        column.addLayout(verdict)
        column.addWidget(self.problem_list)

    def _make_problem_list(self) -> QListWidget:
        problems = QListWidget(self)
        problems.setAccessibleName("What is wrong with the JSON")
        problems.setTextElideMode(Qt.TextElideMode.ElideRight)
        problems.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = self.fontMetrics().height()
        problems.setIconSize(QSize(side, side))
        set_kind(problems, "card")
        problems.itemClicked.connect(self._go_to)
        problems.itemActivated.connect(self._go_to)
        problems.hide()
        return problems

    def _make_notice(self) -> tuple[QFrame, QLabel, QPushButton]:
        frame = QFrame(self)
        set_kind(frame, "banner", Tone.INFO)
        text = plain_label(wrap=True, parent=frame)
        button = QPushButton("Bring it back", frame)
        button.setObjectName("bringBackJson")
        button.setAutoDefault(False)
        set_kind(button, "link")
        button.clicked.connect(self._bring_back)
        row = QHBoxLayout(frame)
        row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        row.addWidget(text, 1)
        row.addWidget(button)
        frame.hide()
        return frame, text, button

    def _notify(self, text: str) -> None:
        self._notice_text.setText(text)
        self.bring_back_button.setVisible(bool(self._set_aside))
        self._notice.show()
        announce(self._notice, text)

    def _bring_back(self) -> None:
        text, self._set_aside = self._set_aside, ""
        self._notice.hide()
        self.editor.replace_text(text)
        self.editor.setFocus()

    def _copier(
        self, text: str, name: str, write: Callable[[Mapping[str, Any], ApiTarget], str]
    ) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)

        def copy() -> None:
            request = self.request()
            if request is not None:
                import msgspec

                wire = msgspec.json.decode(msgspec.json.encode(request))
                QGuiApplication.clipboard().setText(write(wire, self._target))
                self.copied_note.setText(
                    f"Copied, without your key: put that into {self._target.variable} first."
                )
                self.copied_note.show()
                announce(button, self.copied_note.text())

        button.clicked.connect(copy)
        return button

    def _take_whole(self, text: str) -> bool:
        """Whether `text` is a whole request; then it takes the place of what is there."""
        from seam_portal_desktop.domain.request.text import is_whole_request

        if self.editor.isReadOnly() or not is_whole_request(text):
            return False
        had_text = bool(self.editor.text().strip())
        self.editor.replace_text(text.strip())
        self._set_aside = ""
        if had_text:
            self._notify("The pasted request took the place of the text. Undo brings that back.")
        return True

    def _tidy(self) -> None:
        from seam_portal_desktop.domain.request.text import write_request

        request = self.request()
        if request is not None:
            self.editor.replace_text(write_request(request))
            self.editor.setFocus()

    def _replace(self, text: str) -> None:
        self._setting = True
        self.editor.replace_text(text)
        self._check()
        self._setting = False

    def _edited(self) -> None:
        # Qt says so as well when only the colours changed.
        if not self._setting and self.editor.text() != self._text:
            self._typed = True
            self._check_soon.start()

    def _flush(self) -> None:
        if self._check_soon.isActive():
            self._check_soon.stop()
            self._check()

    def _check(self) -> None:
        from seam_portal_desktop.domain.request.text import read_request

        self._text = self.editor.text()
        self._read = read_request(self._text)
        if self._read.request is not None:
            import msgspec

            self._shown = _canonical(msgspec.json.decode(msgspec.json.encode(self._read.request)))
        self._judge()
        if not self._setting:
            self.changed.emit()

    def _judge(self) -> None:
        """Say what the text is worth, and where it is wrong."""
        if self._read is None:
            return
        valid = self._read.request is not None
        for button in (self.curl_button, self.python_button):
            button.setEnabled(valid)
        self.tidy_button.setEnabled(valid and not self.editor.isReadOnly())
        self.editor.set_marks([_mark(placed) for placed in self._read.problems])
        tone, icon, text = _verdict(self._read)
        self._verdict_mark.set_icon(self._icons.icon(icon, tone))
        if text != self._verdict.text():
            self._verdict.setText(text)
            announce(self._verdict, text)
        set_kind(self._verdict, "tone", tone)
        self._list_problems(self._read)

    def _list_problems(self, read: ReadRequest) -> None:
        self.problem_list.clear()
        for placed in read.problems:
            tone = _tone(placed)
            icon = "circle-x" if tone is Tone.DANGER else "triangle-alert"
            where = one_line(placed.problem.path)
            text = f"Line {placed.line}: {placed.problem.reason}"
            item = QListWidgetItem(
                self._icons.icon(icon, tone), f"{text} ({where})" if where else text
            )
            item.setToolTip(item.text())
            item.setData(Qt.ItemDataRole.UserRole, (placed.start, placed.end))
            self.problem_list.addItem(item)
        rows = min(self.problem_list.count(), _PROBLEMS_SEEN)
        self.problem_list.setVisible(rows > 0)
        if rows:
            frame = 2 * (self.problem_list.frameWidth() + 1)
            self.problem_list.setFixedHeight(self.problem_list.sizeHintForRow(0) * rows + frame)

    def _go_to(self, item: QListWidgetItem) -> None:
        start, end = item.data(Qt.ItemDataRole.UserRole)
        self.editor.go_to(start, end)


def _canonical(wire: Any) -> bytes:  # noqa: ANN401 - whatever JSON holds
    """The same bytes for the same request, however it is written."""
    return json.dumps(wire, sort_keys=True).encode()


def _tone(placed: PlacedProblem) -> Tone:
    return Tone.DANGER if placed.problem.level == "error" else Tone.WARNING


def _mark(placed: PlacedProblem) -> Mark:
    return Mark(placed.start, placed.end, _tone(placed), placed.problem.reason)


def _verdict(read: ReadRequest) -> tuple[Tone, str, str]:
    """The tone, the icon and the words for what was read."""
    number = len(read.problems) + read.left_out
    problems = "1 problem" if number == 1 else f"{number} problems"
    if read.request is None:
        text = f"{problems}. The form keeps the last request that was right."
        return Tone.DANGER, "circle-x", text
    if any(placed.problem.level == "error" for placed in read.problems):
        return Tone.DANGER, "circle-x", f"{problems}. Seam would refuse this request."
    if number:
        things = "1 thing" if number == 1 else f"{number} things"
        return Tone.WARNING, "triangle-alert", f"This can be sent. {things} to look at."
    return Tone.SUCCESS, "circle-check", "This is a valid request. The form shows the same."
