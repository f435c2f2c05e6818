from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.shell import secret_clipboard
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard

URL = "https://portal.example/portals/not-a-real-portal?token=not_a_real_token"


@pytest.fixture
def clipboard(qapp):
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()


def test_a_secret_is_copied_with_the_formats_of_every_system(clipboard):
    SecretClipboard(clipboard).copy(Secret(URL))

    data = clipboard.mimeData()
    assert data.text() == URL
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    windows = 'application/x-qt-windows-mime;value="{}"'
    for name in ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"):
        assert bytes(data.data(windows.format(name)).data()) == b"\0\0\0\0"
    assert data.hasFormat(windows.format("ExcludeClipboardContentFromMonitorProcessing"))
    assert data.hasFormat("org.nspasteboard.ConcealedType")


def test_it_is_cleared_after_its_time(clipboard, qtbot):
    keeper = SecretClipboard(clipboard, clear_after_s=0.05)

    with qtbot.waitSignal(keeper.cleared, timeout=5000):
        keeper.copy(Secret(URL))

    assert clipboard.text() == ""


def test_something_else_copied_meanwhile_stays(clipboard):
    keeper = SecretClipboard(clipboard)
    cleared = []
    keeper.cleared.connect(lambda: cleared.append(True))
    keeper.copy(Secret(URL))
    clipboard.setText("lunch at noon")

    keeper.clear_if_ours()

    assert clipboard.text() == "lunch at noon"
    assert not cleared


def test_copying_again_restarts_the_time(clipboard, qtbot):
    keeper = SecretClipboard(clipboard, clear_after_s=0.2)
    cleared = []
    keeper.cleared.connect(lambda: cleared.append(True))

    keeper.copy(Secret(URL))
    with qtbot.waitSignal(keeper.cleared, timeout=5000):
        keeper.copy(Secret(URL + "2"))

    assert cleared == [True]
    assert clipboard.text() == ""


def test_clearing_twice_or_without_a_copy_does_nothing(clipboard):
    keeper = SecretClipboard(clipboard)
    clipboard.setText("mine")
    keeper.clear_if_ours()
    assert clipboard.text() == "mine"

    keeper.copy(Secret(URL))
    keeper.clear_if_ours()
    clipboard.setText(URL)
    keeper.clear_if_ours()
    assert clipboard.text() == URL


def test_the_x11_selection_is_left_alone(clipboard):
    if not clipboard.supportsSelection():
        pytest.skip("this platform has no selection")
    clipboard.setText("selected", QClipboard.Mode.Selection)
    SecretClipboard(clipboard).copy(Secret(URL))
    assert clipboard.text(QClipboard.Mode.Selection) == "selected"


def test_the_text_is_not_stored(clipboard):
    keeper = SecretClipboard(clipboard)
    keeper.copy(Secret(URL))
    assert all(URL not in repr(value) for value in vars(keeper).values())


class LockedClipboard:
    """A clipboard that this program owns, and that can't be cleared while `is_locked`."""

    def __init__(self) -> None:
        self.content = ""
        self.is_locked = False

    def setMimeData(self, data, mode):  # noqa: N802 - Qt's name
        self.content = data.text()

    def ownsClipboard(self):  # noqa: N802 - Qt's name
        return True

    def text(self, mode):
        return self.content

    def clear(self, mode):
        if not self.is_locked:
            self.content = ""


@pytest.fixture
def outcomes():
    return []


@pytest.fixture
def keeper(outcomes):
    keeper = SecretClipboard(LockedClipboard())
    keeper.cleared.connect(lambda: outcomes.append("cleared"))
    keeper.not_cleared.connect(lambda: outcomes.append("not cleared"))
    keeper.copy(Secret(URL))
    yield keeper
    keeper.deleteLater()


def activate(qapp):
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def test_a_clipboard_that_could_not_be_cleared_is_not_called_cleared(keeper, outcomes, qapp, qtbot):
    keeper._clipboard.is_locked = True
    keeper.clear_if_ours()
    assert outcomes == ["not cleared"]

    keeper._clipboard.is_locked = False
    activate(qapp)
    qtbot.waitUntil(lambda: outcomes == ["not cleared", "cleared"])
    assert keeper._clipboard.content == ""


def test_an_inactive_program_on_wayland_does_not_claim_what_it_cannot_read(
    keeper, outcomes, qapp, qtbot, monkeypatch
):
    active = False
    monkeypatch.setattr(secret_clipboard, "_may_read_clipboard", lambda: active)
    keeper.clear_if_ours()
    assert outcomes == ["not cleared"]

    active = True
    keeper._clipboard.content = URL  # the compositor or a clipboard manager has kept it
    activate(qapp)
    qtbot.waitUntil(lambda: outcomes == ["not cleared", "cleared"])
    assert keeper._clipboard.content == ""


def test_what_was_copied_while_the_program_was_inactive_stays(keeper, outcomes, qapp, qtbot):
    keeper._clipboard.is_locked = True
    keeper.clear_if_ours()
    keeper._clipboard.content = "lunch at noon"
    activate(qapp)
    qtbot.waitUntil(lambda: outcomes == ["not cleared", "cleared"])
    assert keeper._clipboard.content == "lunch at noon"
