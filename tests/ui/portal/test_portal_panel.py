from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from seam_portal_desktop.domain.portal.record import (
    Channel,
    FailureRecord,
    Outcome,
    PortalRecord,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.preview.kinds import CheckKind, CheckLevel, PreviewMode
from seam_portal_desktop.domain.preview.report import Finding, PreviewReport, StoredReport
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.portal.panel import PortalPanel, PortalTab
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
URL = "https://portal.example/portals/not-a-real-portal?token=not_a_real_token"
LIVE = PortalRecord(
    portal_id="one",
    workspace_id="w",
    workspace_kind=WorkspaceKind.SANDBOX,
    customer_key="harbor-hotel",
    outcome=Outcome.CREATED,
    requested_at=NOW - timedelta(hours=2),
    created_at=NOW - timedelta(hours=2),
    expires_at=NOW + timedelta(days=6),
    has_url=True,
    url_host="portal.example",
    seam_request_id="not-a-real-request-id",
)
PREVIEWED = replace(LIVE, previewed_at=NOW)
SENT = replace(
    PREVIEWED, sent=Sent(NOW - timedelta(minutes=3), "maria", Channel.EMAIL, "Front desk")
)


@pytest.fixture
def panel(theme, qtbot):
    panel = PortalPanel(theme, Icons(theme), QWidget(), QWidget())
    qtbot.addWidget(panel)
    panel.resize(720, 600)
    panel.show_tab(PortalTab.DETAILS)
    panel.show()
    return panel


def texts(panel: QWidget) -> str:
    """Everything that a user can read on the panel."""
    shown = [
        label.full_text() if isinstance(label, ElidedLabel) else label.text()
        for label in panel.findChildren(QLabel)
        if label.isVisible()
    ]
    shown += [field.text() for field in panel.findChildren(QLineEdit) if field.isVisible()]
    return "\n".join(shown)


def button(panel: QWidget, text: str) -> QPushButton:
    (found,) = [
        one for one in panel.findChildren(QPushButton) if one.isVisible() and one.text() == text
    ]
    return found


def buttons(panel: QWidget) -> set[str]:
    return {one.text() for one in panel.findChildren(QPushButton) if one.isVisible()}


def emitted(signal) -> list[tuple]:
    calls: list[tuple] = []
    signal.connect(lambda *values: calls.append(values))
    return calls


def test_a_live_portal_shows_everything_but_its_link(panel):
    panel.show_portal(LIVE, NOW)
    panel.details.set_request_summary([("Locale", "German")])

    shown = texts(panel)
    for part in ("harbor-hotel", "Active", "Expires in 6 days", "not sent", "German"):
        assert part in shown
    assert "not-a-real-request-id" in shown
    assert "portal.example/••••••••" in shown
    assert "token" not in shown


def test_the_link_is_shown_on_request_and_wiped_when_hidden(panel):
    asked = emitted(panel.reveal_requested)
    panel.show_portal(LIVE, NOW)

    panel.reveal_link()
    assert asked == [("one",)]
    panel.set_url("one", Secret(URL))
    assert URL in texts(panel)

    panel.reveal_link()
    assert asked == [("one",)]
    assert all(URL not in field.text() for field in panel.findChildren(QLineEdit))


def test_the_link_is_hidden_after_its_time(theme, qtbot):
    panel = PortalPanel(theme, Icons(theme), QWidget(), QWidget(), reveal_seconds=0.05)
    qtbot.addWidget(panel)
    panel.show_tab(PortalTab.DETAILS)
    panel.show()
    panel.show_portal(LIVE, NOW)
    panel.set_url("one", Secret(URL))

    qtbot.waitUntil(lambda: "••••••••" in texts(panel), timeout=5000)
    assert all(URL not in field.text() for field in panel.findChildren(QLineEdit))


def test_another_portal_hides_the_link_and_a_late_link_is_not_shown_for_it(panel):
    panel.show_portal(LIVE, NOW)
    panel.set_url("one", Secret(URL))

    panel.show_portal(replace(LIVE, portal_id="two"), NOW)
    assert URL not in texts(panel)

    panel.set_url("one", Secret(URL))
    assert URL not in texts(panel)


def test_time_passing_leaves_the_shown_link_alone(panel):
    panel.show_portal(LIVE, NOW)
    panel.set_url("one", Secret(URL))
    panel.show_portal(LIVE, NOW + timedelta(seconds=20))
    assert URL in texts(panel)


def test_copying_from_the_shown_link_asks_the_controller(panel, qtbot):
    panel.show_portal(PREVIEWED, NOW)
    panel.set_url("one", Secret(URL))
    copies = emitted(panel.copy_requested)
    QApplication.clipboard().setText("untouched")
    (line,) = [field for field in panel.findChildren(QLineEdit) if field.text() == URL]

    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert copies == [("one",)]
    assert QApplication.clipboard().text() == "untouched"


def test_copying_unpreviewed_asks_once(panel):
    copies = emitted(panel.copy_requested)
    panel.show_portal(LIVE, NOW)

    button(panel, "Copy link").click()
    assert copies == []
    assert "haven't previewed" in texts(panel)
    button(panel, "Copy anyway").click()
    assert copies == [("one",)]
    assert "haven't previewed" not in texts(panel)

    button(panel, "Copy link").click()
    assert copies == [("one",), ("one",)]


def test_preview_first_asks_for_the_preview_and_does_not_copy(panel):
    copies, previews = emitted(panel.copy_requested), emitted(panel.preview_requested)
    panel.show_portal(LIVE, NOW)

    button(panel, "Copy link").click()
    button(panel, "Preview it first").click()

    assert previews == [("one",)]
    assert copies == []


def test_the_question_closes_when_the_preview_has_happened(panel):
    panel.show_portal(LIVE, NOW)
    panel.send_step.copy_link()
    panel.show_portal(PREVIEWED, NOW)
    assert "haven't previewed" not in texts(panel)


def test_the_question_is_asked_for_each_portal(panel):
    copies = emitted(panel.copy_requested)
    panel.show_portal(LIVE, NOW)
    panel.send_step.copy_link()
    button(panel, "Copy anyway").click()

    panel.show_portal(replace(LIVE, portal_id="two"), NOW)
    panel.send_step.copy_link()

    assert copies == [("one",)]
    assert "haven't previewed" in texts(panel)


def test_marking_as_sent_by_keyboard(panel, qtbot):
    saved = emitted(panel.mark_sent_requested)
    panel.show_portal(PREVIEWED, NOW)
    panel.send_step.mark_as_sent()

    email, note = panel.send_step.strip.channels.buttons()[0], panel.send_step.strip.note
    qtbot.keyClick(email, Qt.Key.Key_Space)
    qtbot.keyClicks(note, "  To the front desk ")
    qtbot.keyClick(note, Qt.Key.Key_Return)

    assert saved == [("one", Channel.EMAIL, "To the front desk")]
    assert note.isVisible()  # until the ledger has the mark
    panel.show_portal(SENT, NOW)
    assert not note.isVisible()


def test_channel_and_note_are_optional_and_a_channel_can_be_taken_back(panel, qtbot):
    saved = emitted(panel.mark_sent_requested)
    panel.show_portal(PREVIEWED, NOW)
    panel.send_step.mark_as_sent()
    email, sms = panel.send_step.strip.channels.buttons()[:2]

    email.click()
    sms.click()
    assert not email.isChecked()
    sms.click()
    button(panel, "Save").click()

    assert saved == [("one", None, "")]


def test_escape_closes_the_strip_and_restores_the_focus(panel, qtbot):
    saved = emitted(panel.mark_sent_requested)
    panel.activateWindow()
    panel.show_portal(PREVIEWED, NOW)
    copy = button(panel, "Copy link")
    copy.setFocus()
    panel.send_step.mark_as_sent()
    note = panel.send_step.strip.note
    note.setFocus()

    qtbot.keyClick(note, Qt.Key.Key_Escape)

    assert not note.isVisible()
    assert QApplication.focusWidget() is copy
    assert saved == []


def test_a_half_written_note_is_kept_for_its_portal(panel):
    panel.show_portal(PREVIEWED, NOW)
    panel.send_step.mark_as_sent()
    panel.send_step.strip.note.setText("half a note")
    panel.show_portal(replace(PREVIEWED, portal_id="two"), NOW)
    panel.send_step.mark_as_sent()
    assert panel.send_step.strip.note.text() == ""

    panel.show_portal(PREVIEWED, NOW)
    panel.send_step.mark_as_sent()
    assert panel.send_step.strip.note.text() == "half a note"


def test_a_note_has_a_limit(panel):
    panel.show_portal(PREVIEWED, NOW)
    panel.send_step.mark_as_sent()
    panel.send_step.strip.note.setText("x" * 600)
    assert len(panel.send_step.strip.note.text()) == 500


def test_a_sent_portal_shows_how_and_by_whom_and_can_be_undone(panel):
    undone = emitted(panel.undo_sent_requested)
    panel.show_portal(SENT, NOW)

    shown = texts(panel)
    assert "Sent 3 min ago by email" in shown
    assert "maria" in shown
    assert "Front desk" in shown
    button(panel, "Undo").click()
    assert undone == [("one",)]


def test_send_is_the_primary_action_only_until_it_was_sent(panel):
    panel.show_portal(PREVIEWED, NOW)
    assert button(panel, "Send…").property("kind") == "primary"
    panel.send_step.mark_as_sent()
    assert button(panel, "Send…").property("kind") == "secondary"
    panel.show_portal(SENT, NOW)
    assert button(panel, "Send…").property("kind") == "secondary"


def without_link(outcome: Outcome) -> PortalRecord:
    failure = FailureRecord("It failed.", "Because of the test.")
    return replace(
        LIVE, outcome=outcome, has_url=False, created_at=None, expires_at=None, failure=failure
    )


@pytest.mark.parametrize(
    ("portal", "status", "offered"),
    [
        (without_link(Outcome.UNKNOWN), PortalStatus.UNKNOWN, {"Check with Seam", "Create again"}),
        (without_link(Outcome.FAILED), PortalStatus.FAILED, {"Create again"}),
        (without_link(Outcome.REQUESTED), PortalStatus.REQUESTED, set()),
        (replace(LIVE, expires_at=NOW), PortalStatus.EXPIRED, {"Renew link"}),
        (
            replace(LIVE, expires_at=NOW, renewed_to="two"),
            PortalStatus.EXPIRED,
            {"Show the newer link"},
        ),
        (replace(LIVE, revoked_at=NOW), PortalStatus.REVOKED, {"Create again"}),
        (replace(LIVE, has_url=False), PortalStatus.ACTIVE, {"Renew link"}),
        (LIVE, PortalStatus.ACTIVE, {"Copy link", "Send…"}),
    ],
)
def test_each_state_offers_its_next_step_and_nothing_that_cannot_work(
    panel, portal, status, offered
):
    assert portal.status(NOW) is status
    panel.show_portal(portal, NOW)
    assert buttons(panel) == offered


GOOD = replace(PREVIEWED, preview_verdict=CheckLevel.OK)
WRONG = replace(
    PREVIEWED,
    preview_verdict=CheckLevel.PROBLEM,
    preview_concerns=("The page is blank.", "1 error in the page’s console."),
)


def stored(*findings: Finding, thumbnail: bytes = b"") -> StoredReport:
    return StoredReport(
        PreviewReport(NOW - timedelta(minutes=5), PreviewMode.SAFE, findings), thumbnail
    )


def thumbnail() -> bytes:
    image = QImage(320, 480, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_the_last_previews_result_is_shown_and_more_once_it_was_read(panel):
    panel.show_portal(WRONG, NOW)
    assert "problem: The page is blank" in texts(panel)
    assert not panel.details.result._picture.isVisible()

    blank = Finding(CheckKind.CONTENT, CheckLevel.PROBLEM, "The page is blank.")
    panel.set_report("one", stored(blank, thumbnail=thumbnail()), NOW)

    assert "Previewed \u20685 min ago\u2069 · 1 problem: The page is blank" in texts(panel)
    assert "1 error in the page’s console." in panel.details.result._text.toolTip()
    picture = panel.details.result._picture
    assert picture.isVisible()
    assert picture.grab().toImage().pixelColor(picture.rect().center()) == QColor("teal")


def test_a_late_report_is_not_shown_for_the_next_portal(panel):
    panel.show_portal(GOOD, NOW)
    panel.set_report("one", stored(thumbnail=thumbnail()), NOW)
    panel.show_portal(replace(GOOD, portal_id="two", preview_verdict=None), NOW)
    panel.set_report("one", stored(thumbnail=thumbnail()), NOW)
    assert not panel.details.result.isVisible()
    panel.show_portal(replace(GOOD, portal_id="three"), NOW)
    assert not panel.details.result._picture.isVisible()


def test_a_portal_without_a_preview_shows_no_result(panel):
    panel.show_portal(LIVE, NOW)
    assert not panel.details.result.isVisible()
    assert "not previewed" in texts(panel)


def test_previewing_again_is_offered_only_while_the_link_opens(panel):
    again = emitted(panel.preview_again_requested)
    panel.show_portal(GOOD, NOW)
    assert "all good" in texts(panel)
    button(panel, "Preview again").click()
    assert again == [("one",)]
    panel.show_portal(replace(GOOD, expires_at=NOW), NOW)
    assert "all good" in texts(panel)
    assert "Preview again" not in buttons(panel)


def test_an_open_strip_shows_the_result_instead_of_the_panel(panel):
    panel.show_portal(GOOD, NOW)
    panel.set_report("one", stored(thumbnail=thumbnail()), NOW)
    panel.send_step.mark_as_sent()
    assert panel.send_step.strip.result.isVisible()
    assert panel.send_step.strip.result._picture.isVisible()
    assert texts(panel).count("all good") == 1
    panel.send_step.strip.cancelled.emit()
    assert texts(panel).count("all good") == 1


def test_a_link_with_a_problem_asks_before_it_is_handed_out(panel):
    copies, again = emitted(panel.copy_requested), emitted(panel.preview_again_requested)
    panel.show_portal(WRONG, NOW)

    button(panel, "Copy link").click()
    assert copies == []
    assert "The last preview found a problem. The page is blank." in texts(panel)
    panel.send_step.question.preview.click()
    assert again == [("one",)]

    # Another thing is wrong now, which nobody has agreed to.
    panel.show_portal(replace(WRONG, preview_concerns=("The link has expired.",)), NOW)
    button(panel, "Copy link").click()
    assert copies == []
    button(panel, "Copy anyway").click()
    button(panel, "Copy link").click()
    assert copies == [("one",), ("one",)]


@pytest.mark.parametrize("verdict", [CheckLevel.OK, CheckLevel.WARNING])
def test_a_warning_asks_no_question(panel, verdict):
    copies = emitted(panel.copy_requested)
    panel.show_portal(replace(PREVIEWED, preview_verdict=verdict), NOW)
    button(panel, "Copy link").click()
    assert copies == [("one",)]


def test_a_new_preview_without_a_problem_closes_the_question(panel):
    panel.show_portal(WRONG, NOW)
    button(panel, "Copy link").click()
    panel.show_portal(GOOD, NOW)
    assert not panel.send_step.question.isVisible()


def test_an_unknown_outcome_shows_that_a_link_may_exist(panel):
    checked, again = emitted(panel.check_outcome_requested), emitted(panel.create_again_requested)
    panel.show_portal(without_link(Outcome.UNKNOWN), NOW)

    assert "A link may exist" in texts(panel)
    assert "Because of the test." in texts(panel)
    button(panel, "Check with Seam").click()
    button(panel, "Create again").click()
    assert (checked, again) == ([("one",)], [("one",)])


def test_a_link_that_expires_closes_what_was_open(panel):
    panel.show_portal(PREVIEWED, NOW)
    panel.send_step.mark_as_sent()
    panel.show_portal(PREVIEWED, NOW + timedelta(days=7))
    assert buttons(panel) == {"Renew link"}


@pytest.mark.parametrize(
    "portal",
    [
        replace(LIVE, expires_at=NOW),
        replace(LIVE, revoked_at=NOW),
        replace(LIVE, has_url=False),
        without_link(Outcome.UNKNOWN),
    ],
)
def test_a_menu_can_not_hand_out_what_can_not_be_handed_out(panel, portal):
    copies = emitted(panel.copy_requested)
    panel.show_portal(portal, NOW)
    panel.send_step.copy_link()
    panel.send_step.mark_as_sent()
    assert copies == []
    assert not panel.send_step.strip.isVisible()
    assert not panel.send_step.question.isVisible()


def test_asking_again_for_the_strip_keeps_what_was_typed(panel):
    panel.show_portal(PREVIEWED, NOW)
    panel.send_step.mark_as_sent()
    panel.send_step.strip.note.setText("half a note")
    panel.send_step.mark_as_sent()
    assert panel.send_step.strip.note.text() == "half a note"


def test_none_and_many_have_a_placeholder_and_copy_nothing(panel):
    copies = emitted(panel.copy_requested)
    panel.show_portal(PREVIEWED, NOW)

    panel.show_many(3, has_preview=False)
    assert "3 portals selected" in texts(panel)
    panel.send_step.copy_link()
    panel.show_portal(None, NOW)
    assert "No portal selected" in texts(panel)
    panel.send_step.copy_link()

    assert copies == []
    assert "harbor-hotel" not in texts(panel)


def test_the_summary_of_one_portal_is_not_shown_for_the_next(panel):
    panel.show_portal(LIVE, NOW)
    panel.details.set_request_summary([("Locale", "German")])
    panel.show_portal(replace(LIVE, portal_id="two"), NOW)
    assert "German" not in texts(panel)


@pytest.mark.parametrize(
    "key", ["x" * 4000, "🏨" * 300, "فندق الميناء " * 40, "<b>bold</b>", "a\nb"]
)
def test_any_customer_key_leaves_the_panel_its_width(panel, key):
    panel.show_portal(replace(LIVE, customer_key=key), NOW)
    assert panel.minimumSizeHint().width() < 400
    assert panel.details.minimumSizeHint().width() < 500
    assert panel.header.minimumSizeHint().width() < 500
    assert panel.header._key.full_text() == " ".join(key.split())
    assert panel.header._key.textFormat() is Qt.TextFormat.PlainText


def test_every_control_has_a_name_and_comes_in_reading_order(panel):
    panel.show_portal(PREVIEWED, NOW)
    panel.send_step.mark_as_sent()
    parts = (panel.header, panel.send_step, panel.details)
    stops = [stop for part in parts for stop in part.tab_order() if stop.isVisible()]
    for stop in stops:
        assert stop.accessibleName() or stop.text()
    tops = [stop.mapTo(panel, stop.rect().topLeft()).y() for stop in stops]
    assert all(before <= after + 12 for before, after in pairwise(tops))


def test_the_wording_of_times(panel):
    panel.show_portal(replace(LIVE, expires_at=NOW + timedelta(hours=8, minutes=1)), NOW)
    shown = texts(panel)
    assert "Expiring" in shown
    assert "Expires in 9 h" in shown
