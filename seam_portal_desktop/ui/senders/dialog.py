"""The dialog that adds, changes and removes the senders of a workspace."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.oauth import DeviceSignIn, OAuthProvider
from seam_portal_desktop.domain.message.recipients.addresses import check_address
from seam_portal_desktop.domain.message.recipients.rules import ANY_RECIPIENT, RecipientRules
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.senders.account_fields import AccountFields, GuessAccount
from seam_portal_desktop.ui.senders.code_card import DeviceCodeCard
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    Field,
    FieldNote,
    heading,
    muted_label,
    one_line,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

_LINES = 4


class SenderDialog(FormDialog):
    """`show_senders` fills it. Save emits `check_requested`, *Save without checking* emits
    `save_requested`: the identity, the typed password (Secret or None) and whether it is the
    workspace's default. Then set_busy(True) → accept() or show_error() or show_check_error().
    """

    check_requested = Signal(object, object, bool)
    save_requested = Signal(object, object, bool)
    remove_requested = Signal(str)

    def __init__(
        self,
        workspace_id: str,
        guess: GuessAccount,
        providers: Sequence[OAuthProvider],
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        rules: RecipientRules = ANY_RECIPIENT,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Senders"))
        self._rules = rules
        self._workspace_id = workspace_id
        self._senders: Sequence[SenderIdentity] = ()
        self._default_id = ""
        self._with_secret: frozenset[str] = frozenset()
        self.choice = CalmComboBox(self)
        self.choice.setAccessibleName(_("Sender"))
        self.remove = QPushButton(_("Remove"), self)
        self.remove.setAutoDefault(False)
        set_kind(self.remove, "secondary")
        self.name = Field(_("Name"), icons, self, hint=_("Recipients see it beside the address."))
        self.name.edit.setObjectName("senderName")
        self.address = Field(_("E-mail address"), icons, self)
        self.address.edit.setObjectName("senderAddress")
        self.reply_to = Field(_("Replies go to (optional)"), icons, self)
        self.account = AccountFields(icons, guess, providers, self)
        self.signature = self._text(_("Signature"))
        self.company = Field(
            _("Company"), icons, self, hint=_("Without one, the workspace’s company is used.")
        )
        self.operator = Field(_("Your name in messages"), icons, self)
        self.own_fields = self._text(_("Own fields of templates"))
        self.own_note = FieldNote(
            self.own_fields,
            icons,
            hint=_(
                "One a line, such as help_line: +1 202 555 0100. A template uses own.help_line."
            ),
        )
        self.templates = Fold(_("For templates"), icons, parent=self)
        self.code_card = DeviceCodeCard(theme, icons, self)
        self.code_card.hide()
        self.keep_copy = QCheckBox(_("Send a hidden copy of each message to this address"), self)
        self.is_default = QCheckBox(_("Use this sender by default"), self)
        self.dismiss_button.setText(_("Cancel"))
        self._make_layout()
        self.address.edit.textEdited.connect(self.account.on_address)
        self.choice.activated.connect(self._show_chosen)
        self.remove.clicked.connect(lambda: self.remove_requested.emit(self._chosen_id()))
        self.set_submit(_("Check and save"), loud=False)

    def show_senders(
        self,
        senders: Sequence[SenderIdentity],
        *,
        default_id: str,
        with_secret: frozenset[str],
        shown_id: str = "",
    ) -> None:
        """Show the one with `shown_id`, else the first; without senders an empty form.

        `with_secret` are the ids of those whose password the keyring has.
        """
        self._senders, self._default_id, self._with_secret = senders, default_id, with_secret
        self.choice.clear()
        for each in senders:
            self.choice.addItem(one_line(_label(each.mail)), each.sender_id)
        self.choice.addItem(_("New sender"), "")
        self._choice_row.setVisible(bool(senders))
        wanted = shown_id or (senders[0].sender_id if senders else "")
        self.choice.setCurrentIndex(max(0, self.choice.findData(wanted)))
        self._show_chosen()

    def show_check_error(self, error: UserFacingError) -> None:
        """The server refused or wasn't reached: what was typed can be saved all the same."""
        self.set_busy(False)
        anyway = QAction(_("Save without checking"), self)
        anyway.triggered.connect(lambda: self._emit(self.save_requested))
        self.error_card.set_error(error, actions=[anyway])
        self.show_top()

    def show_keyring_problem(
        self, error: UserFacingError, save_for_this_run: Callable[[], None]
    ) -> None:
        """The keyring can't keep the password: offer to keep it until the program ends."""
        self.set_busy(False)
        once = QAction(_("Keep until I quit"), self)
        once.setToolTip(_("The program forgets the password when it ends."))
        once.triggered.connect(lambda _checked: save_for_this_run())
        self.error_card.set_error(error, actions=[once])
        self.show_top()

    def show_code(self, sign_in: DeviceSignIn) -> None:
        """Show the code that the user types in a browser, while the dialog waits for it."""
        self.code_card.show_code(sign_in)
        self.set_waiting_text(_("Waiting for you to sign in in the browser…"))
        self.show_top()
        self.code_card.open.setFocus()

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text or _("Signing in at the mail server…"))
        if not busy:
            self.code_card.hide()
        self.dismiss_button.setText(_("Cancel"))

    def submit(self) -> None:
        if not self.is_busy:
            self._emit(self.check_requested)

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        for field in (self.name, self.address, self.reply_to, self.company, self.operator):
            field.set_locked(locked)
        for text in (self.signature, self.own_fields):
            text.setReadOnly(locked)
        for widget in (self.choice, self.remove, self.keep_copy, self.is_default):
            widget.setDisabled(locked)
        self.account.set_locked(locked)

    def done(self, result: int) -> None:
        super().done(result)
        self.account.password.wipe()

    def _text(self, name: str) -> QPlainTextEdit:
        edit = QPlainTextEdit(self)
        edit.setAccessibleName(name)
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(edit.fontMetrics().lineSpacing() * _LINES + 2 * Spacing.M)
        return edit

    def _make_layout(self) -> None:
        self._choice_row = QWidget(self)
        choice = QHBoxLayout(self._choice_row)
        choice.setContentsMargins(0, 0, 0, Spacing.S)
        choice.setSpacing(Spacing.S)
        choice.addWidget(self.choice, 1)
        choice.addWidget(self.remove)
        names = QHBoxLayout()
        names.setSpacing(Spacing.L)
        names.addWidget(self.name, 1, Qt.AlignmentFlag.AlignTop)
        names.addWidget(self.address, 1, Qt.AlignmentFlag.AlignTop)
        for widget in (self.company, self.operator, heading(_("Own fields"), self)):
            self.templates.column.addWidget(widget)
        self.templates.column.addWidget(self.own_fields)
        self.templates.column.addWidget(self.own_note)
        signature = QVBoxLayout()
        signature.setSpacing(Spacing.XS)
        signature.addWidget(heading(_("Signature"), self))
        signature.addWidget(self.signature)
        self.body.setSpacing(Spacing.M)
        self.body.addWidget(self.code_card)
        self.body.addWidget(self._choice_row)
        self.body.addWidget(heading(_("What recipients see"), self))
        self.body.addLayout(names)
        self.body.addWidget(self.reply_to)
        self.body.addLayout(signature)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(heading(_("How it is sent"), self))
        self.body.addWidget(
            muted_label(
                _("The connection is always encrypted and checked. Nothing is sent otherwise."),
                wrap=True,
                parent=self,
            )
        )
        self.body.addWidget(self.account)
        self.body.addWidget(self.templates)
        self.body.addWidget(self.keep_copy)
        self.body.addWidget(self.is_default)
        self.body.addStretch(1)

    def _chosen_id(self) -> str:
        return str(self.choice.currentData() or "")

    def _show_chosen(self) -> None:
        chosen = self._chosen_id()
        found = next((each for each in self._senders if each.sender_id == chosen), None)
        self.error_card.clear()
        self.remove.setEnabled(found is not None)
        mail = found.mail if found else MailAddress("")
        self.name.edit.setText(mail.name)
        self.address.edit.setText(mail.address)
        self.reply_to.edit.setText(found.reply_to.address if found and found.reply_to else "")
        self.signature.setPlainText(found.signature if found else "")
        self.company.edit.setText(found.company if found else "")
        self.operator.edit.setText(found.operator if found else "")
        fields = found.own_fields if found else {}
        self.own_fields.setPlainText("\n".join(f"{key}: {text}" for key, text in fields.items()))
        self.keep_copy.setChecked(found is not None and found.keep_copy)
        self.is_default.setChecked(chosen == self._default_id or not self._senders)
        if found is not None:
            self.account.show_account(found.account, has_secret=chosen in self._with_secret)
        else:
            self.account.show_new()

    def _emit(self, signal: SignalInstance) -> None:
        identity = self._identity()
        if identity is not None:
            signal.emit(identity, self.account.secret(), self.is_default.isChecked())

    def _identity(self) -> SenderIdentity | None:
        """What the fields say. None, with the focus in the wrong field, if one is wrong."""
        address = self.address.edit.text().strip()
        wrong = self._address_problem(self.address, is_needed=True)
        wrong = wrong or self._address_problem(self.reply_to, is_needed=False)
        wrong = wrong or self.account.problem()
        fields = self._fields()
        if wrong is None and fields is None:
            self.templates.unfold()
            self.own_fields.setFocus()
            return None
        if wrong is not None or fields is None:
            if wrong is not None:
                wrong.setFocus()
            return None
        reply_to = self.reply_to.edit.text().strip()
        return SenderIdentity(
            sender_id=self._chosen_id() or str(uuid.uuid4()),
            workspace_id=self._workspace_id,
            mail=MailAddress(address, self.name.edit.text().strip()),
            account=self.account.account(address),
            reply_to=MailAddress(reply_to) if reply_to else None,
            company=self.company.edit.text().strip(),
            operator=self.operator.edit.text().strip(),
            signature=self.signature.toPlainText().strip(),
            keep_copy=self.keep_copy.isChecked(),
            own_fields=fields,
        )

    def _address_problem(self, field: Field, *, is_needed: bool) -> QLineEdit | None:
        text = field.edit.text().strip()
        problem = ""
        if not text:
            problem = _("Type the address that recipients see.") if is_needed else ""
        else:
            checked = check_address(text, self._rules)
            if not checked.address:
                problem = checked.findings[0].sentence
        if problem:
            field.note.show_error(problem)
        return field.edit if problem else None

    def _fields(self) -> Mapping[str, str] | None:
        """The own fields; None, with a note, if a line isn't one."""
        fields: dict[str, str] = {}
        for line in self.own_fields.toPlainText().splitlines():
            if not line.strip():
                continue
            name, colon, text = line.partition(":")
            name = name.strip()
            if not colon or not name.isidentifier() or name.startswith("_"):
                self.own_note.show_error(
                    _("A line is a name, a colon and a text. Not one: {line}").format(line=line)
                )
                return None
            fields[name] = text.strip()
        self.own_note.clear()
        return fields


def _label(mail: MailAddress) -> str:
    return f"{mail.name} <{mail.address}>" if mail.name else mail.address
