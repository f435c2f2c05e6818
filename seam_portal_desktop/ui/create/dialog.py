"""The New portal dialog: type a customer key, press Enter; everything else may stay as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.form.request_form import RequestForm
from seam_portal_desktop.ui.create.view_bar import RequestView, ViewBar
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import isolate, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

if TYPE_CHECKING:
    from seam_portal_desktop.domain.lookups import CustomizationProfile, DeviceProvider
    from seam_portal_desktop.domain.request import PortalRequest

_KEY_CHARACTERS = 60
_WIDTH_IN_CHARACTERS = 128
_LARGEST_WIDTH = 960


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
    reservation_link_wanted = Signal(str, str)  # customer key and reservation key, as typed
    csv_chosen = Signal(str)
    vertical_changed = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self._may_exist = False
        self._create_text = "Create"
        self._loud = False
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        self.views = ViewBar(self.body_scroll, self)
        self.views.switched.connect(self._show_view)
        self.header.addWidget(self.views)
        self.form = RequestForm(theme, icons, self)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.customer = self.form.customer
        self.features = self.form.features
        self.look = self.form.look
        self.opens_at = self.form.opens_at
        self.data = self.form.data
        self.filters = self.form.filters
        self.form.edited.connect(self._edited)
        self.form.vertical_changed.connect(self.vertical_changed)
        self.customer.key.returnPressed.connect(self._explain_empty_key)
        self.customer.search_wanted.connect(self.customer_search_wanted)
        self.opens_at.reservation_link_wanted.connect(
            lambda key: self.reservation_link_wanted.emit(self.customer.customer_key(), key)
        )
        self.data.file_chosen.connect(self.csv_chosen)
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

    def set_profile_logo(self, profile_id: str, data: bytes) -> None:
        """The logo of one of the profiles that were set; unchecked, may be no picture at all."""
        self.look.set_profile_logo(profile_id, data)

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
        self._grow_soon()

    def set_json_view(self, view: RequestView) -> None:
        """Offer `view`, a widget, beside the form and keep the two the same."""
        widget = cast(QWidget, view)
        outer = cast(QVBoxLayout, self.layout())
        outer.insertWidget(outer.indexOf(self.body_scroll) + 1, widget, 1)
        widget.hide()
        view.changed.connect(self._take_json)
        self.views.offer(view)
        self._grow_soon()

    def show_json(self, *, shown: bool = True) -> None:
        self.views.show_json(shown)

    def wire(self) -> dict[str, Any]:
        """The request as JSON holds it, right or wrong; not to be changed by the caller."""
        return self.form.draft().wire()

    def request(self) -> PortalRequest:
        """The request as the form shows it. Raises msgspec.ValidationError where it breaks the
        contract; after `create_requested` it doesn't."""
        return self.form.draft().build()

    def fill(self, request: PortalRequest) -> None:
        """Show `request`, all of it. request() gives it back for as long as nothing is edited.

        `edited` isn't emitted: whoever fills knows.
        """
        self._fill_form(request)
        if self.views.view is not None and self.views.is_json:
            self.views.view.set_request(request)
        self.customer.key.selectAll()

    def submit(self) -> None:
        if self.create_button.isEnabled() and self._is_right():
            self.create_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        if locked:
            # A disabled control would hand its focus, and so the next Enter, to 'Cancel'.
            self._go_to_start()
        self.form.lock(locked)
        if self.views.view is not None:
            self.views.view.lock(locked)
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
        self.show_json(shown=False)
        wrong, rest = self.form.show_problems(
            {path: " ".join(reasons) for path, reasons in fields.items()}
        )
        notes = [f"{path}: {reason}" for path, reason in rest.items()]
        self.error_card.set_error(error, notes=notes)
        self.show_top()
        self._go_to_first(wrong)

    def show_unknown_outcome(self, error: UserFacingError) -> None:
        """A link may exist. Creating again is offered, but Enter closes: it would be a second."""
        self.set_busy(False)
        self.show_json(shown=False)
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

    def _fill_form(self, request: PortalRequest) -> None:
        self.form.fill(request)
        self._may_exist = False
        self._word_buttons()

    def _edited(self) -> None:
        self._may_exist = False
        self._word_buttons()
        self.edited.emit()

    def _is_right(self) -> bool:
        """Check the request; when it can't be sent, show why at the fields."""
        problems = self.form.problems()
        if not problems:
            return True
        self.show_json(shown=False)
        self.error_card.clear()
        wrong, rest = self.form.show_problems(problems)
        if rest:
            text = "\n".join(f"{path}: {reason}" for path, reason in rest.items())
            self.error_card.set_error(UserFacingError("The request can’t be sent yet.", text))
        self._go_to_first(wrong)
        return False

    def _go_to_first(self, wrong: Sequence[QWidget]) -> None:
        # What was unfolded has its place only once the layout has been done again.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        if wrong:
            first = min(wrong, key=lambda field: field.mapTo(self, QPoint()).toTuple()[::-1])
            first.setFocus()
            self.body_scroll.ensureWidgetVisible(first)
        else:
            self.customer.key.setFocus()

    def _go_to_start(self) -> None:
        (self.views.shown if self.views.is_json else self.customer.key).setFocus()

    def _show_view(self) -> None:
        if self.views.view is not None and self.views.is_json:
            self.views.view.set_request(self.wire())
        self._go_to_start()
        self._word_buttons()

    def _take_json(self) -> None:
        request = self.views.view.request() if self.views.view is not None else None
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
        view = self.views.view if self.views.is_json else None
        readable = view is None or view.request() is not None
        ready = readable and bool(self.customer.customer_key())
        self.create_button.setEnabled(not self.is_busy and ready)

    def _explain_empty_key(self) -> None:
        if not self.customer.customer_key():
            self.customer.note.show_error("Type the customer’s key first.")
