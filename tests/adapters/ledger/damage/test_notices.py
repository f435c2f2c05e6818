"""What a notice about a damaged file says for each number of portals."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.ledger.damage import notices


@pytest.mark.parametrize(
    ("saved", "before", "expected"),
    [
        (2, 2, "All 2 portals could be read and are in a new one. Entries"),
        (1, 1, "Its only portal could be read and is in a new one. Entries"),
        (
            8,
            9,
            (
                "8 of 9 portals could be read and are in a new one. 1 portal is missing from the "
                "list; its link may still work. Entries"
            ),
        ),
        (1, 3, "2 portals are missing from the list; their links may still work. Entries"),
        (
            0,
            2,
            (
                "No portal could be read; an empty ledger was begun. 2 portals are missing from "
                "the list; their links may still work. Entries"
            ),
        ),
        (0, 0, "No portal could be read; an empty ledger was begun. Entries"),
        (
            1,
            None,
            (
                "1 portal could be read and is in a new one. How many there were isn’t known, so "
                "some may be missing. Entries"
            ),
        ),
        (3, 2, "3 portals could be read and are in a new one. How many there were isn’t known"),
    ],
)
def test_how_many_portals_were_saved(saved, before, expected):
    notice = notices.damaged(saved, 0, before, "x.broken")
    assert expected in notice
    assert "Entries of timelines, attachments and customers’ names may be missing too." in notice
