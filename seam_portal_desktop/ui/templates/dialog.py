"""The dialog for the templates of messages: a list, an editor and the finished message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.gate.checks import WARNINGS
from seam_portal_desktop.domain.message.template import (
    MessageTemplate,
    RenderedMessage,
    TemplateError,
)
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.send.message_pane import (
    MessageForm,
    MessagePane,
    RemoveProfile,
    ShownMessage,
)
from seam_portal_desktop.ui.templates.editor import EditorPage, TemplateEditor
from seam_portal_desktop.ui.templates.template_list import TemplateList, language_name
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG, FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    NoticeStrip,
    isolate,
    muted_label,
    number,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel
from seam_portal_desktop.ui.toolkit.save_file import choose_save_file
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_LIST_CHARACTERS = 27
_NAME_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class ShownTemplates:
    """What the dialog shows. `defaults` are the ids of those that the workspace uses.

    `drafts` are the user's own with changes that aren't saved, by id.
    """

    templates: Sequence[MessageTemplate]
    drafts: Mapping[str, MessageTemplate]
    defaults: frozenset[str]


class TemplatesDialog(FormDialog):
    """The controller calls `show_templates`, answers the signals, and shows each message.

    The signals carry a template_id. `edited` and `save_requested` carry a MessageTemplate with what
    is entered; `chosen` comes when another template is shown.
    """

    chosen = Signal(str)
    edited = Signal(object)
    save_requested = Signal(object)
    copy_requested = Signal(str)
    discard_requested = Signal(str)
    delete_requested = Signal(str)
    default_requested = Signal(str, bool)
    import_requested = Signal(Path)
    export_requested = Signal(str, Path)

    grows = False

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        remove_profile: RemoveProfile,
        engine_obstacle: str | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Message templates"))
        self._shown = ShownTemplates((), {}, frozenset())
        self._rendered: RenderedMessage | None = None
        self._problem: UserFacingError | None = None
        self.language_filter = CalmComboBox(self)
        self.language_filter.setAccessibleName(_("Show the templates of"))
        self.language_filter.addItem(_("All languages"), "")
        for locale in Locale:
            self.language_filter.addItem(language_name(locale.value), locale.value)
        self.list = TemplateList(icons, self)
        self.import_button = self._button(_("Import…"), "download", self._import)
        result = _Result(self)
        self.shown_with = ElidedLabel(result)
        set_kind(self.shown_with, "muted")
        self.message = MessagePane(
            theme, icons, result, remove_profile=remove_profile, engine_obstacle=engine_obstacle
        )
        self.warnings = FieldNote(self.message, icons)
        column = QVBoxLayout(result)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        for widget in (self.shown_with, self.message, self.warnings):
            column.addWidget(widget, 1 if widget is self.message else 0)
        self.editor = TemplateEditor(theme, icons, result, self)
        self.is_default = QCheckBox(_("Use by default in this workspace"), self)
        self.copy_button = self._button(_("Copy"), "copy", self._copy)
        self.export_button = self._button(_("Export…"), "upload", self._export)
        self.delete_button = self._button(_("Delete"), "trash-2", self._delete)
        self.discard_button = self._button(_("Back to the saved version"), "undo-2", self._discard)
        set_kind(self.discard_button, "link")
        self.state = muted_label(parent=self)
        self._undo_strip = NoticeStrip(_("Undo"), self)
        self.undo_button = self._undo_strip.button
        self._make_layout()
        self.language_filter.activated.connect(lambda _: self._show_list())
        self.list.chosen.connect(self._choose)
        self.editor.edited.connect(self._on_edited)
        self.editor.page_changed.connect(self._show_message)
        self.is_default.clicked.connect(lambda on: self.default_requested.emit(self.current_id, on))
        self.set_submit(_("Save"), loud=False)
        self.resize(LARGEST_DIALOG)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def current_id(self) -> str:
        template = self.editor.template()
        return template.template_id if template is not None else ""

    def show_templates(self, shown: ShownTemplates, current: str = "") -> None:
        """Show them, and `current` in the editor; without one, that which is shown now."""
        self._shown = shown
        self.error_card.clear()
        wanted = current or self.current_id
        template = self._template(wanted) or (shown.templates[0] if shown.templates else None)
        if template is None:
            return
        hidden = self.language_filter.currentData() not in ("", template.locale)
        if hidden:
            self.language_filter.setCurrentIndex(0)
        self.editor.show_template(shown.drafts.get(template.template_id, template))
        self._show_list()
        self._update()

    def set_marks(self, shown: ShownTemplates) -> None:
        """What is unsaved or a default changed; the editor stays as it is."""
        self._shown = shown
        self._show_list()
        self._update()

    def show_deleted(self, name: str) -> None:
        """Offer to undo the deletion of the template with that name."""
        self._undo_strip.show_text(
            _("{template} is deleted.").format(template=isolate(shortened(name, _NAME_CHARACTERS)))
        )

    def hide_undo(self) -> None:
        self._undo_strip.hide()
        self.list.setFocus()

    def show_rendered(self, rendered: RenderedMessage) -> None:
        self._rendered, self._problem = rendered, None
        self.editor.show_problem(None)
        sentences = [WARNINGS[each] for each in rendered.warnings]
        if sentences:
            self.warnings.show_note("\n".join(sentences), Tone.WARNING)
        else:
            self.warnings.clear()
        self._show_message()

    def show_problem(self, error: UserFacingError) -> None:
        """Why there is no message; for a template, at its line."""
        self._rendered, self._problem = None, error
        self.warnings.clear()
        self.editor.show_problem(error if isinstance(error, TemplateError) else None)
        self._show_message()

    def submit(self) -> None:
        """Save; a shipped one is copied."""
        template = self.editor.template()
        if template is None or self.is_busy or not self.submit_button.isEnabled():
            return
        if template.is_shipped:
            self.copy_requested.emit(template.template_id)
        else:
            self.save_requested.emit(template)

    def done(self, result: int) -> None:
        super().done(result)
        self.message.end()

    def sizeHint(self) -> QSize:
        return LARGEST_DIALOG

    def _template(self, template_id: str) -> MessageTemplate | None:
        """The one with this id, as it is saved."""
        return next(
            (each for each in self._shown.templates if each.template_id == template_id), None
        )

    def _show_list(self) -> None:
        locale = self.language_filter.currentData()
        order = [each.value for each in Locale]
        listed = [each for each in self._shown.templates if locale in ("", each.locale)]
        # The only one of a language needs no mark.
        locales = Counter(each.locale for each in self._shown.templates)
        defaults = {
            each.template_id
            for each in listed
            if each.template_id in self._shown.defaults and locales[each.locale] > 1
        }
        listed.sort(key=lambda each: (order.index(each.locale), each.is_shipped))
        self.list.show_templates(listed, defaults, self._shown.drafts.keys(), self.current_id)

    def _choose(self, template_id: str) -> None:
        template = self._template(template_id)
        if template is None or template_id == self.current_id:
            return
        self.error_card.clear()
        self.editor.show_template(self._shown.drafts.get(template_id, template))
        self._update()
        self.chosen.emit(template_id)

    def _on_edited(self) -> None:
        template = self.editor.template()
        if template is not None and not template.is_shipped:
            self.edited.emit(template)

    def _show_message(self) -> None:
        """The form of the message that belongs to the texts which are edited, or the problem."""
        rendered, problem = self._rendered, self._problem
        if isinstance(problem, TemplateError) and self.editor.shows(problem.part):
            problem = UserFacingError(problem.title, _("The reason is below the template’s text."))
        if problem is not None:
            self.message.show_error(problem)
        if rendered is None:
            return
        forms = {
            EditorPage.TEXT: (MessageForm.TEXT, rendered.text),
            EditorPage.HTML: (MessageForm.HTML, "")
            if rendered.html
            else (
                MessageForm.TEXT,
                rendered.text,
            ),
            EditorPage.SMS: (MessageForm.TEXT, rendered.sms or rendered.text),
        }
        if self.editor.page is EditorPage.SMS:
            rendered = RenderedMessage("", rendered.text)
        self.message.show_message(ShownMessage(rendered, forms=(forms[self.editor.page],)))

    def _update(self) -> None:
        """Buttons and sentences for the template that is shown."""
        template = self._template(self.current_id)
        if template is None:
            return
        is_unsaved = template.template_id in self._shown.drafts
        if template.is_shipped:
            self.set_submit(_("Copy to change it"), loud=False)
            self.state.setText(_("Comes with the program. Make a copy to change it."))
        else:
            self.set_submit(_("Save"), loud=False)
            text = (
                _("Version {version}, with changes that are not saved.")
                if is_unsaved
                else (_("Version {version}, saved."))
            )
            self.state.setText(text.format(version=number(template.version)))
        self.submit_button.setEnabled(template.is_shipped or is_unsaved)
        self.copy_button.setVisible(not template.is_shipped)
        self.delete_button.setVisible(not template.is_shipped)
        self.discard_button.setVisible(is_unsaved)
        blocker = QSignalBlocker(self.is_default)
        is_default = template.template_id in self._shown.defaults
        self.is_default.setChecked(is_default)
        # Without another one there is always the shipped template.
        self.is_default.setDisabled(template.is_shipped and is_default)
        blocker.unblock()

    def _copy(self) -> None:
        self.copy_requested.emit(self.current_id)

    def _discard(self) -> None:
        self.discard_requested.emit(self.current_id)

    def _delete(self) -> None:
        self.delete_requested.emit(self.current_id)

    def _import(self) -> None:
        chooser = QFileDialog(self, _("Import a template"), "", _file_filter())
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(lambda path: self.import_requested.emit(Path(path)))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _export(self) -> None:
        template = self._template(self.current_id)
        if template is not None:
            choose_save_file(
                self,
                _("Export the template"),
                f"{_file_name(template.name)}.json",
                _file_filter(),
                lambda path: self.export_requested.emit(template.template_id, path),
            )

    def _button(self, text: str, icon: str, on_click: Callable[[], None]) -> QPushButton:
        button = QPushButton(self.icons.icon(icon), text, self)
        button.setAutoDefault(False)
        set_kind(button, "secondary")
        button.clicked.connect(on_click)
        return button

    def _make_layout(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Spacing.S)
        left.addWidget(self.language_filter)
        left.addWidget(self.list, 1)
        left.addWidget(self.import_button)
        width = self.fontMetrics().averageCharWidth() * _LIST_CHARACTERS
        for widget in (self.language_filter, self.list, self.import_button):
            widget.setFixedWidth(width)
        buttons = QHBoxLayout()
        buttons.setSpacing(Spacing.S)
        buttons.addWidget(self.is_default, 1)
        for button in (
            self.copy_button,
            self.export_button,
            self.delete_button,
        ):
            buttons.addWidget(button)
        right = QVBoxLayout()
        right.setSpacing(Spacing.S)
        right.addWidget(self.editor, 1)
        right.addLayout(buttons)
        both = QHBoxLayout()
        both.setSpacing(Spacing.L)
        both.addLayout(left)
        both.addLayout(right, 1)
        self.body.addWidget(self._undo_strip)
        self.body.addLayout(both, 1)
        self._footer.insertWidget(0, self.state)
        self._footer.insertWidget(1, self.discard_button)


class _Result(QWidget):
    """Takes the room that there is. A message of any length doesn't make the dialog scroll."""

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 40, metrics.height() * 14)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _file_filter() -> str:
    return _("Message templates (*.json)")


def _file_name(name: str) -> str:
    allowed = "".join(each if each.isalnum() or each in " -_" else "-" for each in name)
    return "-".join(allowed.split()) or "template"
