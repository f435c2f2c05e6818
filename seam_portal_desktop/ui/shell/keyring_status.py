"""Shows whether the next run can read the links of this one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.errors import SecretStoreError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.banner import Banner
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

FindKeyringProblem = Callable[[], Awaitable[SecretStoreError | None]]
"""Asks the keyring for the ledger's key; returns why it can't be kept there, or None."""

StoreKeyNow = Callable[[], Awaitable[None]]
"""Stores this run's key in the keyring. Raises SecretStoreError."""


class KeyringStatus(QObject):
    """Shows a banner while links are kept for this run only, with a button to try again."""

    key_stored = Signal()
    """The keyring has the key after all; links can be read that couldn't before."""

    def __init__(
        self,
        window: MainWindow,
        find_problem: FindKeyringProblem,
        store_key: StoreKeyNow,
        scope: TaskScope,
        find_notice: Callable[[], str | None],
    ) -> None:
        """`find_notice` gives a sentence about the key that the keyring gave, or None."""
        super().__init__(window)
        self._find_notice = find_notice
        self._window = window
        self._find_problem = find_problem
        self._store_key = store_key
        self._scope = scope
        self._banner: Banner | None = None

    def check(self) -> None:
        self._scope.start(self._check(), name="check keyring")

    def check_again(self) -> None:
        """Try again, without a message, if it failed before: the keyring may be unlocked by now."""
        if self._banner is not None:
            self._scope.start(self._try_again(quiet=True), name="check keyring")

    async def _check(self) -> None:
        self._show(await self._find_problem())
        notice = self._find_notice()
        if notice is not None:
            self._window.add_notice(notice, icon="key-round")

    async def _try_again(self, *, quiet: bool = False) -> None:
        try:
            await self._store_key()
        except SecretStoreError as error:
            if not quiet:
                self._show(error)
            return
        self._show(None)
        if not quiet:
            self._window.status_area.show_message(_("Links are kept in the keyring’s care again."))
        self.key_stored.emit()

    def _show(self, problem: SecretStoreError | None) -> None:
        if self._banner is not None:
            self._banner.deleteLater()
            self._banner = None
        status_area = self._window.status_area
        if problem is None:
            status_area.set_permanent(
                _("All links saved"),
                icon="check",
                tooltip=_("Every link is kept, encrypted, on this computer."),
            )
            return
        status_area.set_permanent(
            _("Links are kept until you quit"),
            icon="triangle-alert",
            tone=Tone.WARNING,
            tooltip=problem.message,
        )
        self._banner = Banner(
            self._window.theme,
            self._window.icons,
            text=_("{title_sentence} Links you create are lost when you quit. {message}").format(
                title_sentence=problem.title_sentence, message=problem.message
            ),
            icon="key-round",
            tone=Tone.WARNING,
            button=_("Try again"),
        )
        self._banner.button.clicked.connect(
            lambda _: self._scope.start(self._try_again(), name="check keyring")
        )
        self._window.banners.addWidget(self._banner)
