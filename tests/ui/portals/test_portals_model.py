from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester

from seam_portal_desktop.domain.message.delivery import DeliveryState
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.query import PortalColumn, PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome, PortalStatus
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.ui.portals.model import COLUMNS, PortalTableModel
from tests.support.portal_rows import HOUR, NOW, SettableClock, created, page, sent, unanswered

Role = Qt.ItemDataRole

EVERYTHING = PortalQuery("ws")


@pytest.fixture
def clock():
    return SettableClock()


@pytest.fixture
def model(qapp, clock):
    model = PortalTableModel(clock)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield model
    tester.deleteLater()
    model.deleteLater()


def text(model, row, column):
    return model.index(row, COLUMNS.index(column)).data(Role.DisplayRole)


def settle(model, qtbot):
    """Let the model look through its rows, as it does once the event loop runs."""
    qtbot.waitUntil(lambda: model._next_change_known)


def test_rows_are_shown_as_texts(model):
    model.set_page(page(created("a", sent=sent()), unanswered("b")))
    assert [text(model, 0, column) for column in PortalColumn] == [
        "harbor-hotel",
        "Active",
        "18 h ago",
        "in 7 days",
        "–",
        "2 h ago",
        "Sandbox",
    ]
    assert [text(model, 1, column) for column in PortalColumn] == [
        "old-mill",
        "Unconfirmed",
        "1 h ago",
        "–",
        "–",
        "–",
        "Production",
    ]
    assert model.index(0, 0).data(Role.UserRole).portal_id == "a"


def spoken_row(model, row: int) -> str:
    return model.headerData(row, Qt.Orientation.Vertical, Role.AccessibleTextRole)


def test_a_row_has_a_sentence_and_a_cell_its_column_and_text_for_screen_readers(model):
    model.set_page(
        page(
            created("a", sent=sent()),
            created("b", "casa-verde", left=-50 * HOUR),
            created("c", "grand-plaza", revoked_at=NOW - HOUR),
            unanswered("d"),
        )
    )
    assert [spoken_row(model, row) for row in range(4)] == [
        "harbor-hotel, Active, expires in 7 days, sent 2 h ago",
        "casa-verde, Expired, expired 2 days ago, not sent",
        "grand-plaza, Revoked, not sent",
        "old-mill, Unconfirmed, not sent",
    ]
    last = [model.index(3, column).data(Role.AccessibleTextRole) for column in range(len(COLUMNS))]
    assert last == [
        "Customer: old-mill",
        "Status: Unconfirmed",
        "Created: 1 h ago",
        "Expires: not known",
        "Preview: none",
        "Sent: no",
        "Workspace: Production",
    ]


def test_the_tooltip_has_the_absolute_time_and_no_html(model):
    model.set_page(page(created("a", "<b>bold</b> & co", sent=sent()), unanswered("b")))

    def hover(row, column):
        return model.index(row, COLUMNS.index(column)).data(Role.ToolTipRole)

    assert hover(0, PortalColumn.CUSTOMER_KEY) == "&lt;b&gt;bold&lt;/b&gt; &amp; co"
    assert "2026" in hover(0, PortalColumn.EXPIRES)
    assert "dana" in hover(0, PortalColumn.SENT)
    assert "for the front desk" in hover(0, PortalColumn.SENT)
    assert "A link may exist." in hover(1, PortalColumn.STATUS)
    assert hover(1, PortalColumn.EXPIRES) is None


