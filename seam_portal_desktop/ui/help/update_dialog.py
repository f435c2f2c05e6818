"""Looks for a newer version and downloads it. It installs nothing."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.release import Release
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind
from seam_portal_desktop.ui.toolkit.times import long_date

_STEPS = 1000  # a progress bar counts in int, which is too small for a file's bytes
_MB = 1_000_000


class _State(Enum):
    IDLE = auto()
    AVAILABLE = auto()
    NO_DOWNLOAD = auto()
    DOWNLOADED = auto()
    OFF = auto()


class UpdateDialog(FormDialog):
    """Open it with open() after one of the `show_` methods. Its primary button emits the next
    step: `check_requested` → show_checking() → show_current(), show_available() or show_error();
    `download_requested` → show_downloading(), show_progress() → show_downloaded() or show_error().
    """

    check_requested = Signal()
    download_requested = Signal()
    open_requested = Signal(object)  # Path: the downloaded file, as in the next one
    show_folder_requested = Signal(object)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        version: str,
        host: str,
        checks_daily: bool,
        daily_note: str = "",
    ) -> None:
        super().__init__(theme, icons, parent)
        self._version = version
        self._state = _State.IDLE
        self._file: Path | None = None
        self.setWindowTitle(_("Updates"))
        self._icon = IconView(parent=self)
        self._title = plain_label(wrap=True, parent=self)
        self._title.setFont(theme.font(TextSize.TITLE, bold=True))
        self._icon.setFont(self._title.font())
        head = QHBoxLayout()
        head.setSpacing(Spacing.S)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        self._text = plain_label(wrap=True, parent=self)
        self._notes_title = heading(_("What is new"), self)
        self._notes = plain_label(wrap=True, parent=self)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, _STEPS)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(_("Download"))
        self._path = ElidedLabel(self, selectable=True)
        self.daily = QCheckBox(_("Check for updates once a day"), self)
        self.daily.setChecked(checks_daily)
        hint = _(
            "Asks {host}, and tells it nothing but that somebody asks. You decide about the "
            "download."
        ).format(host=host)
        self._daily_note = FieldNote(self.daily, icons, hint=hint)
        self._is_daily_locked = bool(daily_note)
        if daily_note:
            self.daily.setDisabled(True)
            self._daily_note.show_note(daily_note, Tone.NEUTRAL, "lock")
        self._open = QPushButton(_("Open installer"), self)
        self._open.setAutoDefault(False)
        self._open.clicked.connect(lambda: self.open_requested.emit(self._file))
        self._button_box.addButton(self._open, QDialogButtonBox.ButtonRole.ActionRole)
        self.body.setSpacing(Spacing.M)
        self.body.addLayout(head)
        for widget in (self._text, self._notes_title, self._notes, self._progress, self._path):
            self.body.addWidget(widget)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(self.daily)
        self.body.addWidget(self._daily_note)
        self.body.addStretch(1)
        self.show_idle("")

    def show_idle(self, last_check: str) -> None:
        """Nothing is known yet; `last_check` is a sentence about the last check."""
        text = _("Is there a version newer than {version}?").format(version=self._version)
        self._show(_State.IDLE, "refresh-cw", Tone.ACCENT, _("Updates"), text, last_check)
        self.set_submit(_("Check now"), loud=False)

    def show_checking(self) -> None:
        self.set_busy(True, _("Asking for the newest version…"))  # noqa: FBT003 - a setter

    def show_current(self) -> None:
        self._show(
            _State.IDLE,
            "circle-check",
            Tone.SUCCESS,
            _("This is the newest version"),
            _("There is nothing newer than {version}.").format(version=self._version),
        )
        self.set_submit(_("Check again"), loud=False)

    def show_available(self, release: Release, *, can_download: bool, advice: str = "") -> None:
        """There is a newer version; `advice` is how to get it if it can't be downloaded here."""
        day = QDate(*release.released_at.timetuple()[:3])
        date = long_date(day)
        self._show(
            _State.AVAILABLE if can_download else _State.NO_DOWNLOAD,
            "download",
            Tone.INFO,
            _("Version {version} is available").format(version=release.version),
            _("Published on {date}. This is version {version}.").format(
                date=date, version=self._version
            ),
            advice,
        )
        self._notes.setText("\n".join(f"•  {note}" for note in release.notes))
        self._notes.setVisible(bool(release.notes))
        self._notes_title.setVisible(bool(release.notes))
        self.set_submit(_("Download"), loud=False)

    def show_downloading(self) -> None:
        self._progress.setValue(0)
        self._progress.show()
        self.set_busy(True, _("Downloading…"))  # noqa: FBT003 - a setter
        self.busy_bar.stop()  # the progress bar shows more

    def show_progress(self, done: int, total: int) -> None:
        """`done` and `total` are bytes."""
        self._progress.setValue(_STEPS * done // max(total, 1))
        megabytes = [QLocale().toString(number / _MB, "f", 1) for number in (done, total)]
        self.set_waiting_text(
            _("{megabytes} of {megabytes_2} MB").format(
                megabytes=megabytes[0], megabytes_2=megabytes[1]
            )
        )

    def show_downloaded(self, file: Path, *, can_open: bool) -> None:
        """The file is complete and its signature is right; `can_open`: it can be started."""
        self._file = file
        self._show(
            _State.DOWNLOADED,
            "circle-check",
            Tone.SUCCESS,
            _("The new version is downloaded"),
            _(
                "Its signature is right. Close this program before you install it; your workspaces "
                "and portals stay."
            ),
        )
        self._path.set_full_text(str(file))
        self._path.show()
        self._open.setVisible(can_open)
        self.set_submit(_("Show in folder"), loud=False)

    def show_off(self, why: str) -> None:
        """Updates can't be looked for."""
        self._show(_State.OFF, "lock", Tone.NEUTRAL, _("Updates are off"), why)
        self.daily.setChecked(False)
        self.daily.setDisabled(True)
        self._daily_note.hide()

    def show_error(self, error: UserFacingError) -> None:
        self._progress.hide()
        super().show_error(error)
        if self._state is _State.IDLE:
            self.set_submit(_("Try again"), loud=False)

    def show_stopped(self) -> None:
        """The check or the download was cancelled."""
        self.set_busy(False)
        self._progress.hide()

    def submit(self) -> None:
        match self._state:
            case _State.IDLE:
                self.check_requested.emit()
            case _State.AVAILABLE:
                self.download_requested.emit()
            case _State.DOWNLOADED:
                self.show_folder_requested.emit(self._file)

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        self.daily.setDisabled(locked or self._is_daily_locked or self._state is _State.OFF)

    def _show(
        self, state: _State, icon: str, tone: Tone, title: str, text: str, more: str = ""
    ) -> None:
        self._state = state
        self.set_busy(False)
        self.error_card.clear()
        self._icon.set_icon(self.icons.icon(icon, tone))
        self._title.setText(title)
        self._text.setText("\n\n".join(part for part in (text, more) if part))
        for widget in (self._notes_title, self._notes, self._progress, self._path, self._open):
            widget.hide()
        has_next = state not in (_State.NO_DOWNLOAD, _State.OFF)
        self.submit_button.setVisible(has_next)
        set_kind(self.dismiss_button, "secondary" if has_next else "primary")
        self.dismiss_button.setDefault(not has_next)
        announce(self, f"{title}. {text}")
