"""Pop-ups: an account can be connected in one, and none of them gets further than its card."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from seam_portal_desktop.ui.preview.popups.popup_card import PopupCard
from tests.support.hostile_kit import EVERYWHERE, PATH, POP_UP
from tests.support.page_server import Answer
from tests.support.preview_kit import ENGINE_NOISE, press, says, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

OPEN = f"window.popUp = open('{POP_UP}', 'connect', 'width=400,height=500')"

# A window that was refused is closed for the page, though not at once.
STILL_OPEN = "all.filter(popUp => popUp && !popUp.closed).length"


@pytest.fixture
def cards(hostile):
    """The cards that are to be seen or lie below, the newest last."""

    def found():
        deck = hostile.pane.first._popup_stack._cards
        return [deck.widget(at) for at in range(deck.count())]

    return found


@pytest.fixture
def opened(hostile, cards):
    """A portal whose click opens a pop-up with that script in it; waits until that is loaded."""

    def open_it(script="", body="", *, portal=""):
        hostile.write(f"{script};opener?.tell('loaded', location.pathname)", body, path=POP_UP)
        hostile.open(f"{portal};onClick(() => {{ {OPEN} }})")
        hostile.click()
        assert hostile.told("loaded") == POP_UP
        return cards()[-1]

    return open_it


def address_of(card: PopupCard) -> str:
    return card.findChild(QLineEdit).text()


def test_an_account_is_connected_in_a_pop_up(hostile, cards, opened):
    card = opened(
        "document.cookie = 'account=connected';"
        "opener.postMessage('connected', '*'); onClick(close)",
        portal="onmessage = event => tell('message', [event.data, event.source === popUp])",
    )
    assert hostile.told("message") == ["connected", True]
    assert address_of(card) == f"127.0.0.1:{hostile.site.port}/portals/… ••••"
    assert card.accessibleName() == "Pop-up"
    hostile.click(card.child.widget)
    hostile.until(lambda: cards() == [] and hostile.children == [])
    assert hostile.run("[popUp.closed, document.cookie]") == [True, "account=connected"]
    assert hostile.is_still_the_portal()
    assert hostile.heard.notices == []


def test_the_button_closes_a_pop_up(hostile, cards, opened):
    opened()
    press(hostile.pane, "Close pop-up")
    assert cards() == []
    hostile.until(lambda: hostile.run("popUp.closed"))
    assert hostile.is_still_the_portal()


def test_a_page_writes_into_an_empty_pop_up_of_its_own(hostile, cards):
    hostile.open(
        "onClick(() => { const popUp = open(''); popUp.document.write('<p>One moment'); "
        f"setTimeout(() => {{ popUp.location = '{POP_UP}' }}) }})"
    )
    hostile.write("opener.tell('loaded', 1)", path=POP_UP)
    hostile.click()
    hostile.told("loaded")
    assert len(cards()) == 1


def test_what_a_page_writes_itself_is_called_so(hostile, cards):
    hostile.open("onClick(() => open('').document.write('<h1>Your bank'))")
    hostile.click()
    hostile.until(lambda: [address_of(card) for card in cards()] == [""])
    hostile.until(lambda: "written by the portal" in cards()[0].accessibleName())


def test_a_link_into_a_new_window_is_a_pop_up_without_an_opener(hostile, cards):
    hostile.write("tell('opener', opener === null)", path=POP_UP)
    hostile.open("", f"<a {EVERYWHERE} target=_blank href='{POP_UP}'>Help</a>")
    hostile.click()
    assert hostile.told("opener") is True
    assert len(cards()) == 1


def test_one_click_gets_three_at_most(hostile, cards):
    hostile.write("", path=POP_UP)
    hostile.open(
        f"onClick(() => {{ window.all = []; for (let i = 50; i--;) all.push(open('{POP_UP}'));"
        "tell('tried', true) })"
    )
    hostile.click()
    hostile.told("tried")
    hostile.until(lambda: hostile.run(STILL_OPEN) == len(cards()))
    assert 1 <= len(cards()) <= 3
    assert len(hostile.heard.notices) == 1
    assert cards()[-1].accessibleName() == f"Pop-up {len(cards())} of {len(cards())}"


def test_without_a_hand_there_are_two_a_minute(hostile, cards):
    hostile.write("", path=POP_UP)
    hostile.open(
        f"window.all = []; for (let i = 0; i < 50; i++) all.push(open('{POP_UP}'));"
        "tell('tried', true)"
    )
    hostile.told("tried")
    hostile.until(lambda: hostile.run(STILL_OPEN) == 2)
    assert len(cards()) == 2
    hostile.noticed("keeps opening pop-ups by itself")
    press(hostile.pane, "Close pop-up")
    press(hostile.pane, "Close pop-up")
    hostile.run(f"all.push(open('{POP_UP}'))")
    hostile.until(lambda: hostile.run(STILL_OPEN) == 0)
    assert cards() == []


def test_there_are_never_four_however_often_is_clicked(hostile, cards):
    hostile.write(f"addEventListener('click', () => open('{POP_UP}'))", path=POP_UP)
    hostile.open(f"onClick(() => open('{POP_UP}'))")
    hostile.click()
    for number in (1, 2, 3):
        hostile.until(lambda number=number: len(cards()) == number)
        hostile.click(cards()[-1].child.widget)
    hostile.noticed("shows 3 at most at a time")
    assert len(cards()) == 3


def test_who_was_refused_a_pop_up_gets_no_more_without_a_hand(hostile, cards):
    hostile.write("", path=POP_UP)
    hostile.open("open('mailto:someone@evil.example')")
    hostile.noticed("mailto:")
    hostile.until(lambda: hostile.run(f"open('{POP_UP}') === null"))
    assert cards() == []


def test_pop_ups_that_come_again_when_closed_come_to_an_end(hostile, cards):
    hostile.write("", path=POP_UP)
    hostile.open(f"setInterval(() => {{ window.popUp?.close(); {OPEN} }}, 10)")
    hostile.noticed("keeps opening pop-ups by itself")
    hostile.until(lambda: cards() == [])
    assert hostile.is_still_the_portal()


def test_a_pop_up_opens_pop_ups_of_the_same_three(hostile, cards, opened):
    opened(f"onClick(() => {{ const more = open('{POP_UP}?more'); opener.tell('more', !!more) }})")
    hostile.click(cards()[-1].child.widget)
    assert hostile.told("more") is True
    assert [card.accessibleName() for card in cards()] == ["Pop-up 1 of 2", "Pop-up 2 of 2"]
    press(hostile.pane, "Close pop-up")
    assert [card.accessibleName() for card in cards()] == ["Pop-up"]


@pytest.mark.parametrize("trick", ["popUp.blur(); focus()", "setTimeout(() => focus(), 0)"])
def test_no_pop_up_hides_behind_the_page(hostile, cards, trick):
    hostile.write("opener.tell('loaded', 1)", path=POP_UP)
    hostile.open(f"onClick(() => {{ {OPEN}; {trick} }})")
    hostile.click()
    hostile.told("loaded")
    hostile.until(lambda: cards() and cards()[-1].isVisibleTo(hostile.pane))


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
def test_a_pop_up_does_not_open_with(hostile, cards, address, words):
    hostile.open(f"onClick(() => {{ window.all = [open('{address}')]; tell('tried', true) }})")
    hostile.click()
    hostile.told("tried")
    hostile.noticed(f"tried to open {words}.")
    hostile.until(lambda: hostile.run(STILL_OPEN) == 0)
    assert cards() == []


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
def test_a_pop_up_does_not_get_to(hostile, opened, address, words):
    card = opened(f"onClick(() => {{ location.href = '{address}'; opener.tell('tried', 1) }})")
    hostile.click(card.child.widget)
    hostile.told("tried")
    hostile.noticed(f"The pop-up tried to open {words}.")
    assert hostile.run("location.pathname", card.child.page) == POP_UP


@pytest.mark.parametrize(
    ("act", "how", "words"),
    [
        ("navigator.wakeLock.request()", "NotAllowedError", "to keep the screen on"),
        ("navigator.clipboard.readText()", "NotAllowedError", "to use the clipboard"),
        ("navigator.mediaDevices.getUserMedia({audio: true})", "AbortError", "the microphone"),
        ("document.body.requestFullscreen()", "TypeError", "for the whole screen"),
    ],
)
def test_a_pop_up_gets_as_little_as_the_page(hostile, opened, act, how, words):
    card = opened(f"onClick(() => attempt('it', () => {act}))")
    hostile.click(card.child.widget)
    assert hostile.refused("it") == how
    hostile.noticed(f"The pop-up asked {words}" if words.startswith(("to", "for")) else words)


def test_a_pop_up_downloads_nothing(hostile, opened):
    card = opened("onClick(() => { location.href = '/file' })")
    hostile.site.pages["/file"] = Answer(headers={"Content-Disposition": "attachment; filename=x"})
    hostile.click(card.child.widget)
    hostile.noticed("The pop-up offered a file to download")
    assert hostile.is_still_the_portal()


def test_a_pop_up_cannot_send_the_portal_elsewhere(hostile, opened, asks):
    card = opened("onClick(() => { opener.location = 'https://evil.example/' })")
    hostile.click(card.child.widget)
    asks("The portal wants to go to evil.example.")
    assert hostile.is_still_the_portal()


def test_a_pop_up_that_keeps_opening_message_boxes_is_closed(hostile, cards):
    hostile.write("opener.tell('loaded', 1); while (true) alert(1)", path=POP_UP)
    hostile.open(f"onClick(() => {{ {OPEN} }})")
    hostile.click()
    hostile.noticed("kept opening message boxes and was closed")
    hostile.until(lambda: cards() == [])


def test_a_pop_up_that_fails_says_why_and_is_tried_again(hostile, cards):
    hostile.site.pages[POP_UP] = Answer(status=500)
    hostile.open(f"onClick(() => {{ {OPEN} }})")
    hostile.click()
    hostile.until(lambda: says(hostile.pane, "The page answered with an error"))
    hostile.write("opener.tell('loaded', 1)", path=POP_UP)
    press(hostile.pane, "Try again")
    hostile.told("loaded")
    hostile.until(lambda: cards()[-1].child.widget.isVisibleTo(hostile.pane))


@pytest.mark.parametrize("how", ["clear", "next", "shutdown"])
def test_pop_ups_end_with_their_portal(hostile, cards, opened, how):
    card = opened()
    profile = card.child.page.profile()
    assert profile is hostile.web.widget.page().profile()
    ended = []
    card.child.page.destroyed.connect(lambda: ended.append("pop-up"))
    profile.destroyed.connect(lambda: ended.append("profile"))
    if how == "clear":
        hostile.pane.clear()
    elif how == "next":
        hostile.site.pages["/portals/next"] = Answer()
        hostile.pane.show_portal(target(hostile.site.url("/portals/next"), "next"))
    else:
        hostile.pane.shutdown()
    assert cards() == []
    assert not hostile.pane.first._popup_stack.isVisible()
    hostile.until(lambda: ended == ["pop-up", "profile"])


def test_pop_ups_end_with_a_portal_that_is_ended_for_its_doings(hostile, cards, opened):
    opened("onClick(() => { while (true) opener.alert(1) })")
    hostile.click(cards()[-1].child.widget)
    hostile.until(lambda: hostile.heard.failed == [("portal-1", "flooded")])
    assert cards() == []
    hostile.until(lambda: hostile.web is None)


def test_a_pop_up_does_not_take_the_focus_from_the_rest_of_the_window(hostile, qtbot, cards):
    field = QLineEdit(hostile.pane)
    field.show()
    field.setFocus()
    hostile.write("focus(); document.querySelector('input').focus()", "<input>", path=POP_UP)
    hostile.open(f"setTimeout(() => {{ {OPEN} }})")
    hostile.until(lambda: len(cards()) == 1)
    hostile.until(lambda: address_of(cards()[0]) != "")
    qtbot.keyClicks(field, "harbor")
    assert field.text() == "harbor"
    assert field.hasFocus()


def test_the_titles_are_ours(hostile, opened):
    card = opened("document.title = 'Your bank — secure'")
    shown = [label.text() for label in card.findChildren(QLabel)]
    assert not any("bank" in text for text in shown)
    assert PATH not in shown
