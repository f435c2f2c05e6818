from __future__ import annotations

import pytest

from seam_portal_desktop.domain.preview.load_failure import (
    FailureKind,
    LoadFailure,
    classify_http,
    classify_net_error,
)
from seam_portal_desktop.ui.preview.view.states import (
    MessageAction,
    PreviewMessage,
    failure_content,
    message_content,
)


@pytest.mark.parametrize("status", [401, 403, 410])
def test_the_portals_own_no_means_a_dead_link(status):
    assert classify_http(status, at_home=True).kind is FailureKind.LINK_DEAD
    assert classify_http(status, at_home=False).kind is FailureKind.HTTP


def test_a_status_is_described_in_words():
    assert classify_http(503, at_home=True) == LoadFailure(
        FailureKind.HTTP, "HTTP 503, Service Unavailable"
    )
    assert classify_http(599, at_home=True).detail == "HTTP 599"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-106, FailureKind.OFFLINE),
        (-105, FailureKind.NAME),
        (-102, FailureKind.REFUSED),
        (-118, FailureKind.TIMED_OUT),
        (-107, FailureKind.TLS),
        (-201, FailureKind.TLS),
        (-130, FailureKind.CONNECTION),
        (-324, FailureKind.CONNECTION),
        (-300, FailureKind.CONNECTION),
    ],
)
def test_chromiums_numbers_become_kinds(code, kind):
    assert classify_net_error(code).kind is kind


def test_each_state_has_a_page_of_its_own():
    pages = [failure_content(LoadFailure(kind)) for kind in FailureKind]
    pages += [
        message_content(kind) for kind in PreviewMessage if kind is not PreviewMessage.OPENING
    ]
    assert len({page.title for page in pages}) == len(pages)
    sentences = [page.text for page in pages if page.text]
    assert len(sentences) == len(pages) - 1  # "Select a portal…" says all in its title
    assert all(text.endswith(".") and "!" not in text for text in sentences)


def test_a_second_crash_points_at_the_graphics():
    crash = LoadFailure(FailureKind.CRASHED)
    assert "--software-rendering" not in failure_content(crash).text
    again = failure_content(crash, again=True)
    assert "--software-rendering" in again.text
    assert again.action is MessageAction.RELOAD
