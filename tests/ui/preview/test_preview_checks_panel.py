"""The button, the panel that it opens, and the text that is copied from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from seam_portal_desktop.domain.preview.kinds import CheckKind, CheckLevel, PreviewMode
from seam_portal_desktop.domain.preview.report import Finding, PreviewReport, StoredReport
from seam_portal_desktop.ui.preview.checks.button import ChecksButton
from seam_portal_desktop.ui.preview.checks.panel import ChecksPanel
from seam_portal_desktop.ui.preview.checks.wording import CHECK_TITLES
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, TOKEN, shown_pane, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 20_000
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def report(**levels: CheckLevel) -> PreviewReport:
    return PreviewReport(
        AT,
        PreviewMode.SAFE,
        tuple(
            Finding(
                check,
                levels.get(check.value, CheckLevel.OK),
                f"The result of {check.value}, which is a sentence of some length.",
            )
            for check in CheckKind
        ),
    )


BAD = report(tls=CheckLevel.WARNING, language=CheckLevel.PROBLEM, console=CheckLevel.UNKNOWN)


@pytest.fixture
def window(qtbot):
    window = QWidget()
    QVBoxLayout(window).setContentsMargins(0, 0, 0, 0)
    qtbot.addWidget(window)
    window.resize(560, 600)
    return window


@pytest.fixture
def panel(theme, window):
    panel = ChecksPanel(theme, Icons(theme))
    window.layout().addWidget(panel)
    window.layout().addStretch(1)
    panel.show_report(BAD, "harbor-hotel", AT + timedelta(minutes=5))
    panel.show()
    window.show()
    return panel


def texts(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (report(), "All good"),
        (report(tls=CheckLevel.UNKNOWN), "All good"),
        (report(tls=CheckLevel.WARNING), "1 warning"),
        (report(tls=CheckLevel.WARNING, host=CheckLevel.WARNING), "2 warnings"),
        (BAD, "1 problem"),
    ],
)
def test_the_button_shows_the_result(theme, qtbot, shown, words):
    button = ChecksButton(Icons(theme))
    qtbot.addWidget(button)
    assert not button.isEnabled()
    button.show_report(shown)
    assert button.isEnabled()
    assert button.text() == words
    assert button.accessibleName() == f"Checks: {shown.headline}"
    button.setChecked(True)
    button.show_running()
    assert not button.isChecked()
    assert not button.isEnabled()


def test_the_panel_has_every_check_with_word_and_sentence_worst_first(panel):
    shown = texts(panel)
    titles = [text for text in shown if text in CHECK_TITLES.values()]
    assert titles[:3] == ["Language", "Certificate", "Console"]
    assert len(titles) == len(CheckKind)
    assert [text for text in shown if text in ("Problem", "Warning", "Couldn’t be told")] == [
        "Problem",
        "Warning",
        "Couldn’t be told",
    ]
    assert shown[:2] == ["1 problem", "5 min ago, safe preview"]


def test_another_report_replaces_the_first(panel, qtbot):
    panel.show_report(report(), "harbor-hotel", AT)
    qtbot.waitUntil(lambda: texts(panel).count("Good") == len(CheckKind))
    assert "Problem" not in texts(panel)


@pytest.mark.parametrize(
    ("width", "scale"), [(280, 1), (560, 1), (1200, 1), (360, 2), (560, 2), (1200, 2)]
)
def test_the_panel_leaves_most_of_the_height_to_the_page(panel, window, qtbot, width, scale):
    font = QFont(panel.font())
    font.setPointSizeF(font.pointSizeF() * scale)
    window.setFont(font)
    window.resize(width, 600)
    qtbot.waitUntil(lambda: panel.width() == width)
    assert panel.height() <= 240
    assert panel.body.horizontalScrollBar().maximum() == 0
    bar = panel.body.verticalScrollBar()
    if bar.maximum():
        panel.body.setFocus()
        qtbot.keyClick(panel.body, Qt.Key.Key_PageDown)
        assert bar.value() > 0


def test_copying_the_report_gives_plain_text(panel):
    panel.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    lines = copied.splitlines()
    assert lines[0] == "Preview of harbor-hotel: 1 problem"
    assert "2026" in lines[1]
    assert "safe preview" in lines[1]
    assert lines[3].startswith("Language – Problem: The result of language")
    assert len(lines) == 3 + len(CheckKind)


def test_escape_closes_the_panel(panel, qtbot):
    with qtbot.waitSignal(panel.close_requested):
        qtbot.keyClick(panel.body, Qt.Key.Key_Escape)


def test_every_line_is_one_name_for_a_screen_reader(panel):
    names = {label.accessibleName() for label in panel.findChildren(QLabel)}
    assert "Language, problem: The result of language, which is a sentence of some length." in names


# In the pane --------------------------------------------------------------------------------


@pytest.fixture
def site():
    with page_server() as server:
        yield server


@pytest.fixture
def pane(qapp):
    with shown_pane(qapp) as (pane, _):
        yield pane


@pytest.fixture
def reports(pane):
    ready: list[tuple[str, StoredReport]] = []
    pane.checks.report_ready.connect(lambda portal_id, stored: ready.append((portal_id, stored)))
    return ready


def test_the_pane_reports_each_page_and_opens_its_panel(pane, reports, site, qtbot):
    button = pane.checks.button
    assert not button.isEnabled()
    pane.show_portal(target(site.url(), "one"))
    qtbot.waitUntil(lambda: button.text() == "Checking…", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(reports) == 1, timeout=WAIT_MS)
    assert reports[0][0] == "one"
    assert button.text() == "All good"

    button.setFocus()
    button.click()
    panel = pane.checks.panel
    assert panel.isVisible()
    assert panel.body.hasFocus()
    assert panel.height() <= 0.4 * panel.parentWidget().height()
    qtbot.keyClick(panel.body, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert button.hasFocus()

    button.click()
    site.pages["/portals/broken"] = Answer(status=503)
    pane.show_portal(target(site.url(f"/portals/broken?token={TOKEN}"), "two"))
    assert not panel.isVisible()
    qtbot.waitUntil(lambda: len(reports) == 2, timeout=WAIT_MS)
    assert reports[1][0] == "two"
    assert button.text() == "2 problems"
    pane.clear()
    assert not button.isEnabled()
    assert button.text() == "Checks"


def test_the_second_view_gives_a_report_only_for_another_portal(pane, reports, site, qtbot):
    pane.resize(1000, 700)
    pane.show_portal(target(site.url(), "one"))
    qtbot.waitUntil(lambda: len(reports) == 1, timeout=WAIT_MS)
    pane.show_second(target(site.url("/portals/0000/other?token=x"), "two"))
    qtbot.waitUntil(lambda: len(reports) == 2, timeout=WAIT_MS)
    assert reports[1][0] == "two"
    text = pane.checks.button.text()
    pane.show_second(target(site.url("/portals/0000/language?token=x"), "one"))
    finished = []
    qtbot.waitUntil(lambda: pane.second in pane.checks._runs, timeout=WAIT_MS)
    pane.checks._runs[pane.second].finished.connect(lambda stored, _: finished.append(stored))
    qtbot.waitUntil(lambda: bool(finished), timeout=WAIT_MS)
    assert len(reports) == 2
    assert pane.checks.button.text() == text


def test_a_report_that_is_not_about_the_portal_is_shown_and_not_kept(pane, reports, site, qtbot):
    pane.show_portal(target(site.url(), "one"))
    qtbot.waitUntil(lambda: len(reports) == 1, timeout=WAIT_MS)
    site.pages["/portals/held"] = Answer(hold=True)
    pane.show_portal(target(site.url(f"/portals/held?token={TOKEN}"), "two"))
    qtbot.waitUntil(lambda: site.asked_for("/portals/held"), timeout=WAIT_MS)
    pane.first.stop()
    qtbot.waitUntil(lambda: pane.checks.button.text() == "1 warning", timeout=WAIT_MS)
    assert len(reports) == 1


def test_inside_a_frame_nothing_is_checked(pane, reports, site, qtbot):
    painted = []
    pane.rendered.connect(painted.append)
    pane.comparison_settings.set_embedded(True)
    pane.show_portal(target(site.url(), "one"))
    qtbot.waitUntil(lambda: bool(painted), timeout=WAIT_MS)
    assert pane.checks._runs == {}
    assert reports == []
    assert "inside a frame" in pane.checks.button.accessibleName()
