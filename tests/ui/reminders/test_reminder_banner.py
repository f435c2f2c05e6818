"""The reminders above the list: what they say, and what a press shows."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from seam_portal_desktop.domain.portal.reminders import ReminderKind
from seam_portal_desktop.ui.portals.filters.search_terms import parse_search
from seam_portal_desktop.ui.reminders.banner import WORDS, ReminderBanner, reminder_text
from seam_portal_desktop.ui.toolkit.icons import Icons


@pytest.mark.parametrize("kind", ReminderKind)
def test_each_kind_finds_its_portals_by_words_that_the_search_knows(kind):
    terms = parse_search(WORDS[kind])
    assert terms.unknown == ()
    assert terms.text == ""
    assert terms.kinds


@pytest.mark.parametrize("kind", ReminderKind)
def test_one_and_many_are_said(kind):
    assert reminder_text(kind, 1).startswith("1 ")
    assert reminder_text(kind, 12).startswith("12 ")


def test_a_press_shows_the_portals(theme, qtbot):
    banner = ReminderBanner({ReminderKind.SOON: 3, ReminderKind.NOT_SENT: 1}, theme, Icons(theme))
    qtbot.addWidget(banner)
    chosen = []
    banner.chosen.connect(chosen.append)
    buttons = [each for each in banner.findChildren(QPushButton) if each.text()]
    assert [each.text() for each in buttons] == [
        "1 message wasn’t sent",
        "3 links end within 3 days",
    ]
    for each in buttons:
        each.click()
    assert chosen == [ReminderKind.NOT_SENT, ReminderKind.SOON]
    assert "1 message wasn’t sent" in banner.accessibleName()
