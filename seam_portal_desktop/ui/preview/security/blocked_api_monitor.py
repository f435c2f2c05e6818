"""What a page asks for and the engine refuses without telling anybody: heard, to be said.

A script in front of the page's own wraps those calls, reports each by one console line that begins
with a mark which the page can't know, and lets the engine refuse as it would have. It only reports:
a page that gets around it gets around the notice and around nothing else.
"""

from __future__ import annotations

import json
import secrets

from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript

BLOCKED_APIS = {
    "serial": "for a serial port",
    "usb": "for a USB device",
    "hid": "for a keyboard, mouse or other input device",
    "bluetooth": "for a Bluetooth device",
    "midi": "for MIDI instruments",
    "nfc": "to read NFC tags",
    "wake": "to keep the screen on",
    "idle": "when you are away from the computer",
    "sensor": "for motion sensors",
    "screens": "how your screens are arranged",
    "cast": "to show itself on another screen",
    "full": "for the whole screen",
    "keys": "to keep all keys to itself",
    "camera": "to use the camera",
    "microphone": "to use the microphone",
    "both": "to use the camera and microphone",
    "passkey": "for a passkey or password",
    "pay": "for a payment",
}

_SCRIPT = """((mark) => {
  const tell = console.debug.bind(console), said = new Set(), call = Reflect.apply;
  const watch = (owner, name, wish) => {
    const engine = owner?.[name];
    if (typeof engine !== 'function') return;
    const heard = { [name](...given) {
      const what = typeof wish === 'string' ? wish : wish(given[0]);
      if (!said.has(what)) { said.add(what); tell(mark + what); }
      return call(engine, this, given);
    } };
    Object.defineProperty(owner, name, { value: heard[name] });
  };
  const of = (name) => globalThis[name]?.prototype;
  watch(of('Serial'), 'requestPort', 'serial');
  watch(of('USB'), 'requestDevice', 'usb');
  watch(of('HID'), 'requestDevice', 'hid');
  watch(of('Bluetooth'), 'requestDevice', 'bluetooth');
  watch(of('Navigator'), 'requestMIDIAccess', 'midi');
  watch(of('NDEFReader'), 'scan', 'nfc');
  watch(of('WakeLock'), 'request', 'wake');
  watch(globalThis.IdleDetector, 'requestPermission', 'idle');
  watch(of('IdleDetector'), 'start', 'idle');
  watch(of('Sensor'), 'start', 'sensor');
  watch(globalThis, 'getScreenDetails', 'screens');
  watch(of('PresentationRequest'), 'start', 'cast');
  watch(of('Element'), 'requestFullscreen', 'full');
  watch(of('Element'), 'webkitRequestFullscreen', 'full');
  watch(of('Element'), 'webkitRequestFullScreen', 'full');
  watch(of('HTMLVideoElement'), 'webkitEnterFullscreen', 'full');
  watch(of('Keyboard'), 'lock', 'keys');
  watch(of('CredentialsContainer'), 'get', 'passkey');
  watch(of('CredentialsContainer'), 'create', 'passkey');
  watch(of('PaymentRequest'), 'show', 'pay');
  const media = (asked) => !asked?.video ? 'microphone' : asked.audio ? 'both' : 'camera';
  watch(of('MediaDevices'), 'getUserMedia', media);
  watch(of('Navigator'), 'webkitGetUserMedia', media);
  // Neither the request rules nor the engine's own look at where it connects to.
  delete globalThis.WebTransport;
})"""


def install_blocked_api_monitor(profile: QWebEngineProfile) -> str:
    """Put the script in front of all pages of `profile`. Returns the mark of its console lines."""
    mark = f"{secrets.token_hex(16)} "
    script = QWebEngineScript()
    script.setName("wishes")
    script.setSourceCode(f"{_SCRIPT}({json.dumps(mark)})")
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
    script.setRunsOnSubFrames(True)
    profile.scripts().insert(script)
    return mark


def blocked_api_of(message: str, mark: str) -> str | None:
    """The words for the wish that a console line reports, or None when it is another line."""
    return BLOCKED_APIS.get(message[len(mark) :]) if message.startswith(mark) else None
