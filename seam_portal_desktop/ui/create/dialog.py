"""The New portal dialog: type a customer key, press Enter; everything else may stay as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSignalBlocker, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.customer import CustomerSection
from seam_portal_desktop.ui.create.data import DataSection
from seam_portal_desktop.ui.create.features import FeaturesSection
from seam_portal_desktop.ui.create.filters import FiltersSection
from seam_portal_desktop.ui.create.fold import Fold
from seam_portal_desktop.ui.create.form import RequestDraft
from seam_portal_desktop.ui.create.look import LookSection
from seam_portal_desktop.ui.create.opens_at import OpensAtSection
from seam_portal_desktop.ui.create.section import Section, reveal
from seam_portal_desktop.ui.create.views import FORM, JSON, RequestView, ViewBar
from seam_portal_desktop.ui.form_dialog import FormDialog
from seam_portal_desktop.ui.form_parts import isolate, shortened
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.theme import Space, Theme, Tone
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import CustomizationProfile, DeviceProvider
    from seam_portal_desktop.domain.portal_request import PortalRequest

_KEY_CHARACTERS = 60
_WIDTH_IN_CHARACTERS = 128
_LARGEST_WIDTH = 960
_NOTHING_SAID = {
    "Features": "Left to the profile",
    "Look": "Left to the profile",
    "Opens at": "Left to the profile",
    "Data": "None sent along",
    "Filters": "Everything is shown",
}


class NewPortalDialog(FormDialog):
    """Open it with open(). On `create_requested` the presenter takes `request()`.

    While Seam is asked: set_busy(True). Then accept(), or show_error() or show_unknown_outcome(),
    which end the busy state and keep everything that was typed. After `cancel_requested` the
    presenter calls show_unknown_outcome() or set_busy(False) once the work has stopped.

    `edited` follows every edit by the user. `customer_search_wanted` carries what to look for
    among Seam's customers, `csv_chosen` the path of a file to read and give to import_csv().
    """

    create_requested = Signal()
    edited = Signal()
    customer_search_wanted = Signal(str)
    csv_chosen = Signal(str)
    vertical_changed = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self._base: PortalRequest | None = None
        self._json: RequestView | None = None
        self._json_widget: QWidget | None = None
        self._wrong: list[QWidget] = []
        self._filling = False
        self._may_exist = False
        self._create_text = "Create"
        self._loud = False
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        self.views = ViewBar(self)
        self.views.chosen.connect(self._show_view)
        self.header.addWidget(self.views)

        self.customer = CustomerSection(icons, self)
        self.features = FeaturesSection(theme, icons, self)
        self.look = LookSection(theme, icons, self)
        self.opens_at = OpensAtSection(theme, icons, self)
        self.data = DataSection(icons, self)
        self.filters = FiltersSection(icons, self.data.metadata, self)
        self.body.addWidget(self.customer)
        self.body.addSpacing(Space.S)
        self._folds: dict[Section, Fold] = {}
        groups: tuple[tuple[str, str, Section], ...] = (
            ("Features", "sliders-horizontal", self.features),
            ("Look", "palette", self.look),
            ("Opens at", "map-pin", self.opens_at),
            ("Data", "database", self.data),
            ("Filters", "list-filter", self.filters),
        )
        for title, icon, section in groups:
            self._folds[section] = fold = Fold(title, icons, icon=icon, parent=self)
            fold.add(section)
            self.body.addWidget(fold)
        self.body.addStretch(1)
        self._sections: tuple[Section, ...] = (self.customer, *self._folds)
        for section in self._sections:
            section.changed.connect(lambda section=section: self._edited(section))
            self._summarise(section)
        self.customer.key.returnPressed.connect(self._explain_empty_key)
        self.customer.search_wanted.connect(self.customer_search_wanted)
        self.data.file_chosen.connect(self.csv_chosen)
        self.data.rows_changed.connect(self.filters.resources_changed)
        self.data.vertical_changed.connect(self._use_vertical)
        self.set_workspace("", WorkspaceKind.PRODUCTION, demo=False)
        width = self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS
        self.resize(min(width, _LARGEST_WIDTH), self.height())

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

    def set_remote_customers(self, keys: Sequence[str]) -> None:
        """The customers that Seam found for the last `customer_search_wanted`."""
        self.customer.set_remote_customers(keys)

    def set_providers(self, providers: Sequence[DeviceProvider]) -> None:
        """The providers to choose from; without them their names can be typed."""
        self.features.set_providers(providers)

    def set_profiles(self, profiles: Sequence[CustomizationProfile]) -> None:
        """The profiles to choose from; without them an id can be typed."""
        self.look.set_profiles(profiles)

    def set_vertical(self, name: str) -> None:
        """Whose words to use: the name of one of VERTICALS; any other name is all of them."""
        self.data.set_vertical(name)

    @property
    def vertical(self) -> str:
        return self.data.vertical.name

    def import_csv(self, data: bytes) -> None:
        """The contents of the file of `csv_chosen`; goes to the kind of data that is shown."""
        self.data.import_csv(data)

    def set_preset_bar(self, widget: QWidget) -> None:
        """Put the presets above the form."""
        self.views.set_presets(widget)

    def set_json_view(self, view: RequestView) -> None:
        """Offer `view`, a widget, beside the form and keep the two the same."""
        widget = cast(QWidget, view)
        self._json, self._json_widget = view, widget
        outer = cast(QVBoxLayout, self.layout())
        outer.insertWidget(outer.indexOf(self.body_scroll) + 1, widget, 1)
        widget.hide()
        view.changed.connect(self._take_json)
        self.views.offer_json()

    def show_json(self, *, shown: bool = True) -> None:
        self.views.segments.set_value(JSON if shown else FORM)

    def wire(self) -> dict[str, Any]:
        """The request as JSON holds it, right or wrong; not to be changed by the caller."""
        return self._draft().wire()

    def request(self) -> PortalRequest:
        """The request as the form shows it. Raises msgspec.ValidationError where it breaks the
        contract; after `create_requested` it doesn't."""
        return self._draft().build()

    def fill(self, request: PortalRequest) -> None:
        """Show `request`, all of it. request() gives it back for as long as nothing is edited.

        `edited` isn't emitted: whoever fills knows.
        """
        self._fill_form(request)
        if self._json is not None and self._is_json:
            self._json.set_request(request)
        self.customer.key.selectAll()

    def submit(self) -> None:
        if self.create_button.isEnabled() and self._is_right():
            self.create_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        if locked:
            # A disabled control would hand its focus, and so the next Enter, to 'Cancel'.
            self.customer.key.setFocus()
            for section in self._sections:
                section.clear_errors()
        for section in self._sections:
            section.lock(locked)
        if self._json is not None:
            self._json.lock(locked)
        self.views.setDisabled(locked)

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        if busy:
            self._may_exist = False
        self._word_buttons()

    def show_error(self, error: UserFacingError) -> None:
        """Nothing was created. Reasons are shown at the fields they name, the rest in a card."""
        self.set_busy(False)
        fields = dict(error.fields) if isinstance(error, InvalidRequestError) else {}
        rest = self._mark({path: " ".join(reasons) for path, reasons in fields.items()})
        notes = [f"{path}: {reason}" for path, reason in rest.items()]
        self.error_card.set_error(error, notes=notes)
        self.show_top()
        self._go_to_first()

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

    @property
    def _is_json(self) -> bool:
        return bool(self.views.segments.value() == JSON)

    def _draft(self) -> RequestDraft:
        draft = RequestDraft(self._base)
        for section in self._sections:
            section.read(draft)
        return draft

    def _fill_form(self, request: PortalRequest) -> None:
        self._filling = True
        try:
            self._base = request
            draft = RequestDraft(request)
            for section in self._sections:
                # One signal for all that is filled in, instead of one for each field.
                quiet = QSignalBlocker(section)
                section.clear_errors()
                section.fill(draft)
                quiet.unblock()
            self.filters.resources_changed()
            for section in self._sections:
                section.changed.emit()
        finally:
            self._filling = False
        self._may_exist = False
        self._word_buttons()

    def _edited(self, section: Section) -> None:
        self._summarise(section)
        if not self._filling:
            section.clear_errors()
            self._may_exist = False
            self._word_buttons()
            self.edited.emit()

    def _summarise(self, section: Section) -> None:
        fold = self._folds.get(section)
        if fold is not None:
            fold.set_summary(section.summary() or _NOTHING_SAID[fold.title])

    def _use_vertical(self, name: str) -> None:
        self.opens_at.set_vertical(self.data.vertical)
        self._summarise(self.opens_at)
        self.vertical_changed.emit(name)

    def _is_right(self) -> bool:
        """Check the request; when it can't be sent, show why at the fields."""
        from seam_portal_desktop.domain.request_check import Level, check_request

        problems = {
            problem.path: problem.reason
            for problem in reversed(check_request(self.wire()))
            if problem.level is Level.ERROR
        }
        problems |= {path: why for section in self._sections for path, why in section.unfinished()}
        if not problems:
            return True
        if self._is_json:
            self.show_json(shown=False)
        rest = self._mark(problems)
        if rest:
            text = "\n".join(f"{path}: {reason}" for path, reason in rest.items())
            self.error_card.set_error(UserFacingError("The request can’t be sent yet.", text))
        self._go_to_first()
        return False

    def _mark(self, problems: Mapping[str, str]) -> dict[str, str]:
        """Show each reason at the field its path names; what has no field is returned."""
        rest = dict(problems)
        self._wrong = []
        for section in self._sections:
            for path, reason in list(rest.items()):
                field = section.show_error(path, reason)
                if field is not None:
                    self._wrong.append(field)
                    del rest[path]
                    if section in self._folds:
                        self._folds[section].set_summary("Something is wrong here", Tone.DANGER)
        for field in self._wrong:
            reveal(field)
        return rest

    def _go_to_first(self) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        if self._wrong:
            first = min(self._wrong, key=lambda field: field.mapTo(self, QPoint()).toTuple()[::-1])
            first.setFocus()
            self.body_scroll.ensureWidgetVisible(first)
        else:
            self.customer.key.setFocus()

    def _show_view(self, view: str) -> None:
        if self._json is None or self._json_widget is None:
            return
        if view == JSON:
            self._json.set_request(self.wire())
        self.body_scroll.setVisible(view == FORM)
        self._json_widget.setVisible(view == JSON)
        (self.customer.key if view == FORM else self._json_widget).setFocus()
        self._word_buttons()

    def _take_json(self) -> None:
        request = self._json.request() if self._json is not None else None
        if request is not None:
            self._fill_form(request)
            self.edited.emit()
        self._word_buttons()

    def _word_buttons(self) -> None:
        text = self._create_text
        if self._may_exist:
            text = text.replace("Create", "Create again", 1)
        self.set_submit(text, loud=self._loud)
        if self._may_exist:
            self.dismiss_button.setDefault(True)
        readable = self._json is None or not self._is_json or self._json.request() is not None
        ready = readable and bool(self.customer.customer_key())
        self.create_button.setEnabled(not self.is_busy and ready)

    def _explain_empty_key(self) -> None:
        if not self.customer.customer_key():
            self.customer.note.show_error("Type the customer’s key first.")
