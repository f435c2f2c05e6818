"""The fields of one template: its name, its language and its four texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from seam_portal_desktop.domain.message.template import (
    MessageTemplate,
    TemplateError,
    TemplatePart,
)
from seam_portal_desktop.domain.message.template_file import LONGEST_NAME
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.templates.source_edit import SourceEdit
from seam_portal_desktop.ui.templates.template_list import language_name
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox, Field, FieldNote, heading
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone


class EditorPage(StrEnum):
    """What is edited together."""

    TEXT = "text"
    HTML = "html"
    SMS = "sms"


_PAGES = {
    TemplatePart.SUBJECT: EditorPage.TEXT,
    TemplatePart.TEXT: EditorPage.TEXT,
    TemplatePart.HTML: EditorPage.HTML,
    TemplatePart.SMS: EditorPage.SMS,
}
_SUBJECT_LINES = 2


class TemplateEditor(QWidget):
    """`edited` comes with each change by the user, `page_changed` when other texts are shown.

    The widget `beside` is put beside the texts.
    """

    edited = Signal()
    page_changed = Signal()

    def __init__(
        self, theme: Theme, icons: Icons, beside: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._template: MessageTemplate | None = None
        self.name = Field(_("Name"), icons, self)
        self.name.edit.setObjectName("templateName")
        self.name.edit.setMaxLength(LONGEST_NAME)
        self.locale_box = CalmComboBox(self)
        self.locale_box.setAccessibleName(_("Language"))
        for locale in Locale:
            self.locale_box.addItem(language_name(locale.value), locale.value)
        self._segments = Segments(
            [
                Segment(EditorPage.TEXT, _("Subject and text"), _("Subject and text")),
                Segment(EditorPage.HTML, _("HTML"), _("HTML")),
                Segment(EditorPage.SMS, _("SMS"), _("SMS")),
            ],
            self,
        )
        self.sources = {
            TemplatePart.SUBJECT: SourceEdit(theme, _("Subject"), self, lines=_SUBJECT_LINES),
            TemplatePart.TEXT: SourceEdit(theme, _("Text"), self),
            TemplatePart.HTML: SourceEdit(theme, _("HTML"), self),
            TemplatePart.SMS: SourceEdit(theme, _("SMS"), self),
        }
        self.sources[TemplatePart.HTML].setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.notes = {part: FieldNote(edit, icons) for part, edit in self.sources.items()}
        self._make_layout(beside)
        for edit in self.sources.values():
            edit.textChanged.connect(self.edited)
        self.name.edit.textEdited.connect(self.edited)
        self.locale_box.activated.connect(self.edited)
        self._segments.changed.connect(self._on_page)

    @property
    def page(self) -> EditorPage:
        shown: EditorPage = self._segments.value()
        return shown

    def shows(self, part: TemplatePart) -> bool:
        """Whether this part is on the page that is shown."""
        return _PAGES[part] is self.page

    def show_page(self, part: TemplatePart) -> None:
        """Show the texts that this part belongs to."""
        self._segments.set_value(_PAGES[part])

    def set_words(self, names: Mapping[str, str], filters: Sequence[str]) -> None:
        """What the completion offers."""
        for edit in self.sources.values():
            edit.set_words(names, filters)

    def show_template(self, template: MessageTemplate) -> None:
        """Show it; a shipped one can be read only."""
        is_other = self._template is None or self._template.template_id != template.template_id
        self._template = template
        blocker = QSignalBlocker(self)
        self.name.edit.setText(template.name)
        self.name.note.clear()
        self.locale_box.setCurrentIndex(self.locale_box.findData(template.locale))
        for part, edit in self.sources.items():
            edit.set_source(template.source(part), can_undo=not is_other)
            edit.setReadOnly(template.is_shipped)
        self.name.set_locked(template.is_shipped)
        self.locale_box.setDisabled(template.is_shipped)
        blocker.unblock()
        self.show_problem(None)

    def template(self) -> MessageTemplate | None:
        """The template with what is entered."""
        if self._template is None or self._template.is_shipped:
            return self._template
        return replace(
            self._template,
            name=self.name.edit.text(),
            locale=self.locale_box.currentData(),
            subject=self.sources[TemplatePart.SUBJECT].source(),
            text=self.sources[TemplatePart.TEXT].source(),
            html=self.sources[TemplatePart.HTML].source(),
            sms=self.sources[TemplatePart.SMS].source(),
        )

    def show_problem(self, error: TemplateError | None) -> None:
        """Mark where the template can't be used, or nothing."""
        for part, edit in self.sources.items():
            is_here = error is not None and error.part is part
            edit.set_error_line(error.line if error is not None and is_here else None)
            if error is None or not is_here:
                self.notes[part].clear()
            elif error.line is None:
                self.notes[part].show_error(error.message)
            else:
                self.notes[part].show_error(
                    _("Line {line}: {reason}").format(line=error.line, reason=error.message)
                )
        for page in EditorPage:
            is_wrong = error is not None and _PAGES[error.part] is page
            icon = self._icons.icon("circle-x", Tone.DANGER) if is_wrong else QIcon()
            self._segments.button(page).setIcon(icon)
            self._segments.button(page).setAccessibleDescription(
                _("It has a mistake.") if is_wrong else ""
            )

    def _on_page(self) -> None:
        self._stack.setCurrentIndex(list(EditorPage).index(self.page))
        self.page_changed.emit()

    def _make_layout(self, beside: QWidget) -> None:
        language = QVBoxLayout()
        language.setSpacing(Spacing.XS)
        label = heading(_("Language"), self)
        label.setBuddy(self.locale_box)
        language.addWidget(label)
        language.addWidget(self.locale_box)
        language.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(Spacing.S)
        top.addWidget(self.name, 1, Qt.AlignmentFlag.AlignTop)
        top.addLayout(language)
        self._stack = QStackedWidget(self)
        for page in EditorPage:
            widget = QWidget(self._stack)
            column = QVBoxLayout(widget)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(Spacing.XS)
            for part, edit in self.sources.items():
                if _PAGES[part] is not page:
                    continue
                title = heading(edit.accessibleName(), widget)
                title.setBuddy(edit)
                column.addWidget(title)
                column.addWidget(edit, 0 if part is TemplatePart.SUBJECT else 1)
                column.addWidget(self.notes[part])
            self._stack.addWidget(widget)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Spacing.S)
        rows.addLayout(top)
        rows.addWidget(self._segments, 0, Qt.AlignmentFlag.AlignLeft)
        both = QHBoxLayout()
        both.setSpacing(Spacing.M)
        both.addWidget(self._stack, 1)
        both.addWidget(beside, 1)
        rows.addLayout(both, 1)
