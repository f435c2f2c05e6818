"""Emulates a device and a preference for light or dark, for one page."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    qWebEngineChromiumVersion,
)

from seam_portal_desktop.ui.preview.emulation.inspector import PageInspector
from seam_portal_desktop.ui.preview.emulation.settings import (
    Agent,
    EmulatedDevice,
    EmulationSettings,
    Scheme,
    user_agent,
)

_FINGERS = 5
_TOUCH_SCRIPT = "touch"
_PLATFORMS = {Agent.PHONE: "Android", Agent.TABLET: "Android", Agent.DESKTOP: "Windows"}

# With each new document the engine forgets the number of touch points (seen with Qt 6.11.3,
# Chromium 140). This script sets the page's property again.
_TOUCH_POINTS = (
    "Object.defineProperty(Navigator.prototype, 'maxTouchPoints',"
    f" {{get: () => {_FINGERS}, configurable: true, enumerable: true}});"
)


def set_user_agent(page: QWebEnginePage, settings: EmulationSettings) -> None:
    """Set the user agent that the server and the page see from the next load on.

    `navigator.platform` stays this machine's.
    """
    profile, agent = page.profile(), settings.agent
    # PySide's stubs call it bytes; it is a str.
    name = user_agent(agent, str(qWebEngineChromiumVersion()))
    profile.setHttpUserAgent(name or QWebEngineProfile.defaultProfile().httpUserAgent())
    hints = profile.clientHints()
    hints.resetAll()
    if agent in _PLATFORMS:
        hints.setPlatform(_PLATFORMS[agent])
        hints.setIsMobile(agent is Agent.PHONE)
    scripts = page.scripts()
    for script in scripts.find(_TOUCH_SCRIPT):
        scripts.remove(script)
    if settings.device is not None and settings.device.touch:
        scripts.insert(_touch_script())


def needs_emulation(settings: EmulationSettings) -> bool:
    """Whether these settings differ from what the page sees without emulation."""
    return settings.device is not None or settings.scheme is not Scheme.SYSTEM


class Emulation(QObject):
    """Applies settings to one page. What the page sees changes at once, without a reload.

    `applied` comes each time that the settings of the last `apply` are in force. `unavailable`
    comes once, if this engine can't emulate. `end()` removes all settings from the page.
    """

    applied = Signal()
    unavailable = Signal()

    def __init__(
        self, page: QWebEnginePage, parent: QObject, tools: QWebEnginePage | None = None
    ) -> None:
        """`tools` is the page of the developer tools while they are open for `page`."""
        super().__init__(parent)
        self._inspector = PageInspector(page, self, tools)
        self._inspector.unavailable.connect(self.unavailable)

    @property
    def inspector(self) -> PageInspector:
        """The connection to the page. A page has only one."""
        return self._inspector

    def apply(self, settings: EmulationSettings, scale: float) -> None:
        """Send the settings; `scale` is the size of a CSS pixel on the screen."""
        device = settings.device
        send = self._inspector.send
        if device is None:
            send("Emulation.clearDeviceMetricsOverride", {})
        else:
            send("Emulation.setDeviceMetricsOverride", _metrics(device, scale))
        touch = device is not None and device.touch
        send(
            "Emulation.setEmitTouchEventsForMouse",
            {"enabled": touch, "configuration": "mobile" if touch else "desktop"},
        )
        send(
            "Emulation.setTouchEmulationEnabled",
            {"enabled": touch, "maxTouchPoints": _FINGERS} if touch else {"enabled": False},
        )
        scheme = "" if settings.scheme is Scheme.SYSTEM else settings.scheme.value
        send(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
            self.applied.emit,
        )

    def end(self) -> None:
        """Call it before the page is deleted. Idempotent."""
        self._inspector.end()


def _metrics(device: EmulatedDevice, scale: float) -> dict[str, object]:
    is_landscape = device.width > device.height
    return {
        "width": device.width,
        "height": device.height,
        "screenWidth": device.width,
        "screenHeight": device.height,
        "deviceScaleFactor": device.pixel_ratio,
        "mobile": device.touch,
        "scale": scale,
        "screenOrientation": {
            "type": "landscapePrimary" if is_landscape else "portraitPrimary",
            "angle": 90 if is_landscape and device.touch else 0,
        },
    }


def _touch_script() -> QWebEngineScript:
    script = QWebEngineScript()
    script.setName(_TOUCH_SCRIPT)
    script.setSourceCode(_TOUCH_POINTS)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld.value)
    script.setRunsOnSubFrames(True)
    return script
