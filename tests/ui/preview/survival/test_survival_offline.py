"""A portal that can't be reached is tried again automatically, until it answers."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.preview.load_failure import FailureKind
from seam_portal_desktop.ui.preview.page.target import RETRY_PAUSES
from seam_portal_desktop.ui.preview.view.retry import RETRIED, NetworkReturn, Retry
from seam_portal_desktop.ui.preview.view.states import PreviewMessage
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, press, shown_pane, shows_text, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 15_000
LONG = (timedelta(hours=1),)
SHORT = (timedelta(milliseconds=200), timedelta(milliseconds=300))


@pytest.fixture
def port():
    """A port without a server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def link(port):
    return target(f"http://127.0.0.1:{port}/portals/1")


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)


def test_the_page_comes_back_with_its_server(qapp, qtbot, port):
    with shown_pane(qapp, retry_pauses=SHORT) as (pane, signals):
        pane.show_portal(link(port))
        wait(qtbot, lambda: shows_text(pane, "Trying again in 1 s"))
        wait(qtbot, lambda: shows_text(pane, "Trying again…"))
        assert shows_text(pane, "The connection was refused")
        with page_server(port=port):
            wait(qtbot, lambda: signals.rendered == ["portal-1"])
        assert signals.failed == [("portal-1", "refused")]
        assert not shows_text(pane, "The connection was refused")


def test_a_page_whose_server_stopped_comes_back_after_a_reload(qapp, qtbot, port):
    with shown_pane(qapp, retry_pauses=SHORT) as (pane, signals):
        with page_server(port=port):
            pane.show_portal(link(port))
            wait(qtbot, lambda: signals.rendered == ["portal-1"])
        pane.reload()
        wait(qtbot, lambda: signals.failed)
        with page_server(port=port):
            wait(qtbot, lambda: signals.rendered == ["portal-1"] * 2)


def test_it_is_tried_at_once_when_the_network_is_back(qapp, qtbot, port):
    with shown_pane(qapp, retry_pauses=LONG) as (pane, signals):
        pane.show_portal(link(port))
        wait(qtbot, lambda: shows_text(pane, "Trying again in 3600 s"))
        with page_server(port=port):
            pane.first.page._retry._network.came_back.emit()
            wait(qtbot, lambda: signals.rendered == ["portal-1"])


def test_try_now(qapp, qtbot, port):
    with shown_pane(qapp, retry_pauses=LONG) as (pane, signals):
        pane.show_portal(link(port))
        wait(qtbot, lambda: shows_text(pane, "Try now"))
        with page_server(port=port):
            press(pane, "Try now")
            wait(qtbot, lambda: signals.rendered == ["portal-1"])


def test_it_ends_when_something_else_is_shown(qapp, qtbot, port):
    with shown_pane(qapp, retry_pauses=SHORT) as (pane, signals):
        pane.show_portal(link(port))
        wait(qtbot, lambda: signals.failed)
        pane.show_message(PreviewMessage.REVOKED)
        assert not pane.first.page._retry._timer.isActive()
        with page_server(port=port) as site:
            pane.first.page._retry._network.came_back.emit()
            qtbot.wait(300)
            assert site.asked == []
        assert shows_text(pane, "This link was revoked")


def test_an_error_of_the_server_is_not_tried_again(qapp, qtbot):
    with page_server() as site, shown_pane(qapp, retry_pauses=SHORT) as (pane, signals):
        site.pages["/portals/1"] = Answer(status=503)
        pane.show_portal(link(site.port))
        wait(qtbot, lambda: signals.failed == [("portal-1", "http")])
        qtbot.wait(500)
        assert len(site.asked) == 1
        assert shows_text(pane, "Try again")


def test_a_question_that_is_open_stays_open(qapp, qtbot, port):
    with shown_pane(qapp, retry_pauses=SHORT) as (pane, signals):
        pane.show_portal(link(port))
        wait(qtbot, lambda: signals.failed)
        pane.first.ask_to_open()
        for _ in range(2):
            wait(qtbot, lambda: shows_text(pane, "Trying again…"))
            wait(qtbot, lambda: shows_text(pane, "Trying again in"))
        assert shows_text(pane, "This opens the live link in your browser")


class TestRetry:
    @pytest.fixture
    def signals(self):
        return []

    @pytest.fixture
    def retry(self, qtbot, signals):
        parent = NetworkReturn(None)
        retry = Retry(parent, pauses=(timedelta(milliseconds=50), timedelta(seconds=9)))
        retry.waiting.connect(signals.append)
        yield retry
        parent.deleteLater()

    def test_pauses_grow_to_a_minute(self):
        assert list(RETRY_PAUSES) == sorted(RETRY_PAUSES)
        assert RETRY_PAUSES[0] <= timedelta(seconds=5)
        assert RETRY_PAUSES[-1] == timedelta(minutes=1)

    def test_each_pause_is_longer_and_the_last_one_stays(self, retry, signals):
        for _ in range(3):
            retry.begin()
        assert signals == [1, 9, 9]

    def test_the_first_pause_follows_a_success(self, retry, signals):
        retry.begin()
        retry.stop()
        assert not retry.has_begun
        retry.begin()
        assert signals == [1, 1]

    def test_it_is_due_after_the_pause(self, retry, qtbot):
        with qtbot.waitSignal(retry.due, timeout=WAIT_MS):
            retry.begin()

    def test_only_network_failures_are_tried_again(self):
        answered = {FailureKind.HTTP, FailureKind.LINK_DEAD, FailureKind.TLS, FailureKind.BLOCKED}
        assert not RETRIED & answered
