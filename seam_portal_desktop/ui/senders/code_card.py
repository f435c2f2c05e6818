"""The code of a sign-in that the user ends in a browser."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.message.oauth import DeviceSignIn
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView, TintedFrame, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind


class DeviceCodeCard(TintedFrame):
    """Shows the code and where to type it. The code opens nothing without the user's account."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(theme, Tone.INFO, parent)
        self._address = ""
        self._text = plain_label(wrap=True, parent=self)
        self._code = plain_label(parent=self)
        self._code.setFont(theme.font(TextSize.TITLE, bold=True))
        self.open = QPushButton(_("Copy the code and open the page"), self)
        self.open.setAutoDefault(False)
        set_kind(self.open, "secondary")
        self.open.clicked.connect(self._open)
        line = QHBoxLayout()
        line.addWidget(self._code)
        line.addStretch(1)
        line.addWidget(self.open)
        rows = QVBoxLayout()
        rows.setSpacing(Spacing.S)
        rows.addWidget(self._text)
        rows.addLayout(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.M, Spacing.M, Spacing.M)
        row.setSpacing(Spacing.S)
        row.addWidget(IconView(icons.icon("info", Tone.INFO)))
        row.addLayout(rows, 1)

    def show_code(self, sign_in: DeviceSignIn) -> None:
        self._address = sign_in.complete_url or sign_in.verification_url
        self._code.setText(sign_in.user_code)
        text = _("Open {address}, type this code, and sign in with the sender’s account.")
        self._text.setText(text.format(address=sign_in.verification_url))
        self.show()
        announce(self, f"{self._text.text()} {sign_in.user_code}")

    def _open(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text())
        QDesktopServices.openUrl(QUrl(self._address))
