"""Reports calls of a page that the engine refuses without a signal.

A script runs before the page's own scripts and wraps the functions behind those calls. Each
wrapper reports the first call as one console line and then calls the engine's own function, which
refuses. The line begins with a random prefix that the page can't know. The script only reports:
a page that avoids it avoids the notice and gains nothing else.
"""

from __future__ import annotations

import json
import secrets

from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript

from seam_portal_desktop.texts import _

_API_WORDS = {
    "serial": _("for a serial port"),
    "usb": _("for a USB device"),
    "hid": _("for a keyboard, mouse or other input device"),
    "bluetooth": _("for a Bluetooth device"),
    "midi": _("for MIDI instruments"),
    "nfc": _("to read NFC tags"),
    "wake": _("to keep the screen on"),
    "idle": _("when you are away from the computer"),
    "sensor": _("for motion sensors"),
    "screens": _("how your screens are arranged"),
    "cast": _("to show itself on another screen"),
    "full": _("for the whole screen"),
    "keys": _("to keep all keys to itself"),
    "camera": _("to use the camera"),
    "microphone": _("to use the microphone"),
    "both": _("to use the camera and microphone"),
    "passkey": _("for a passkey or password"),
    "pay": _("for a payment"),
    "drag": _("to let you drag something out of it"),
    "eyedropper": _("to read colours from your screen"),
    "share": _("to share something with another program"),
    "transport": _("for a WebTransport connection"),
}

_SCRIPT = """((prefix) => {
  const log = console.debug.bind(console), reported = new Set(), call = Reflect.apply;
  const report = (key) => {
    if (!reported.has(key)) { reported.add(key); log(prefix + key); }
  };
  const wrap = (owner, name, api) => {
    const original = owner?.[name];
    if (typeof original !== 'function') return;
    const wrapper = { [name](...args) {
      report(typeof api === 'string' ? api : api(args[0]));
      return call(original, this, args);
    } };
    Object.defineProperty(owner, name, { value: wrapper[name] });
  };
  const prototypeOf = (name) => globalThis[name]?.prototype;
  wrap(prototypeOf('Serial'), 'requestPort', 'serial');
  wrap(prototypeOf('USB'), 'requestDevice', 'usb');
  wrap(prototypeOf('HID'), 'requestDevice', 'hid');
  wrap(prototypeOf('Bluetooth'), 'requestDevice', 'bluetooth');
  wrap(prototypeOf('Navigator'), 'requestMIDIAccess', 'midi');
  wrap(prototypeOf('NDEFReader'), 'scan', 'nfc');
  wrap(prototypeOf('WakeLock'), 'request', 'wake');
  wrap(globalThis.IdleDetector, 'requestPermission', 'idle');
  wrap(prototypeOf('IdleDetector'), 'start', 'idle');
  wrap(prototypeOf('Sensor'), 'start', 'sensor');
  wrap(globalThis, 'getScreenDetails', 'screens');
  wrap(prototypeOf('PresentationRequest'), 'start', 'cast');
  wrap(prototypeOf('Element'), 'requestFullscreen', 'full');
  wrap(prototypeOf('Element'), 'webkitRequestFullscreen', 'full');
  wrap(prototypeOf('Element'), 'webkitRequestFullScreen', 'full');
  wrap(prototypeOf('HTMLVideoElement'), 'webkitEnterFullscreen', 'full');
  wrap(prototypeOf('Keyboard'), 'lock', 'keys');
  wrap(prototypeOf('CredentialsContainer'), 'get', 'passkey');
  wrap(prototypeOf('CredentialsContainer'), 'create', 'passkey');
  wrap(prototypeOf('PaymentRequest'), 'show', 'pay');
  wrap(prototypeOf('EyeDropper'), 'open', 'eyedropper');
  wrap(prototypeOf('Navigator'), 'share', 'share');
  // The engine has no setting for it. ViewGuard cancels a drag that begins in spite of this.
  const prevent = Event.prototype.preventDefault;
  addEventListener('dragstart', (event) => { report('drag'); call(prevent, event, []); }, true);
  const media = (kinds) => !kinds?.video ? 'microphone' : kinds.audio ? 'both' : 'camera';
  wrap(prototypeOf('MediaDevices'), 'getUserMedia', media);
  wrap(prototypeOf('Navigator'), 'webkitGetUserMedia', media);
  const transport = globalThis.WebTransport;
  if (transport) globalThis.WebTransport = new Proxy(transport, {
    construct: (...args) => { report('transport'); return Reflect.construct(...args); },
  });
})"""


def install_blocked_api_monitor(profile: QWebEngineProfile) -> str:
    """Add the script to all pages of `profile`. Returns the prefix of its console lines."""
    prefix = f"{secrets.token_hex(16)} "
    script = QWebEngineScript()
    script.setName("blocked-api-monitor")
    script.setSourceCode(f"{_SCRIPT}({json.dumps(prefix)})")
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
    script.setRunsOnSubFrames(True)
    profile.scripts().insert(script)
    return prefix


def blocked_api_of(message: str, prefix: str) -> str | None:
    """The rest of "The portal asked …" for a report of the script; None for any other line."""
    return _API_WORDS.get(message[len(prefix) :]) if message.startswith(prefix) else None
