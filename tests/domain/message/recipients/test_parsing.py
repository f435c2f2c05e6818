"""Recipients as people type and paste them."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.message.recipients.parsing import parse_recipients

ANN = ("ann@example.com", "")
ANN_MILLER = ("ann@example.com", "Ann Miller")
MILLER_ANN = ("ann@example.com", "Miller, Ann")
BOB = ("bob@example.com", "")


def found(text: str, **how) -> list[tuple[str, str]]:
    return [(each.address, each.name) for each in parse_recipients(text, **how).addresses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ,;\n\t ", []),
        ("ann@example.com", [ANN]),
        ("Ann Miller <ann@example.com>", [ANN_MILLER]),
        ('"Miller, Ann" <ann@example.com>', [MILLER_ANN]),
        ("Miller, Ann <ann@example.com>", [MILLER_ANN]),
        ("Miller, Ann <ann@example.com>; bob@example.com", [MILLER_ANN, BOB]),
        ("ann@example.com (Ann Miller)", [ANN_MILLER]),
        ("mailto:ann@example.com?subject=Hello", [ANN]),
        ("ann@example.com bob@example.com", [ANN, BOB]),
        ("Ann Miller\tann@example.com\nBob\tbob@example.com", [ANN_MILLER, (BOB[0], "Bob")]),
    ],
)
def test_forms_of_recipients(text, expected):
    parsed = parse_recipients(text)
    assert [(each.address, each.name) for each in parsed.addresses] == expected
    assert parsed.problems == ()
