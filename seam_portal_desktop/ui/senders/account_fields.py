"""The mail server of a sender, how to sign in there, and how fast it takes mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.address import is_loopback
from seam_portal_desktop.domain.message.oauth import OAuthProvider
from seam_portal_desktop.domain.message.providers import usual_pace
from seam_portal_desktop.domain.message.sender import MailAccount, Pace, Security, SignIn
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.toolkit.form_parts import Field, FieldNote, SecretField, heading, number
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone

_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
_SECURITY = {
    Security.STARTTLS: "STARTTLS",
    Security.TLS: "TLS",
    Security.NONE: _("None"),
}
_NO_LIMIT = 0
_MOST_A_MINUTE = 10_000
_MOST_A_DAY = 1_000_000
_MOST_CONNECTIONS = 20

GuessAccount = Callable[[str], MailAccount | None]
"""The account that mail providers usually give to this address, without a look at the network."""


class AccountFields(QWidget):
    """Emits `edited` for each change. `guess` fills in the server until the user types one."""

    edited = Signal()

    def __init__(
        self,
        icons: Icons,
        guess: GuessAccount,
        providers: Sequence[OAuthProvider],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._providers = {each.provider_id: each for each in providers}
        self._guess = guess
        self._is_server_typed = False
        self._pace_host = ""
        self.host = Field(_("Mail server"), icons, self)
        self.host.edit.setPlaceholderText("smtp.example.com")
        self.host.edit.setObjectName("mailServer")
        self.port = QSpinBox(self)
        self.port.setRange(1, 65535)
        self.port.setLocale(QLocale.c())  # a port has no thousands separator
        self.port.setAccessibleName(_("Port"))
        self.security = Segments(
            [Segment(each, text, text) for each, text in _SECURITY.items()], self
        )
        self.security.setAccessibleName(_("Encryption"))
        self.security_note = FieldNote(self.security, icons)
        self.username = Field(_("User name"), icons, self)
        self.username.edit.setObjectName("mailUser")
        self.sign_in = Segments(
            [
                Segment((SignIn.PASSWORD, ""), _("Password"), _("Sign in with a password")),
                *(
                    Segment(
                        (SignIn.OAUTH, each.provider_id),
                        each.name,
                        _("Sign in with {provider}").format(provider=each.name),
                    )
                    for each in providers
                ),
                Segment((SignIn.NONE, ""), _("Without signing in"), _("Without signing in")),
            ],
            self,
        )
        self.sign_in.setAccessibleName(_("How to sign in"))
        self.password = SecretField(
            _("Password"),
            icons,
            self,
            show=_("Show the password"),
            hide=_("Hide the password"),
            hint=_(
                "Google, Yahoo and iCloud want an app password here. It goes into this computer’s "
                "keyring."
            ),
        )
        self.password.edit.setObjectName("mailPassword")
        self.client_id = Field(
            _("Client ID"),
            icons,
            self,
            hint=_(
                "Your organisation registers this program with the provider once, and gets it "
                "there."
            ),
        )
        self.client_id.edit.setObjectName("clientId")
        self.server = Fold(_("Mail server"), icons, parent=self)
        self.pace = Fold(_("Limits of the account"), icons, parent=self)
        self.per_minute = self._spin(_MOST_A_MINUTE, _("Messages a minute"))
        self.per_day = self._spin(_MOST_A_DAY, _("Recipients a day"))
        self.connections = QSpinBox(self)
        self.connections.setRange(1, _MOST_CONNECTIONS)
        self.connections.setAccessibleName(_("Connections at once"))
        self._make_layout()
        self._connect_signals()
        self.show_new()

    def show_new(self) -> None:
        """Show what most accounts have."""
        self.show_account(MailAccount("", _PORTS[Security.STARTTLS]), has_secret=False)

    def show_account(self, account: MailAccount, *, has_secret: bool) -> None:
        """Show it. `has_secret`: the keyring has its password, which stays if none is typed."""
        self._is_server_typed = bool(account.host)
        self.password.wipe()
        self.password.edit.setPlaceholderText(_("Unchanged") if has_secret else "")
        self.username.edit.setText(account.username)
        self._show_way(account)
        self._show_server(account)
        self._show_pace(account.pace)
        self._show_sign_in()
        self._show_summaries()

    def on_address(self, address: str) -> None:
        """The sender's address was typed: fill in what its provider usually has."""
        if not self._is_server_typed:
            account = self._guess(address)
            if account is not None:
                self._show_server(account)
                self._show_way(account)
                self._show_pace(account.pace)
        self.username.edit.setPlaceholderText(address)

    def account(self, address: str) -> MailAccount:
        """What the fields say. Without a user name it is the sender's `address`."""
        sign_in, provider = self.sign_in.value()
        username = self.username.edit.text().strip() or address
        return MailAccount(
            host=self.host.edit.text().strip().rstrip("."),
            port=self.port.value(),
            security=self.security.value(),
            sign_in=sign_in,
            username="" if sign_in is SignIn.NONE else username,
            provider=provider,
            pace=Pace(
                connections=self.connections.value(),
                per_minute=self.per_minute.value() or None,
                per_day=self.per_day.value() or None,
            ),
        )

    @property
    def provider(self) -> OAuthProvider | None:
        """Where one signs in instead of a password, or None."""
        return self._providers.get(self.sign_in.value()[1])

    def secret(self) -> Secret | None:
        """The typed password. None if none was typed: a kept one stays."""
        return None if self.password.is_empty() else self.password.secret()

    def problem(self) -> QLineEdit | None:
        """The first field with a mistake, which is shown."""
        host = self.host.edit.text().strip()
        if not host or any(each.isspace() or each in "/@:" for each in host.strip("[]")):
            self.server.unfold()
            self.host.note.show_error(
                _("Type the name of the mail server, such as smtp.example.com.")
            )
            return self.host.edit
        if self.security.value() is Security.NONE and not is_loopback(host):
            self.server.unfold()
            self.security_note.show_error(
                _("Without encryption only a server on this computer can be used.")
            )
            return self.host.edit
        if self.provider is not None and not self.client_id.edit.text().strip():
            self.client_id.note.show_error(_("Ask your administrator for it."))
            return self.client_id.edit
        return None

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        for field in (self.host, self.username, self.password, self.client_id):
            field.set_locked(locked)
        for widget in (self.port, self.security, self.sign_in, self.per_minute):
            widget.setDisabled(locked)
        for widget in (self.per_day, self.connections):
            widget.setDisabled(locked)

    def _spin(self, most: int, name: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setRange(_NO_LIMIT, most)
        spin.setSpecialValueText(_("No limit"))
        spin.setGroupSeparatorShown(True)
        spin.setAccessibleName(name)
        return spin

    def _make_layout(self) -> None:
        line = QGridLayout()
        line.setHorizontalSpacing(Spacing.L)
        line.setVerticalSpacing(Spacing.XS)
        line.addWidget(heading(_("Port"), self), 0, 0)
        line.addWidget(self.port, 1, 0)
        line.addWidget(heading(_("Encryption"), self), 0, 1)
        line.addWidget(self.security, 1, 1)
        self.port.setMinimumHeight(self.security.sizeHint().height())
        line.setColumnStretch(2, 1)
        self.server.column.addWidget(self.host)
        self.server.column.addLayout(line)
        self.server.column.addWidget(self.security_note)
        form = QFormLayout()
        form.setHorizontalSpacing(Spacing.L)
        form.addRow(_("Messages a minute"), self.per_minute)
        form.addRow(_("Recipients a day"), self.per_day)
        form.addRow(_("Connections at once"), self.connections)
        self.pace.column.addLayout(form)
        ways = QHBoxLayout()
        ways.addWidget(self.sign_in)
        ways.addStretch(1)
        names = QHBoxLayout()
        names.setSpacing(Spacing.L)
        names.addWidget(self.username, 1, Qt.AlignmentFlag.AlignTop)
        names.addWidget(self.password, 1, Qt.AlignmentFlag.AlignTop)
        names.addWidget(self.client_id, 1, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Spacing.M)
        rows.addLayout(ways)
        rows.addLayout(names)
        rows.addWidget(self.server)
        rows.addWidget(self.pace)

    def _connect_signals(self) -> None:
        for field in (self.host, self.username, self.password, self.client_id):
            field.edited.connect(self.edited)
        self.host.edit.textEdited.connect(self._on_server_typed)
        self.host.edit.editingFinished.connect(self._on_server_left)
        self.security.changed.connect(self._on_security)
        self.sign_in.changed.connect(self._show_sign_in)
        for spin in (self.port, self.per_minute, self.per_day, self.connections):
            spin.valueChanged.connect(self._on_number)

    def _show_way(self, account: MailAccount) -> None:
        way = (account.sign_in, account.provider)
        if account.sign_in is SignIn.OAUTH and account.provider not in self._providers:
            way = (SignIn.PASSWORD, "")  # the policy's provider is gone
        self.sign_in.set_value(way)

    def _show_server(self, account: MailAccount) -> None:
        self.host.edit.setText(account.host)
        self.security.set_value(account.security)
        self.port.setValue(account.port)
        self._show_summaries()

    def _show_pace(self, pace: Pace) -> None:
        self._pace_host = self.host.edit.text()
        self.per_minute.setValue(pace.per_minute or _NO_LIMIT)
        self.per_day.setValue(pace.per_day or _NO_LIMIT)
        self.connections.setValue(pace.connections)

    def _on_server_typed(self) -> None:
        self._is_server_typed = True
        self._show_summaries()

    def _on_server_left(self) -> None:
        """Another server has other limits."""
        host = self.host.edit.text()
        if host != self._pace_host:
            self._show_pace(usual_pace(host))

    def _on_security(self) -> None:
        if self.port.value() in _PORTS.values():
            self.port.setValue(_PORTS[self.security.value()])
        self.security_note.clear()
        if self.security.value() is Security.NONE:
            self.security_note.show_note(
                _("Passwords and messages would travel readable. Only for this computer."),
                Tone.WARNING,
            )
        self._show_summaries()
        self.edited.emit()

    def _on_number(self) -> None:
        self._show_summaries()
        self.edited.emit()

    def _show_sign_in(self) -> None:
        sign_in, _provider = self.sign_in.value()
        self.username.setVisible(sign_in is not SignIn.NONE)
        self.password.setVisible(sign_in is SignIn.PASSWORD)
        provider = self.provider
        self.client_id.setVisible(provider is not None)
        if provider is not None:
            self.client_id.edit.setText(provider.client_id)
        self.edited.emit()

    def _show_summaries(self) -> None:
        host = self.host.edit.text().strip()
        self.server.header.set_summary(
            f"{host}:{self.port.value()} · {_SECURITY[self.security.value()]}"
            if host
            else _("Not set")
        )
        per_minute = self.per_minute.value()
        self.pace.header.set_summary(
            ngettext("1 message a minute", "{count} messages a minute", per_minute).format(
                count=number(per_minute)
            )
            if per_minute
            else _("No limit")
        )
