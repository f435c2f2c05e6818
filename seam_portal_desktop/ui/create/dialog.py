"""The New portal dialog: type a customer key, press Enter; everything else is optional."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.request.steps import Steps
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.request_form import RequestForm
from seam_portal_desktop.ui.create.form.settings import CUSTOMER_KEY, field_name
from seam_portal_desktop.ui.create.form_problems import FormProblems
from seam_portal_desktop.ui.create.json.json_view import JsonView
from seam_portal_desktop.ui.create.problem_panel import errors_by_path
from seam_portal_desktop.ui.create.view_bar import ViewBar
from seam_portal_desktop.ui.create.workspace_dialog import LinkDialog
from seam_portal_desktop.ui.shell.banner import Banner
from seam_portal_desktop.ui.toolkit.form_parts import KEY_CHARACTERS, isolate, short_key
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest
    from seam_portal_desktop.domain.request.problems import CheckedRequest, Problem

_MOST_JSON_ROWS = 5_000


class NewPortalDialog(LinkDialog):
    """Open it with open(). After `create_requested` the controller reads `request()`."""

    width_in_characters = 128
    texts = (_("New portal"), _("Create"))
    production_texts = (_("New portal in PRODUCTION"), _("Create in PRODUCTION"))
    demo_texts = (_("New portal in the demo"), _("Create in the demo"))

    edited = Signal()
    """The user edited the form or the JSON."""

    reservation_link_requested = Signal(str, str)
    """The customer key and the reservation key, as typed."""

    open_portal_requested = Signal(str)
    renewal_requested = Signal(str)
    """The portal_id of an active link of the customer. Close the dialog for it."""

    use_open_requested = Signal()
    """The customer's open portal is wanted, which Seam has. Answer as to `create_requested`."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        clock: Clock = system_clock,
    ) -> None:
        super().__init__(theme, icons, parent)
        self._clock = clock
        self._checked: PortalRequest | None = None
        self.views = ViewBar(self)
        self.form = RequestForm(theme, icons, self)
        self.json_view = JsonView(theme, icons, self, clock=clock)
        self.json_view.hide()
        self.json_view.unfinished = self.form.unfinished
        self.json_view.unfinished_chosen.connect(
            lambda at: self._go_to_field(self.form.unfinished()[at])
        )
        self.problems = FormProblems(self._find_problems, icons, self, self.json_view.broken_text)
        self.form.changed.connect(self.problems.check_soon)
        self.form.changed.connect(self._forget_checked)
        self.problems.chosen.connect(self._go_to_field)
        self.problems.grown.connect(self._grow_soon)
        self.header.addWidget(self.views)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        outer = cast(QVBoxLayout, self.layout())
        outer.insertWidget(outer.indexOf(self.body_scroll) + 1, self.json_view, 1)
        outer.insertWidget(outer.indexOf(self.json_view) + 1, self.problems)
        self.customer = self.form.customer
        self.features = self.form.features
        self.appearance = self.form.appearance
        self.opens_at = self.form.opens_at
        self.data = self.form.data
        self.data.checking.clock = clock
        self.filters = self.form.filters
        self.form.edited.connect(self._on_edited)
        self.json_view.changed.connect(self._on_json_changed)
        self.views.segments.changed.connect(self._on_view_switched)
        self.customer.key.returnPressed.connect(self._show_empty_key_error)
        hint = self.customer.hint
        hint.key_chosen.connect(lambda _key: self._return_to_view())
        hint.dismissed.connect(self._return_to_view)
        hint.open_requested.connect(self.open_portal_requested)
        hint.renew_requested.connect(self.renewal_requested)
        hint.use_open_requested.connect(self.use_open_requested)
        self.opens_at.reservation_link_requested.connect(
            lambda key: self.reservation_link_requested.emit(self.customer.customer_key(), key)
        )
        self.set_workspace("", WorkspaceKind.PRODUCTION, demo=False)

    def set_preset_bar(self, preset_bar: QWidget) -> None:
        self.views.set_preset_bar(preset_bar)
        self._grow_soon()

    def set_draft_bar(self, draft_bar: QWidget) -> None:
        self.header.addWidget(draft_bar)

    def show_origin(self, to: str) -> None:
        """Say that another program filled this in, and which recipient it suggests."""
        text = _("Another program filled this in. Check it before you create the link.")
        if to:
            text = _(
                "Another program filled this in, and suggests {to} as the recipient. Check it "
                "before you create the link. Nothing is sent by creating it."
            ).format(to=isolate(to))
        banner = Banner(self.theme, self.icons, self, text=text, icon="info", tone=Tone.WARNING)
        self.header.insertWidget(0, banner)
        announce(self, text)

    def customer_key(self) -> str:
        return self.customer.customer_key()

    def is_recorded(self) -> bool:
        """Whether the list has the request, because its outcome isn't known."""
        return self.link_may_exist

    def wire(self) -> dict[str, Any]:
        """The request as JSON has it, unchecked. Don't change the result."""
        return self.form.draft().wire()

    def request(self) -> PortalRequest:
        """The request in the form. Raises msgspec.ValidationError if it breaks the contract, which
        can't be after `create_requested`."""
        return self._checked or self.form.draft().build()

    def fill(self, request: PortalRequest) -> None:
        """Show `request`, without emitting `edited`. request() returns it until an edit."""
        self._fill_form(request)
        if self.views.is_json:
            self.json_view.set_request(request)
        self.customer.key.selectAll()

    def content(self) -> dict[str, Any]:
        """Everything that was entered, with all mistakes, as JSON has it. See restore()."""
        return {
            "json": self.json_view.typed(),  # first: the form gets what was typed just now
            "request": self.wire(),
            "unsent": self.form.unsent(),
            "is_edited": self.form.is_edited,
            "is_json": self.views.is_json,
        }

    def restore(self, content: Mapping[str, Any]) -> None:
        """Show what content() returned, without emitting `edited`."""
        self.error_card.clear()
        self.form.restore(content["request"], content["unsent"])
        self.form.is_edited = content["is_edited"]
        self.json_view.restore(content["json"], content["request"])
        self.link_may_exist = False
        if content["is_json"] and self.views.is_json:
            self.json_view.set_request(self.wire())
        (self.views.show_json if content["is_json"] else self.views.show_form)()
        self._update_buttons()

    def submit(self) -> None:
        if self.submit_button.isEnabled():
            self.check_then_send(self.form.check())

    def send_checked(self, checked: CheckedRequest) -> None:
        errors = errors_by_path(checked.problems)
        if errors:
            self._show_errors(errors)
        else:
            self._checked = checked.request
            self.create_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        if locked:
            # A disabled control would pass its focus, and so the next Enter, to 'Cancel'.
            self.focus_start()
        self.form.set_locked(locked)
        self.json_view.set_locked(locked)
        self.views.setDisabled(locked)

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        if busy:
            self.link_may_exist = False
        super().set_busy(busy, text)

    def is_complete(self) -> bool:
        is_valid = not self.views.is_json or self.json_view.request() is not None
        return is_valid and bool(self.customer.customer_key())

    def show_error(self, error: UserFacingError) -> None:
        """Nothing was created. Show each reason at its field, and those without one in the card."""
        self.set_busy(False)
        reasons = dict(error.fields) if isinstance(error, InvalidRequestError) else {}
        self.views.show_form()
        fields, rest = self.form.show_problems(
            {path: " ".join(texts) for path, texts in reasons.items()}
        )
        notes = [f"{field_name(path)}: {reason}" for path, reason in rest.items()]
        self.error_card.set_error(error, notes=notes)
        self.show_top()
        self._focus_first(fields)

    def show_unknown_outcome(self, error: UserFacingError) -> None:
        self.set_busy(False)
        self.views.show_form()
        super().show_unknown_outcome(error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.customer.key.setFocus()

    def _fill_form(self, request: PortalRequest) -> None:
        self.form.fill(request)
        self.link_may_exist = False
        self._update_buttons()

    def _on_edited(self) -> None:
        self.link_may_exist = False
        self._update_buttons()
        self.edited.emit()

    def _find_problems(self) -> Steps[Sequence[Problem]]:
        checked = yield from self.form.check(self._clock())
        if self.form.is_edited:
            return checked.problems
        # The key is the first thing to type. That it is missing is no mistake yet.
        return [each for each in checked.problems if each.path != CUSTOMER_KEY]

    def _forget_checked(self) -> None:
        self._checked = None

    def _show_errors(self, errors: Mapping[str, str]) -> None:
        """Show at the fields why the request can't be sent."""
        self.views.show_form()
        self.error_card.clear()
        fields, rest = self.form.show_problems(errors)
        if rest:
            text = "\n".join(f"{field_name(path)}: {reason}" for path, reason in rest.items())
            self.error_card.set_error(UserFacingError(_("The request can’t be sent yet."), text))
        self._focus_first(fields)

    def _go_to_field(self, problem: Problem | None) -> None:
        """Show the field of `problem` in the form. None: the problem is in the JSON."""
        if problem is None:
            self.views.show_json()
            return
        self.views.show_form()
        field = self.form.go_to(problem)
        if field is not None:
            self._focus_first([field])

    def _focus_first(self, fields: Sequence[QWidget]) -> None:
        # What was unfolded has its position only after the layout was updated.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        if fields:
            first = min(fields, key=lambda field: field.mapTo(self, QPoint()).toTuple()[::-1])
            first.setFocus()
            self.body_scroll.ensureWidgetVisible(first)
        else:
            self.customer.key.setFocus()

    def _return_to_view(self) -> None:
        """Show the key that was chosen in JSON too, and give the focus back."""
        if self.views.is_json:
            self.json_view.set_request(self.wire())
        self.focus_start()

    def focus_start(self) -> None:
        (self.json_view if self.views.is_json else self.customer.key).setFocus()

    def _on_view_switched(self) -> None:
        if self.views.is_json and self._has_too_many_rows():
            self.views.show_form()
            return
        self.body_scroll.setHidden(self.views.is_json)
        self.json_view.setVisible(self.views.is_json)
        self.problems.set_shown(not self.views.is_json)
        if self.views.is_json:
            cast(QVBoxLayout, self.json_view.layout()).insertWidget(0, self.customer.hint)
        else:
            self.customer.restore_hint()
        self._return_to_view()
        self._update_buttons()

    def _has_too_many_rows(self) -> bool:
        """Whether the request is too long for an editor, which is said then."""
        count = sum(len(self.data.model.rows(kind.name)) for kind in resource_kinds())
        if count <= _MOST_JSON_ROWS:
            return False
        number = self.locale().toString
        self.error_card.set_error(
            UserFacingError(
                _("This is too long to show as JSON."),
                _("The tables have {count} rows. As JSON, {most} rows can be shown.").format(
                    count=number(count), most=number(_MOST_JSON_ROWS)
                ),
            )
        )
        self.show_top()
        return True

    def _on_json_changed(self) -> None:
        request = self.json_view.request()
        if request is not None:
            before = _without_key(self.wire())
            self._fill_form(request)
            self.form.is_edited |= _without_key(self.wire()) != before
        else:
            self.form.is_edited = True
        self.edited.emit()
        self._update_buttons()

    def _unknown_outcome_note(self) -> str:
        customer = short_key(self.customer.customer_key(), KEY_CHARACTERS)
        return _(
            "A link for {customer} may exist. The list keeps this try as ‘Unconfirmed’ and "
            "can ask Seam about it. Creating again may make a second link."
        ).format(customer=customer)

    def _show_empty_key_error(self) -> None:
        if not self.customer.customer_key():
            self.customer.note.show_error(_("Type the customer’s key first."))


def _without_key(wire: Mapping[str, Any]) -> dict[str, Any]:
    data = dict(wire.get("customer_data", {}))
    data.pop("customer_key", None)
    return {**wire, "customer_data": data}
