"""The New portal dialog: type a customer key, press Enter; everything else may stay as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.form import RequestDraft
from seam_portal_desktop.ui.create.sections import (
    CustomerSection,
    FeaturesSection,
    PresentationSection,
    Section,
)
from seam_portal_desktop.ui.form_dialog import FormDialog
from seam_portal_desktop.ui.form_parts import isolate, plain_label, shortened
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.theme import Space, Theme, set_kind
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

if TYPE_CHECKING:
    from seam_portal_desktop.domain.portal_request import PortalRequest

_KEY_CHARACTERS = 60


class NewPortalDialog(FormDialog):
    """Open it with open(). On `create_requested` the presenter takes `request()`.

    While Seam is asked: set_busy(True). Then accept(), or show_error() or show_unknown_outcome(),
    which end the busy state and keep everything that was typed. After `cancel_requested` the
    presenter calls show_unknown_outcome() or set_busy(False) once the work has stopped.
    """

    create_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self._base: PortalRequest | None = None
        self._may_exist = False
        self._create_text = "Create"
        self._loud = False
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)

        self.customer = CustomerSection(icons, self)
        self.features = FeaturesSection(icons, self)
        self.presentation = PresentationSection(icons, self)
        self._sections: tuple[Section, ...] = (self.customer, self.features, self.presentation)
        for section in self._sections:
            self.body.addWidget(section)
            self.body.addSpacing(Space.S)
            section.changed.connect(section.clear_errors)
            section.changed.connect(self._edited)
        self.presentation.set_titles_width(self.features.titles_width())
        self._carried = plain_label(wrap=True, parent=self)
        set_kind(self._carried, "muted")
        self._carried.hide()
        self.body.addWidget(self._carried)
        self.body.addStretch(1)
        self.customer.key.returnPressed.connect(self._explain_empty_key)
        self.set_workspace("", WorkspaceKind.PRODUCTION, demo=False)
        self._edited()

    @property
    def create_button(self) -> QPushButton:
        return self.submit_button

    def set_workspace(self, label: str, kind: WorkspaceKind, demo: bool) -> None:  # noqa: FBT001
        """Where the portal will be made. Everything says so when that is production."""
        self._loud = kind is WorkspaceKind.PRODUCTION and not demo
        if demo:
            title, self._create_text = "New portal in the demo", "Create in the demo"
        elif self._loud:
            title, self._create_text = "New portal in PRODUCTION", "Create in PRODUCTION"
        else:
            title, self._create_text = "New portal", "Create"
        self.setWindowTitle(title)
        self.strip.set_workspace(label, kind, demo=demo)
        self._word_buttons()

    def set_customer_keys(self, keys: Sequence[str]) -> None:
        """The keys to complete from, the most useful first."""
        self.customer.set_customer_keys(keys)

    def request(self) -> PortalRequest:
        """The request as the form shows it, with whatever else a filled-in request carried."""
        draft = RequestDraft(self._base)
        for section in self._sections:
            section.read(draft)
        return draft.build()

    def fill(self, request: PortalRequest) -> None:
        """Start from `request`; the parts that this form doesn't show go along and are named."""
        self._base = request
        draft = RequestDraft(request)
        for section in self._sections:
            section.fill(draft)
        owned = {path for section in self._sections for path in section.owned}
        carried = draft.carried(owned)
        self._carried.setText(f"Also copied, unchanged: {', '.join(carried)}." if carried else "")
        self._carried.setVisible(bool(carried))
        self.customer.key.selectAll()

    def submit(self) -> None:
        if self.create_button.isEnabled():
            self.create_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        if locked:
            # A disabled control would hand its focus, and so the next Enter, to 'Cancel'.
            self.customer.key.setFocus()
            for section in self._sections:
                section.clear_errors()
        for section in self._sections:
            section.lock(locked)

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        if busy:
            self._may_exist = False
        self._word_buttons()

    def show_error(self, error: UserFacingError) -> None:
        """Nothing was created. Reasons are shown at the fields they name, the rest in a card."""
        self.set_busy(False)
        fields = dict(error.fields) if isinstance(error, InvalidRequestError) else {}
        wrong: list[QWidget] = []
        for section in self._sections:
            for path, reasons in list(fields.items()):
                field = section.show_error(path, " ".join(reasons))
                if field is not None:
                    wrong.append(field)
                    del fields[path]
        notes = [f"{path}: {' '.join(reasons)}" for path, reasons in fields.items()]
        self.error_card.set_error(error, notes=notes)
        self.show_top()
        if wrong:
            first = min(wrong, key=lambda field: field.mapTo(self, QPoint()).toTuple()[::-1])
            first.setFocus()
            self.body_scroll.ensureWidgetVisible(first)
        else:
            self.customer.key.setFocus()

    def show_unknown_outcome(self, error: UserFacingError) -> None:
        """A link may exist. Creating again is offered, but Enter closes: it would be a second."""
        self.set_busy(False)
        self._may_exist = True
        customer = isolate(shortened(self.customer.customer_key(), _KEY_CHARACTERS))
        note = (
            f"A link for {customer} may exist. The list keeps this try as ‘Unknown outcome’ and "
            "can ask Seam about it. Creating again may make a second link."
        )
        self.error_card.set_error(error, notes=[note])
        self._word_buttons()
        self.show_top()
        self.dismiss_button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.customer.key.setFocus()

    def _edited(self) -> None:
        self._may_exist = False
        self._word_buttons()

    def _word_buttons(self) -> None:
        text = self._create_text
        if self._may_exist:
            text = text.replace("Create", "Create again", 1)
        self.set_submit(text, loud=self._loud)
        if self._may_exist:
            self.dismiss_button.setDefault(True)
        self.create_button.setEnabled(not self.is_busy and bool(self.customer.customer_key()))

    def _explain_empty_key(self) -> None:
        if not self.customer.customer_key():
            self.customer.note.show_error("Type the customer’s key first.")