@pytest.mark.parametrize(
    ("fields", "word", "spoken"),
    [
        ({}, "–", "in 7 days, not sent"),
        ({"previewed_at": NOW}, "Previewed", "previewed, not sent"),
        ({"preview_verdict": CheckLevel.OK}, "Good", "preview: good, not sent"),
        (
            {"preview_verdict": CheckLevel.WARNING, "preview_concerns": ("One.",)},
            "Warning",
            "preview: warning",
        ),
        (
            {"preview_verdict": CheckLevel.WARNING, "preview_concerns": ("One.", "Two.")},
            "2 warnings",
            "preview: 2 warnings",
        ),
        (
            {"preview_verdict": CheckLevel.PROBLEM, "preview_concerns": ("One.", "Two.")},
            "Problem",
            "preview: problem",
        ),
    ],
)
def test_a_row_shows_its_previews_result(model, fields, word, spoken):
    model.set_page(page(created("a", **fields)))
    assert text(model, 0, PortalColumn.PREVIEW) == word
    assert spoken in spoken_row(model, 0)


def test_the_previews_tooltip_has_its_time_and_findings(model):
    concerns = ("The page asked for <b>2</b> things in vain.", "The link ends in 5 h.")
    model.set_page(
        page(
            created(
                "a",
                previewed_at=NOW,
                preview_verdict=CheckLevel.WARNING,
                preview_concerns=concerns,
            ),
            created("b", previewed_at=NOW, preview_verdict=CheckLevel.OK),
            created("c"),
        )
    )
    column = COLUMNS.index(PortalColumn.PREVIEW)
    first, second, third = (model.index(row, column).data(Role.ToolTipRole) for row in range(3))
    assert first.startswith("Previewed ")
    assert "2026" in first
    assert "&lt;b&gt;2&lt;/b&gt; things in vain.<br>The link ends in 5 h." in first
    assert second.endswith("Nothing wrong was found.")
    assert third is None


def test_line_breaks_in_a_customer_key_stay_in_one_row(model):
    model.set_page(page(created("a", "one\ntwo\t three")))
    assert text(model, 0, PortalColumn.CUSTOMER_KEY) == "one two three"


def test_every_page_is_requested_once(model, qtbot):
    wanted = []
    model.more_wanted.connect(wanted.append)
    model.set_page(page(created("a"), created("b"), total=3))
    root = QModelIndex()
    model.fetchMore(root)
    model.fetchMore(root)
    # The model tester fetches as well, so what counts is that nothing is asked for twice.
    assert wanted == [2]
    assert not model.canFetchMore(root)

    model.append_page(page(created("c"), offset=2, total=3))
    assert model.rowCount() == model.total == 3
    assert not model.canFetchMore(root)


def test_a_page_that_comes_too_late_is_ignored(model):
    model.set_page(page(created("a"), total=5))
    model.append_page(page(created("x"), offset=3, total=5))
    assert model.rowCount() == 1


def test_a_row_that_moved_into_the_next_page_is_not_shown_twice(model):
    model.set_page(page(created("a"), created("b"), total=4))
    model.append_page(page(created("b"), created("c"), offset=2, total=4))
    assert [model.portal(row).portal_id for row in range(model.rowCount())] == ["a", "b", "c"]
    assert model.row_of("c") == 2


def test_an_empty_next_page_ends_the_list(model):
    model.set_page(page(created("a"), total=4))
    model.append_page(page(offset=1, total=4))
    assert not model.canFetchMore(QModelIndex())


def test_changed_rows_keep_their_position(model):
    model.set_page(page(unanswered("a", outcome=Outcome.REQUESTED), created("b")))
    changed = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    model.apply_change(LedgerChange((created("a", "old-mill"), created("b"))), EVERYTHING)
    assert changed == [(0, 0)]
    assert text(model, 0, PortalColumn.STATUS) == "Active"
    assert (model.rowCount(), model.total) == (2, 2)


def test_time_alone_changes_statuses_and_emits_once(model, qtbot, clock):
    model.set_page(
        page(created("a", left=25 * HOUR), created("b", left=HOUR), created("c", left=-HOUR))
    )
    settle(model, qtbot)
    elapsed, changed = [], []
    model.status_elapsed.connect(lambda: elapsed.append(1))
    model.dataChanged.connect(lambda first, last: changed.append(first.row()))

    model.set_now(NOW + timedelta(minutes=59))
    assert not elapsed
    assert text(model, 1, PortalColumn.EXPIRES) == "in 1 min"
    model.set_now(NOW + HOUR)
    assert len(elapsed) == 1
    assert changed == [0, 1]
    assert [model.status(row) for row in range(3)] == [
        PortalStatus.EXPIRING,
        PortalStatus.EXPIRED,
        PortalStatus.EXPIRED,
    ]


