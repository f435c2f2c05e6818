"""What a page may want of the machine: devices, files, keys, screens. It gets none of it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from tests.support.preview_kit import ENGINE_NOISE

pytestmark = pytest.mark.qt_log_ignore(
    *ENGINE_NOISE, "capturing is not available", "Unable to open display"
)

KEY = "challenge: new Uint8Array(16)"
NEW_KEY = (
    f"{{publicKey: {{{KEY}, rp: {{name: 'x'}}, user: {{id: new Uint8Array(4), name: 'x', "
    "displayName: 'x'}, pubKeyCredParams: [{type: 'public-key', alg: -7}]}}"
)

# What the page tries after a click, how the engine must refuse, and the notice.
REFUSED = {
    "location": (
        "new Promise((d, no) => navigator.geolocation.getCurrentPosition(d, e => no(e.message)))",
        "User denied Geolocation",
        "where you are",
    ),
    "camera": (
        "navigator.mediaDevices.getUserMedia({video: true})",
        "AbortError",
        "to use the camera.",
    ),
    "microphone": (
        "navigator.mediaDevices.getUserMedia({audio: true})",
        "AbortError",
        "to use the microphone.",
    ),
    "camera and microphone": (
        "navigator.mediaDevices.getUserMedia({audio: true, video: true})",
        "AbortError",
        "to use the camera and microphone.",
    ),
    "screen": (
        "navigator.mediaDevices.getDisplayMedia({video: true})",
        "AbortError",
        "to record the screen",
    ),
    "clipboard read": (
        "navigator.clipboard.readText()",
        "NotAllowedError",
        "to use the clipboard",
    ),
    "clipboard read of all kinds": (
        "navigator.clipboard.read()",
        "NotAllowedError",
        "to use the clipboard",
    ),
    "clipboard write": (
        "navigator.clipboard.writeText('https://evil.example/')",
        "NotAllowedError",
        "to use the clipboard",
    ),
    "midi": ("navigator.requestMIDIAccess()", "NotAllowedError", "for MIDI instruments"),
    "midi with system messages": (
        "navigator.requestMIDIAccess({sysex: true})",
        "NotAllowedError",
        "for MIDI instruments",
    ),
    "serial": ("navigator.serial.requestPort()", "NotFoundError", "for a serial port"),
    "open file": ("showOpenFilePicker()", "AbortError", "for a file or folder"),
    "save file": ("showSaveFilePicker()", "AbortError", "for a file or folder"),
    "folder": ("showDirectoryPicker()", "AbortError", "for a file or folder"),
    "full screen": (
        "document.documentElement.requestFullscreen()",
        "TypeError",
        "for the whole screen",
    ),
    "pointer lock": (
        """new Promise((done, no) => { document.onpointerlockchange = done;
            document.onpointerlockerror = () => no('locked out');
            document.body.requestPointerLock() })""",
        "locked out",
        "to hold the mouse pointer",
    ),
    "wake lock": ("navigator.wakeLock.request('screen')", "NotAllowedError", "keep the screen on"),
    "idle": ("new IdleDetector().start()", "NotAllowedError", "when you are away"),
    "sensor": (
        """new Promise((done, no) => { const sensor = new Accelerometer();
            sensor.onreading = done; sensor.onerror = e => no(e.error); sensor.start() })""",
        "NotAllowedError",
        "for motion sensors",
    ),
    "screens": ("getScreenDetails()", "NotAllowedError", "how your screens are arranged"),
    "other screen": (
        "new PresentationRequest(['https://evil.example/']).start()",
        "NotFoundError",
        "to show itself on another screen",
    ),
    "passkey": (
        f"navigator.credentials.get({{publicKey: {{{KEY}}}}})",
        "SecurityError",
        "for a passkey or password",
    ),
    "new passkey": (
        f"navigator.credentials.create({NEW_KEY})",
        "SecurityError",
        "for a passkey or password",
    ),
    "saved password": (
        "navigator.credentials.get({password: true})",
        "NotSupportedError",
        "for a passkey or password",
    ),
}


@pytest.mark.parametrize("wish", REFUSED)
def test_a_click_gets_the_page_nothing(hostile, wish):
    act, how, words = REFUSED[wish]
    again = f"attempt('again', () => {act})"
    hostile.open(f"onClick(() => attempt('once', () => {act}).then(() => {again}))")
    hostile.click()
    assert hostile.refused("once") == how
    hostile.refused("again")
    hostile.noticed(words)
    assert hostile.is_still_the_portal()


@pytest.mark.parametrize(
    ("wish", "act", "gets", "words"),
    [
        ("notifications", "Notification.requestPermission()", "denied", "to show notifications"),
        ("being away", "IdleDetector.requestPermission()", "denied", "when you are away"),
        ("fonts", "queryLocalFonts().then(found => found.length)", "0", "which fonts you have"),
        ("input device", "navigator.hid.requestDevice({filters: []})", "", "input device"),
        ("printer", "print()", "undefined", "to print"),
        ("all keys", "navigator.keyboard.lock()", "undefined", "to keep all keys to itself"),
        (
            "links of others",
            "navigator.registerProtocolHandler('web+seam', location.origin + '/?u=%s')",
            "undefined",
            "to open links of other programs",
        ),
        ("storage for good", "navigator.storage.persist()", "false", ""),
    ],
)
def test_an_answer_that_gives_nothing(hostile, wish, act, gets, words):
    hostile.open(f"onClick(() => attempt('it', () => {act}))")
    hostile.click()
    assert hostile.told("it") == ["got", gets]
    if words:
        hostile.noticed(words)
    assert hostile.is_still_the_portal()


@pytest.mark.parametrize(
    "missing",
    [
        "navigator.usb",
        "navigator.bluetooth",
        "navigator.contacts",
        "navigator.share",
        "window.PaymentRequest",
        "window.NDEFReader",
        "window.EyeDropper",
        "window.documentPictureInPicture",
        "window.webkitSpeechRecognition",
        "window.WebTransport",
        "window.TCPSocket",
        "window.qt",
    ],
)
def test_what_the_engine_does_not_even_have(hostile, missing):
    hostile.open(f"tell('it', typeof {missing})")
    assert hostile.told("it") == "undefined"


def test_no_account_of_an_identity_provider(hostile):
    wish = "{identity: {providers: [{clientId: '1', configURL: 'https://evil.example/f'}]}}"
    hostile.open(f"onClick(() => attempt('it', () => navigator.credentials.get({wish})))")
    hostile.click()
    hostile.noticed("for a passkey or password")
    # The engine takes its time to say no, so that the page can't learn from it.
    assert hostile.site.posted == []


def test_links_of_other_programs_do_not_become_the_pages(hostile):
    hostile.open(
        "onClick(() => { navigator.registerProtocolHandler('web+seam', location.origin + '/?u=%s');"
        "setTimeout(() => { location.href = 'web+seam:secret'; tell('tried', 1) }, 100) })"
    )
    hostile.click()
    hostile.told("tried")
    hostile.noticed("tried to open an unusual address")
    assert not hostile.site.asked_for("/")
    assert hostile.is_still_the_portal()


def test_a_file_field_stays_empty(hostile):
    hostile.open(
        "const field = document.querySelector('input');"
        "field.oncancel = () => tell('cancelled', field.files.length);"
        "onClick(() => field.click())",
        "<input type=file multiple>",
    )
    hostile.click()
    assert hostile.told("cancelled") == 0
    hostile.noticed("for a file or folder")


def test_a_frame_prints_nothing_either(hostile):
    hostile.open("onClick(() => frames[0].print())", "<iframe srcdoc='<p>inside'></iframe>")
    hostile.click()
    hostile.noticed("to print")


def test_a_frame_asks_as_much_in_vain(hostile):
    inside = "navigator.wakeLock.request().catch(e => parent.tell(`frame`, e.name))"
    frame = f"<iframe allow=screen-wake-lock srcdoc='<script>{inside}</script>'></iframe>"
    hostile.open("", frame)
    assert hostile.told("frame") == "NotAllowedError"
    hostile.noticed("keep the screen on")


def test_the_clipboard_is_not_pasted_into_the_page(hostile):
    QGuiApplication.clipboard().setText("a link to somebody’s doors")
    hostile.open(
        "const field = document.querySelector('textarea');"
        "onClick(() => { field.focus(); document.execCommand('paste');"
        "tell('pasted', field.value) })",
        "<textarea></textarea>",
    )
    hostile.click()
    assert hostile.told("pasted") == ""


def test_the_clipboard_is_not_overwritten_without_a_hand(hostile):
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("a link to somebody’s doors")
    hostile.open(
        "const field = document.querySelector('textarea'); field.select();"
        "attempt('copied', () => document.execCommand('copy'))",
        "<textarea>https://evil.example/</textarea>",
    )
    assert hostile.told("copied") == ["got", "false"]
    assert clipboard.text() == "a link to somebody’s doors"


def test_the_window_stays_where_and_as_it_is(hostile):
    before = hostile.pane.window().geometry()
    hostile.open(
        "onClick(() => { moveTo(0, 0); resizeTo(9, 9); moveBy(9, 9); focus(); close();"
        "tell('tried', true) })"
    )
    hostile.click()
    assert hostile.told("tried")
    assert hostile.is_still_the_portal()
    assert hostile.pane.window().geometry() == before


def test_no_sound_before_a_hand(hostile):
    silence = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA="
    hostile.open(
        "attempt('sound', () => document.querySelector('audio').play())",
        f"<audio src='data:audio/wav;base64,{silence}'></audio>",
    )
    assert hostile.refused("sound") == "NotAllowedError"


def test_wishes_by_the_dozen_stay_quiet(hostile):
    hostile.open(
        "const next = n => { if (n < 20) { location.href = `x${'abcdefghijklmnopqrst'[n]}:y`;"
        "setTimeout(next, 0, n + 1) } else tell('tried', true) }; onClick(() => next(0))"
    )
    hostile.click()
    hostile.told("tried")
    hostile.noticed("keeps asking for things")
    assert len(hostile.heard.notices) == 13
