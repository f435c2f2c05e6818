"""Pop-ups: an account can be connected in one, and none of them leaves its card."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from seam_portal_desktop.ui.preview.view.popup_card import PopupCard
from tests.support.hostile_kit import FULL_PAGE, PATH, POP_UP
from tests.support.page_server import Answer
from tests.support.preview_kit import ENGINE_NOISE, press, shows_text, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

OPEN = f"window.popUp = open('{POP_UP}', 'connect', 'width=400,height=500')"

# For the page a refused window is closed, but not at once.
STILL_OPEN = "all.filter(popUp => popUp && !popUp.closed).length"


@pytest.fixture
def open_popup(hostile):
    """Click on a portal that opens a pop-up with that script, and wait until it is loaded."""

    def open_it(script="", body="", *, portal=""):
        hostile.write(f"{script};opener?.report('loaded', location.pathname)", body, path=POP_UP)
        hostile.open(f"{portal};onClick(() => {{ {OPEN} }})")
        hostile.click()
        assert hostile.report("loaded") == POP_UP
        return hostile.cards[-1]

    return open_it


def address_of(card: PopupCard) -> str:
    return card.findChild(QLineEdit).text()


def test_an_account_is_connected_in_a_pop_up(hostile, open_popup):
    card = open_popup(
        "document.cookie = 'account=connected';"
        "opener.postMessage('connected', '*'); onClick(close)",
        portal="onmessage = event => report('message', [event.data, event.source === popUp])",
    )
    assert hostile.report("message") == ["connected", True]
    assert address_of(card) == f"127.0.0.1:{hostile.site.port}/portals/… ••••"
    assert card.accessibleName() == "Pop-up"
    hostile.click(card.popup.widget)
    hostile.until(lambda: hostile.cards == [])
    assert hostile.run("[popUp.closed, document.cookie]") == [True, "account=connected"]
    assert hostile.is_still_the_portal()
    assert hostile.signals.notices == []


def test_the_button_closes_a_pop_up(hostile, open_popup):
    open_popup()
    press(hostile.pane, "Close pop-up")
    assert hostile.cards == []
    hostile.until(lambda: hostile.run("popUp.closed"))
    assert hostile.is_still_the_portal()


def test_a_page_writes_into_an_empty_pop_up_of_its_own(hostile):
    hostile.open(
        "onClick(() => { const popUp = open(''); popUp.document.write('<p>One moment'); "
        f"setTimeout(() => {{ popUp.location = '{POP_UP}' }}) }})"
    )
    hostile.write("opener.report('loaded', 1)", path=POP_UP)
    hostile.click()
    hostile.report("loaded")
    assert len(hostile.cards) == 1


def test_a_pop_up_that_the_page_writes_is_called_so(hostile):
    hostile.open("onClick(() => open('').document.write('<h1>Your bank'))")
    hostile.click()
    hostile.until(lambda: [address_of(card) for card in hostile.cards] == [""])
    hostile.until(lambda: "written by the portal" in hostile.cards[0].accessibleName())


def test_a_link_into_a_new_window_is_a_pop_up_without_an_opener(hostile):
    hostile.write("report('opener', opener === null)", path=POP_UP)
    hostile.open("", f"<a {FULL_PAGE} target=_blank href='{POP_UP}'>Help</a>")
    hostile.click()
    assert hostile.report("opener") is True
    assert len(hostile.cards) == 1


def test_one_click_opens_three_at_most(hostile):
    hostile.write("", path=POP_UP)
    hostile.open(
        f"onClick(() => {{ window.all = []; for (let i = 50; i--;) all.push(open('{POP_UP}'));"
        "report('tried', true) })"
    )
    hostile.click()
    hostile.report("tried")
    hostile.until(lambda: hostile.run(STILL_OPEN) == len(hostile.cards))
    assert 1 <= len(hostile.cards) <= 3
    assert len(hostile.signals.notices) == 1
    count = len(hostile.cards)
    assert hostile.cards[-1].accessibleName() == f"Pop-up {count} of {count}"


def test_without_a_click_there_are_two_a_minute(hostile):
    hostile.write("", path=POP_UP)
    hostile.open(
        f"window.all = []; for (let i = 0; i < 50; i++) all.push(open('{POP_UP}'));"
        "report('tried', true)"
    )
    hostile.report("tried")
    hostile.until(lambda: hostile.run(STILL_OPEN) == 2)
    assert len(hostile.cards) == 2
    hostile.expect_notice("keeps opening pop-ups by itself")
    press(hostile.pane, "Close pop-up")
    press(hostile.pane, "Close pop-up")
    hostile.run(f"all.push(open('{POP_UP}'))")
    hostile.until(lambda: hostile.run(STILL_OPEN) == 0)
    assert hostile.cards == []


def test_there_are_never_four_after_many_clicks(hostile):
    hostile.write(f"addEventListener('click', () => open('{POP_UP}'))", path=POP_UP)
    hostile.open(f"onClick(() => open('{POP_UP}'))")
    hostile.click()
    for number in (1, 2, 3):
        hostile.until(lambda number=number: len(hostile.cards) == number)
        hostile.click(hostile.cards[-1].popup.widget)
    hostile.expect_notice("shows 3 at most at a time")
    assert len(hostile.cards) == 3


def test_after_a_refusal_there_are_none_without_a_click(hostile):
    hostile.write("", path=POP_UP)
    hostile.open("open('mailto:someone@evil.example')")
    hostile.expect_notice("mailto:")
    hostile.until(lambda: hostile.run(f"open('{POP_UP}') === null"))
    assert hostile.cards == []


def test_pop_ups_that_are_closed_and_opened_in_turn_are_limited(hostile):
    hostile.write("", path=POP_UP)
    hostile.open(f"setInterval(() => {{ window.popUp?.close(); {OPEN} }}, 10)")
    hostile.expect_notice("keeps opening pop-ups by itself")
    hostile.until(lambda: hostile.cards == [])
    assert hostile.is_still_the_portal()


def test_the_limit_of_three_includes_pop_ups_of_pop_ups(hostile, open_popup):
    open_popup(
        f"onClick(() => {{ const more = open('{POP_UP}?more'); opener.report('more', !!more) }})"
    )
    hostile.click(hostile.cards[-1].popup.widget)
    assert hostile.report("more") is True
    assert [card.accessibleName() for card in hostile.cards] == ["Pop-up 1 of 2", "Pop-up 2 of 2"]
    press(hostile.pane, "Close pop-up")
    assert [card.accessibleName() for card in hostile.cards] == ["Pop-up"]


@pytest.mark.parametrize("trick", ["popUp.blur(); focus()", "setTimeout(() => focus(), 0)"])
def test_no_pop_up_hides_behind_the_page(hostile, trick):
    hostile.write("opener.report('loaded', 1)", path=POP_UP)
    hostile.open(f"onClick(() => {{ {OPEN}; {trick} }})")
    hostile.click()
    hostile.report("loaded")
    hostile.until(lambda: hostile.cards and hostile.cards[-1].isVisibleTo(hostile.pane))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file:///etc/passwd", "a “file:” address"),
        ("chrome://version", "a “chrome:” address"),
        ("data:text/html,<h1>Fake</h1>", "a “data:” address"),
        ("mailto:someone@evil.example", "a “mailto:” address"),
        ("http://plain.example/", "plain.example"),
        ("https://192.168.0.1/", "192.168.0.1"),
        ("http://localhost:9/", "localhost:9"),
    ],
)
def test_a_pop_up_does_not_open_with(hostile, address, words):
    hostile.open(f"onClick(() => {{ window.all = [open('{address}')]; report('tried', true) }})")
    hostile.click()
    hostile.report("tried")
    hostile.expect_notice(f"tried to open {words}.")
    hostile.until(lambda: hostile.run(STILL_OPEN) == 0)
    assert hostile.cards == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mailto:someone@evil.example", "a “mailto:” address"),
        ("http://192.168.0.1/", "192.168.0.1"),
        ("http://plain.example/", "plain.example"),
        ("qrc:/x", "a “qrc:” address"),
        ("file:///etc/passwd", "a “file:” address"),
    ],
)
def test_a_pop_up_does_not_get_to(hostile, open_popup, address, words):
    card = open_popup(
        f"onClick(() => {{ location.href = '{address}'; opener.report('tried', 1) }})"
    )
    hostile.click(card.popup.widget)
    hostile.report("tried")
    hostile.expect_notice(f"The pop-up tried to open {words}.")
    assert hostile.run("location.pathname", card.popup.page) == POP_UP


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        ("navigator.wakeLock.request()", "NotAllowedError", "to keep the screen on"),
        ("navigator.clipboard.readText()", "NotAllowedError", "to use the clipboard"),
        ("navigator.mediaDevices.getUserMedia({audio: true})", "AbortError", "the microphone"),
        ("document.body.requestFullscreen()", "TypeError", "for the whole screen"),
    ],
)
def test_a_pop_up_gets_no_permissions(hostile, open_popup, act, error, words):
    card = open_popup(f"onClick(() => attempt('it', () => {act}))")
    hostile.click(card.popup.widget)
    assert hostile.refusal("it") == error
    hostile.expect_notice(f"The pop-up asked {words}" if words.startswith(("to", "for")) else words)


def test_a_pop_up_downloads_nothing(hostile, open_popup):
    card = open_popup("onClick(() => { location.href = '/file' })")
    hostile.site.pages["/file"] = Answer(headers={"Content-Disposition": "attachment; filename=x"})
    hostile.click(card.popup.widget)
    hostile.expect_notice("The pop-up offered a file to download")
    assert hostile.is_still_the_portal()


def test_a_pop_up_cannot_send_the_portal_elsewhere(hostile, open_popup, expect_question):
    card = open_popup("onClick(() => { opener.location = 'https://evil.example/' })")
    hostile.click(card.popup.widget)
    expect_question("The portal wants to go to evil.example.")
    assert hostile.is_still_the_portal()


def test_a_pop_up_that_keeps_opening_message_boxes_is_closed(hostile):
    hostile.write("opener.report('loaded', 1); while (true) alert(1)", path=POP_UP)
    hostile.open(f"onClick(() => {{ {OPEN} }})")
    hostile.click()
    hostile.expect_notice("kept opening message boxes and was closed")
    hostile.until(lambda: hostile.cards == [])


def test_a_pop_up_that_fails_shows_why_and_is_tried_again(hostile):
    hostile.site.pages[POP_UP] = Answer(status=500)
    hostile.open(f"onClick(() => {{ {OPEN} }})")
    hostile.click()
    hostile.until(lambda: shows_text(hostile.pane, "The page answered with an error"))
    hostile.write("opener.report('loaded', 1)", path=POP_UP)
    press(hostile.pane, "Try again")
    hostile.report("loaded")
    hostile.until(lambda: hostile.cards[-1].popup.widget.isVisibleTo(hostile.pane))


@pytest.mark.parametrize("way", ["clear", "next", "shutdown"])
def test_pop_ups_end_with_their_portal(hostile, open_popup, way):
    card = open_popup()
    profile = card.popup.page.profile()
    assert profile is hostile.web.widget.page().profile()
    ended = []
    card.popup.page.destroyed.connect(lambda: ended.append("pop-up"))
    profile.destroyed.connect(lambda: ended.append("profile"))
    if way == "clear":
        hostile.pane.clear()
    elif way == "next":
        hostile.site.pages["/portals/next"] = Answer()
        hostile.pane.show_portal(target(hostile.site.url("/portals/next"), "next"))
    else:
        hostile.pane.shutdown()
    assert hostile.cards == []
    assert not hostile.pane.first._popup_stack.isVisible()
    hostile.until(lambda: ended == ["pop-up", "profile"])


def test_pop_ups_end_with_a_portal_that_floods(hostile, open_popup):
    open_popup("onClick(() => { while (true) opener.alert(1) })")
    hostile.click(hostile.cards[-1].popup.widget)
    hostile.until(lambda: hostile.signals.failed == [("portal-1", "flooded")])
    assert hostile.cards == []
    hostile.until(lambda: hostile.web is None)


def test_a_pop_up_does_not_take_the_focus_from_the_rest_of_the_window(hostile, qtbot):
    field = QLineEdit(hostile.pane)
    field.show()
    field.setFocus()
    hostile.write("focus(); document.querySelector('input').focus()", "<input>", path=POP_UP)
    hostile.open(f"setTimeout(() => {{ {OPEN} }})")
    hostile.until(lambda: len(hostile.cards) == 1)
    hostile.until(lambda: address_of(hostile.cards[0]) != "")
    qtbot.keyClicks(field, "harbor")
    assert field.text() == "harbor"
    assert field.hasFocus()


def test_the_cards_titles_are_not_the_pages(hostile, open_popup):
    card = open_popup("document.title = 'Your bank — secure'")
    shown = [label.text() for label in card.findChildren(QLabel)]
    assert not any("bank" in text for text in shown)
    assert PATH not in shown