def test_a_clock_that_was_set_back_makes_expired_links_live_again(model, qtbot):
    model.set_page(page(created("a", left=HOUR)))
    settle(model, qtbot)
    model.set_now(NOW + 2 * HOUR)
    assert model.status(0) is PortalStatus.EXPIRED
    model.set_now(NOW)
    assert model.status(0) is PortalStatus.EXPIRING


def test_the_timer_fires_at_the_next_change(model, qtbot, clock):
    model.set_page(page(created("a", left=timedelta(milliseconds=80))))
    with qtbot.waitSignal(model.status_elapsed, timeout=5000):
        settle(model, qtbot)
        clock.now = NOW + timedelta(milliseconds=80)
    assert text(model, 0, PortalColumn.STATUS) == "Expired"


def test_the_timer_fires_every_minute_only_while_a_view_is_shown(model, qtbot):
    model.set_page(page(created("a")))
    settle(model, qtbot)
    timer = model.findChild(QTimer)
    assert timer.interval() == 3_600_000
    model.set_shown(True)
    settle(model, qtbot)
    qtbot.waitUntil(lambda: timer.interval() == 60_000)


def test_a_click_on_a_time_sorts_newest_first(model):
    def initial(column):
        return model.headerData(
            COLUMNS.index(column), Qt.Orientation.Horizontal, Role.InitialSortOrderRole
        )

    assert initial(PortalColumn.CREATED) == Qt.SortOrder.DescendingOrder
    assert initial(PortalColumn.CUSTOMER_KEY) == Qt.SortOrder.AscendingOrder


def test_the_model_passes_qts_model_tester(model, qtbot):
    # The tester, fatal, watches every signal of these.
    model.set_page(page())
    model.set_page(page(*(created(f"p{n}", left=n * HOUR) for n in range(30)), total=60))
    settle(model, qtbot)
    model.append_page(page(*(created(f"p{n}") for n in range(30, 60)), offset=30, total=60))
    sent_rows = tuple(replace(created(f"p{n}"), sent=sent()) for n in range(0, 60, 7))
    model.apply_change(LedgerChange(sent_rows), EVERYTHING)
    model.apply_change(LedgerChange(removed=frozenset({"p0", "p30", "p59"})), EVERYTHING)
    model.apply_change(LedgerChange((created("new", left=167 * HOUR),)), EVERYTHING)
    model.set_now(NOW + 40 * HOUR)
    model.set_page(page(created("p3")))
    model.set_page(page())


def test_what_became_of_the_newest_sending_is_in_the_sent_column(model):
    to = ("ann@example.com", "ben@example.com", "eve@example.com")
    states = (DeliveryState.SENT, DeliveryState.MAYBE_SENT, DeliveryState.FAILED, None)
    rows = [
        created(str(state), sent=sent() if state is DeliveryState.SENT else None)
        for state in states
    ]
    model.set_page(
        page(
            *(
                replace(row, delivery_state=state, delivered_to=to if state else ())
                for row, state in zip(rows, states, strict=True)
            )
        )
    )
    assert [text(model, row, PortalColumn.SENT) for row in range(4)] == [
        "2 h ago",
        "Not certain",
        "Not sent",
        "–",
    ]
    hover = model.index(1, COLUMNS.index(PortalColumn.SENT)).data(Role.ToolTipRole)
    assert "may have been sent" in hover
    assert "ann@example.com" in hover
    assert "and 2 more" in hover
    assert "The message could not be sent." in spoken_row(model, 2)
