"""Requests for the machine's devices, files, keys and screens: all are refused."""

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


def picker(call):
    """`call`, after an answer from the engine's browser process.

    That process is told of the click a moment later than the page. Until then it refuses a picker
    with NotAllowedError, before it asks the program.
    """
    return f"navigator.permissions.query({{name: 'geolocation'}}).then(() => {call})"


# What the page tries after a click, the error that it must get, and the notice.
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
    "open file": (picker("showOpenFilePicker()"), "AbortError", "for a file or folder"),
    "save file": (picker("showSaveFilePicker()"), "AbortError", "for a file or folder"),
    "folder": (picker("showDirectoryPicker()"), "AbortError", "for a file or folder"),
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
    "web transport": (
        "new WebTransport('https://127.0.0.1:9/').ready",
        "WebTransportError",
        "for a WebTransport connection",
    ),
    "saved password": (
        "navigator.credentials.get({password: true})",
        "NotSupportedError",
        "for a passkey or password",
    ),
}


# Chromium's main process can hear of the call before it hears of the click. It then asks for one.
FONTS = """(function ask() {
  return queryLocalFonts().catch(failure => {
    if (failure.name !== 'SecurityError') throw failure;
    return new Promise(resolve => requestAnimationFrame(resolve)).then(ask);
  });
})()"""


@pytest.mark.parametrize("api", REFUSED)
def test_a_call_after_a_click_is_refused(hostile, api):
    act, error, words = REFUSED[api]
    again = f"attempt('again', () => {act})"
    hostile.open(f"onClick(() => attempt('once', () => {act}).then(() => {again}))")
    hostile.click()
    assert hostile.refusal("once") == error
    hostile.refusal("again")
    hostile.expect_notice(words)
    assert hostile.is_still_the_portal()


@pytest.mark.parametrize(
    ("api", "act", "result", "words"),
    [
        ("notifications", "Notification.requestPermission()", "denied", "to show notifications"),
        ("idle detection", "IdleDetector.requestPermission()", "denied", "when you are away"),
        ("fonts", f"{FONTS}.then(found => found.length)", "0", "which fonts you have"),
        ("input device", "navigator.hid.requestDevice({filters: []})", "", "input device"),
        ("printer", "print()", "undefined", "to print"),
        ("all keys", "navigator.keyboard.lock()", "undefined", "to keep all keys to itself"),
        (
            "links of others",
            "navigator.registerProtocolHandler('web+seam', location.origin + '/?u=%s')",
            "undefined",
            "to open links of other programs",
        ),
        ("persistent storage", "navigator.storage.persist()", "false", ""),
    ],
)
def test_a_call_succeeds_without_a_permission(hostile, api, act, result, words):
    hostile.open(f"onClick(() => attempt('it', () => {act}))")
    hostile.click()
    assert hostile.report("it") == ["got", result]
    if words:
        hostile.expect_notice(words)
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
        "window.TCPSocket",
        "window.qt",
    ],
)
def test_the_engine_does_not_have_the_api(hostile, missing):
    hostile.open(f"report('it', typeof {missing})")
    assert hostile.report("it") == "undefined"


def test_no_account_of_an_identity_provider(hostile):
    options = "{identity: {providers: [{clientId: '1', configURL: 'https://evil.example/f'}]}}"
    hostile.open(f"onClick(() => attempt('it', () => navigator.credentials.get({options})))")
    hostile.click()
    hostile.expect_notice("for a passkey or password")
    # The engine delays its refusal, so that the page can't learn from it.
    assert hostile.site.posted == []


def test_the_page_does_not_become_the_handler_of_a_protocol(hostile):
    hostile.open(
        "onClick(() => { navigator.registerProtocolHandler('web+seam', location.origin + '/?u=%s');"
        "setTimeout(() => { location.href = 'web+seam:secret'; report('tried', 1) }, 100) })"
    )
    hostile.click()
    hostile.report("tried")
    hostile.expect_notice("tried to open an unusual address")
    assert not hostile.site.asked_for("/")
    assert hostile.is_still_the_portal()


def test_a_file_field_stays_empty(hostile):
    hostile.open(
        "const field = document.querySelector('input');"
        "field.oncancel = () => report('cancelled', field.files.length);"
        "onClick(() => field.click())",
        "<input type=file multiple>",
    )
    hostile.click()
    assert hostile.report("cancelled") == 0
    hostile.expect_notice("for a file or folder")


def test_a_frame_prints_nothing_either(hostile):
    hostile.open("onClick(() => frames[0].print())", "<iframe srcdoc='<p>inside'></iframe>")
    hostile.click()
    hostile.expect_notice("to print")


def test_a_call_in_a_frame_is_refused(hostile):
    inside = "navigator.wakeLock.request().catch(e => parent.report(`frame`, e.name))"
    frame = f"<iframe allow=screen-wake-lock srcdoc='<script>{inside}</script>'></iframe>"
    hostile.open("", frame)
    assert hostile.report("frame") == "NotAllowedError"
    hostile.expect_notice("keep the screen on")


def test_the_clipboard_is_not_pasted_into_the_page(hostile):
    QGuiApplication.clipboard().setText("the clipboard’s text")
    hostile.open(
        "const field = document.querySelector('textarea');"
        "onClick(() => { field.focus(); document.execCommand('paste');"
        "report('pasted', field.value) })",
        "<textarea></textarea>",
    )
    hostile.click()
    assert hostile.report("pasted") == ""


def test_the_clipboard_is_not_overwritten_without_a_click(hostile):
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("the clipboard’s text")
    hostile.open(
        "const field = document.querySelector('textarea'); field.select();"
        "attempt('copied', () => document.execCommand('copy'))",
        "<textarea>https://evil.example/</textarea>",
    )
    assert hostile.report("copied") == ["got", "false"]
    assert clipboard.text() == "the clipboard’s text"


def test_the_window_keeps_its_position_and_size(hostile):
    before = hostile.pane.window().geometry()
    hostile.open(
        "onClick(() => { moveTo(0, 0); resizeTo(9, 9); moveBy(9, 9); focus(); close();"
        "report('tried', true) })"
    )
    hostile.click()
    assert hostile.report("tried")
    assert hostile.is_still_the_portal()
    assert hostile.pane.window().geometry() == before


def test_there_is_no_sound_before_a_click(hostile):
    silence = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA="
    hostile.open(
        "attempt('sound', () => document.querySelector('audio').play())",
        f"<audio src='data:audio/wav;base64,{silence}'></audio>",
    )
    assert hostile.refusal("sound") == "NotAllowedError"


def test_many_different_requests_give_few_notices(hostile):
    hostile.open(
        "const next = n => { if (n < 20) { location.href = `x${'abcdefghijklmnopqrst'[n]}:y`;"
        "setTimeout(next, 0, n + 1) } else report('tried', true) }; onClick(() => next(0))"
    )
    hostile.click()
    hostile.report("tried")
    hostile.expect_notice("keeps asking for things")
    assert len(hostile.signals.notices) == 13
