"""The lifecycle dialogs, and the timeline in the detail panel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.domain.portal.event import EventKind, TimelineEntry
from seam_portal_desktop.domain.ports import ClientSession
from seam_portal_desktop.domain.request import CustomerData, Reservation, Room
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.tables.problem_rows import ProblemRows
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.services.portal.export import ExportFormat
from seam_portal_desktop.services.portal.revocation import FoundBy, RevocationTarget
from seam_portal_desktop.ui.create.problem_rows import ProblemRowsController
from seam_portal_desktop.ui.lifecycle.export_dialog import ExportDialog
from seam_portal_desktop.ui.lifecycle.reservation_link_dialog import ReservationLinkDialog
from seam_portal_desktop.ui.lifecycle.revoke_dialog import RevokeDialog
from seam_portal_desktop.ui.lifecycle.update_data_dialog import UpdateDataDialog
from seam_portal_desktop.ui.portal.entry_lists import TimelineList
from seam_portal_desktop.ui.portal.panel import PortalPanel, PortalTab
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel
from seam_portal_desktop.ui.toolkit.save_file import list_separator
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from tests.support.portal_rows import HOUR, NOW, created, sent
from tests.support.until import until

TOKEN = "seam_cst_not_a_real_token"
PORTAL = replace(created("one", "harbor & hotel", sent=sent()), url_host="portal.example")
HOSTILE_KEY = "فندق <b>الميناء</b> 🏨 & " + "x" * 300


@pytest.fixture
def icons(theme):
    return Icons(theme)


def target(found_by: FoundBy = FoundBy.TOKEN) -> RevocationTarget:
    session = ClientSession("session-1", Secret(TOKEN), PORTAL.customer_key, NOW, NOW + 6 * HOUR)
    return RevocationTarget(PORTAL, session, found_by)


def texts(parent: QWidget) -> list[str]:
    QCoreApplication.processEvents()  # what a layout was given is shown in the next turn
    return [
        label.full_text() if isinstance(label, ElidedLabel) else label.text()
        for label in parent.findChildren(QLabel)
        if label.isVisibleTo(parent)
    ]


@pytest.fixture
def revoke(qtbot, theme, icons):
    dialog = RevokeDialog(PORTAL, theme, icons)
    qtbot.addWidget(dialog)
    dialog.strip.set_workspace("Acme", WorkspaceKind.PRODUCTION, demo=False)
    dialog.set_busy(busy=True, text="Looking…")
    dialog.show()
    return dialog


def test_nothing_can_be_revoked_before_the_session_is_known(revoke, qtbot):
    wanted = []
    revoke.revoke_requested.connect(lambda: wanted.append(1))
    revoke.submit()
    assert not revoke.submit_button.isEnabled()
    revoke.show_error(UserFacingError("Not identified.", "Nothing was revoked."))
    revoke.submit()
    assert not revoke.submit_button.isEnabled()
    assert revoke.dismiss_button.text() == "Close"
    assert wanted == []


def test_the_session_is_shown_and_the_button_has_the_key(revoke):
    revoke.show_target(target(), NOW)
    assert revoke.submit_button.text() == "Revoke link for \u2068harbor && hotel\u2069"
    shown = " ".join(texts(revoke))
    assert "session-1" in shown
    assert "2 h ago by email, marked by" in shown
    assert "the token in the link" in shown
    assert "can’t be undone" in shown
    assert TOKEN not in shown


def test_enter_keeps_and_only_the_button_revokes(revoke, qtbot):
    wanted = []
    revoke.revoke_requested.connect(lambda: wanted.append(1))
    revoke.show_target(target(), NOW)
    assert revoke.dismiss_button.isDefault()
    QTest.keyClick(revoke, Qt.Key.Key_Return)
    assert not revoke.isVisible()
    assert wanted == []


def test_a_failed_revocation_can_be_repeated(revoke):
    revoke.show_target(target(FoundBy.CUSTOMER_AND_EXPIRY), NOW)
    revoke.set_busy(busy=True, text="Revoking…")
    assert not revoke.submit_button.isEnabled()
    revoke.show_error(UserFacingError("The link still works.", "Try again."))
    assert revoke.submit_button.isEnabled()
    assert revoke.dismiss_button.text() == "Keep the link"
    assert revoke.dismiss_button.isDefault()


def test_any_key_fits(qtbot, theme, icons):
    dialog = RevokeDialog(replace(PORTAL, customer_key=HOSTILE_KEY), theme, icons)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_target(target(), NOW)
    assert dialog.width() <= 960
    assert all(label.textFormat() is not Qt.TextFormat.RichText for label in labels(dialog))


def labels(parent: QWidget) -> list[QLabel]:
    return parent.findChildren(QLabel)


@pytest.fixture
def reservation(qtbot, theme, icons):
    dialog = ReservationLinkDialog(theme, icons)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_a_reservation_link_needs_both_keys_and_warns_of_production(reservation):
    reservation.set_workspace("Acme", WorkspaceKind.PRODUCTION, demo=False)
    assert reservation.submit_button.text() == "Create link in PRODUCTION"
    assert "PRODUCTION" in reservation.windowTitle()
    reservation.set_known_keys("harbor-hotel", [])
    assert not reservation.submit_button.isEnabled()
    QTest.keyClicks(reservation.reservation, " R-1 ")
    assert reservation.submit_button.isEnabled()
    assert reservation.customer.customer_key() == "harbor-hotel"
    assert reservation.reservation_key() == "R-1"


def test_the_only_known_reservation_is_filled_in_but_never_over_what_was_typed(reservation):
    reservation.set_known_keys("harbor-hotel", ["R-7"])
    assert reservation.reservation_key() == "R-7"
    reservation.reservation.setText("R-8")
    reservation.set_known_keys("other", ["R-9"])
    assert reservation.customer.customer_key() == "harbor-hotel"
    assert reservation.reservation_key() == "R-8"


def test_errors_are_shown_at_their_fields(reservation):
    reservation.set_known_keys("harbor-hotel", ["R-7"])
    fields = {"reservation_key": ("Too long.",), "other": ("Odd.",)}
    reservation.show_error(InvalidRequestError("Refused.", "Change it.", fields=fields))
    assert reservation.note.label.text() == "Too long."
    assert reservation.reservation.accessibleDescription() == "Too long."
    QTest.keyClicks(reservation.reservation, "8")
    assert reservation.note.label.text() != "Too long."


def test_after_an_unknown_outcome_enter_closes(reservation):
    reservation.set_known_keys("harbor-hotel", ["R-7"])
    reservation.show_unknown_outcome(UserFacingError("No answer.", "A link may exist."))
    assert reservation.submit_button.text() == "Create again"
    assert reservation.dismiss_button.isDefault()


@pytest.fixture
def update(qtbot, theme, icons):
    dialog = UpdateDataDialog(theme, icons)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_filled_data_is_sent_unchanged(update, qtbot):
    data = CustomerData(customer_key="harbor-hotel", rooms=(Room(room_key="12", name="Blue"),))
    update.fill(data)
    with qtbot.waitSignal(update.update_requested) as asked:
        update.submit_button.click()
    assert asked.args == [data]


def test_errors_of_push_data_are_shown_at_their_fields(update):
    update.fill(CustomerData(customer_key="k", rooms=(Room(room_key="12", name="Blue"),)))
    fields = {"rooms.0.name": ("Too long.",), "": ("As a whole.",)}
    update.show_error(InvalidRequestError("Refused.", "Change it.", fields=fields))
    assert "Too long." in update.data.note.label.text()
    assert any("As a whole." in text for text in texts(update.error_card))


def test_without_a_customer_nothing_is_sent(update):
    assert not update.submit_button.isEnabled()


STAYS = (
    Reservation(
        reservation_key="r-1",
        guest_key="g-1",
        room_keys=("101",),
        starts_at="2025-03-14T15:00:00Z",
        ends_at="2025-03-16T11:00:00Z",
    ),
    Reservation(reservation_key="r-2", room_keys=("102",)),
)


def problem_texts(dialog: UpdateDataDialog) -> list[str]:
    shown = dialog.problems.panel.list
    return [shown.item(row).text() for row in range(shown.count())]


def test_what_may_be_a_mistake_is_listed_before_sending(update, qtbot):
    assert not update.problems.isVisible()
    update.fill(CustomerData(customer_key="k", reservations=STAYS))
    qtbot.waitUntil(update.problems.isVisible)
    listed = problem_texts(update)
    assert any("This is over already" in text for text in listed)
    assert any("It names no person" in text for text in listed)
    assert "This can be sent." in " ".join(texts(update.problems.panel))
    row = next(at for at, text in enumerate(listed) if "no person" in text)
    update.problems.panel.list.setCurrentRow(row)
    QTest.keyClick(update.problems.panel.list, Qt.Key.Key_Return)
    assert update.data.table.currentIndex().row() == 1
    assert update.data.note.tone is None, "a warning isn't marked as an error"
    with qtbot.waitSignal(update.update_requested):
        update.submit_button.click()


def test_an_error_is_listed_and_nothing_is_sent(update, qtbot):
    stay = {"reservation_key": "r-1", "starts_at": "2026-03-14T15:00:00Z"}
    sent: list[object] = []
    update.update_requested.connect(sent.append)
    update.restore(
        {
            "request": {
                "customer_data": {
                    "customer_key": "k",
                    "reservations": [{**stay, "ends_at": "2026-03-13T15:00:00Z"}],
                }
            },
            "unsent": update.data.unsent(),
            "is_edited": True,
        }
    )
    qtbot.waitUntil(lambda: any("ends before" in text for text in problem_texts(update)))
    assert "Seam would refuse this request." in " ".join(texts(update.problems.panel))
    update.submit_button.click()
    assert sent == []
    assert "It ends before it starts" in update.data.note.label.text()


@pytest.mark.anyio
async def test_the_rows_with_problems_are_saved(update, tmp_path):
    written: list[tuple[Path, list[str], list[list[object]]]] = []

    class Service:
        async def save_problems(self, target: Path, rows: ProblemRows, _separator: str) -> None:
            written.append((target, rows.titles, [list(row) for row in rows]))

    failures: list[BaseException] = []
    scope = TaskScope(failures.append)
    ProblemRowsController(update, update.problems, update.data, cast(Any, Service()), scope)
    update.fill(CustomerData(customer_key="k", reservations=STAYS))
    await until(update.problems.panel.save_button.isVisible)
    update.problems.panel.save_button.click()
    chooser = update.findChild(QFileDialog)
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path / "problems.xlsx"))
    chooser.close()
    await until(lambda: "2 rows in problems.xlsx" in update.data.note.label.text())
    await scope.close()
    assert failures == []
    ((target, titles, rows),) = written
    assert target == tmp_path / "problems.xlsx"
    assert titles[0] == "Reservation key"
    assert [row[0] for row in rows] == ["r-1", "r-2"]
    assert "This is over already" in str(rows[0][-1])


def test_exporting_starts_without_links_and_warns_about_them(qtbot, theme, icons):
    dialog = ExportDialog(1, 1200, theme, icons)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.only_selected.isChecked()
    assert dialog.file_format() is ExportFormat.XLSX
    assert not dialog.with_links.isChecked()
    dialog.with_links.click()
    assert "Whoever has the file" in dialog.note.label.text()
    dialog.with_links.click()
    assert "Whoever" not in dialog.note.label.text()


@pytest.mark.parametrize(("locale", "separator"), [("de_DE", ";"), ("en_US", ","), ("pl_PL", ";")])
def test_a_csv_file_has_the_separator_of_the_region(locale, separator):
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        assert list_separator() == separator
    finally:
        QLocale.setDefault(before)


def test_without_a_selection_the_list_is_exported(qtbot, theme, icons):
    dialog = ExportDialog(0, 1, theme, icons)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.only_selected.isChecked()
    assert not dialog.only_selected.isVisible()
    assert dialog.all_listed.text() == "The portal in the list"


def entry(number: int, text: str = "Link copied") -> TimelineEntry:
    return TimelineEntry(NOW - number * HOUR, EventKind.COPIED, "ada", text)


def test_the_timeline_shows_when_and_who_and_updates_with_time(qtbot, icons):
    timeline = TimelineList(icons)
    qtbot.addWidget(timeline)
    timeline.show()
    timeline.set_entries([entry(3, HOSTILE_KEY), entry(2)], NOW)
    assert HOSTILE_KEY in texts(timeline)
    assert "\u20682 h ago\u2069, \u2068ada\u2069" in texts(timeline)
    timeline.set_entries([entry(3, HOSTILE_KEY), entry(2)], NOW + timedelta(hours=1))
    assert "\u20683 h ago\u2069, \u2068ada\u2069" in texts(timeline)
    assert timeline.minimumSizeHint().width() < 400


def test_a_long_timeline_shows_the_number_of_earlier_entries(qtbot, icons):
    timeline = TimelineList(icons)
    qtbot.addWidget(timeline)
    timeline.show()
    entries = [entry(100 - number) for number in range(50)]
    timeline.set_entries(entries, NOW)
    assert "10 earlier; Export has all of them" in texts(timeline)
    timeline.set_entries(entries[:3], NOW)
    assert not any("earlier" in text for text in texts(timeline))


def test_a_late_timeline_is_not_shown_for_another_portal(qtbot, theme, icons):
    panel = PortalPanel(theme, icons, QWidget(), QWidget())
    panel.show_tab(PortalTab.ACTIVITY)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_portal(PORTAL, NOW)
    panel.set_timeline("another", [entry(1, "Not mine")], NOW)
    assert "Not mine" not in texts(panel)
    panel.set_timeline("one", [entry(1, "Mine")], NOW)
    assert "Mine" in texts(panel)
    panel.show_portal(created("two"), NOW)
    assert "Mine" not in texts(panel)
    assert [b.text() for b in panel.findChildren(QPushButton) if b.text() == "Renew link"]
