"""The devices that a portal may be opened on, and how a preview shows it. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from seam_portal_desktop.domain.preferences import is_whole
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.host_page import FrameSize

ZOOM_STEPS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)

READABLE = 0.75
"""A page is easy to read from this scale on. If all of a device has room then, all is shown."""

LEAST_READABLE = 0.5
"""Below this scale, text can't be read any more. A device that is still too wide is panned."""

_SMALLEST = 0.15
_NEARLY = 0.9
"""Rather somewhat smaller than LEAST_READABLE than panned for a few pixels."""

SMALLEST_SIDE = 240
LARGEST_SIDE = 3840
"""Of a custom size, in CSS pixels."""


class DeviceKind(StrEnum):
    """FIT uses the pane's size. CUSTOM is a desktop browser's window of any size."""

    FIT = "fit"
    PHONE = "phone"
    TABLET = "tablet"
    DESKTOP = "desktop"
    CUSTOM = "custom"


class Scheme(StrEnum):
    """The preference for light or dark that the page sees."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Agent(StrEnum):
    """The browser that the user agent names. ENGINE keeps the engine's own user agent."""

    ENGINE = "engine"
    DESKTOP = "desktop"
    TABLET = "tablet"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class EmulatedDevice:
    """`width` and `height` are the viewport's size in CSS pixels.

    `pixel_ratio` is what the page sees as devicePixelRatio; 0 is the real screen's.
    """

    name: str
    width: int
    height: int
    agent: Agent
    pixel_ratio: float = 0
    touch: bool = False


# The sizes are those of widespread devices: iPhone 12 to 16e, iPad (10th generation), and the
# window of a browser on a 13 to 15 inch laptop.
DEVICES = {
    DeviceKind.PHONE: EmulatedDevice(_("Phone"), 390, 844, Agent.PHONE, pixel_ratio=3, touch=True),
    DeviceKind.TABLET: EmulatedDevice(
        _("Tablet"), 820, 1180, Agent.TABLET, pixel_ratio=2, touch=True
    ),
    DeviceKind.DESKTOP: EmulatedDevice(_("Desktop"), 1440, 900, Agent.DESKTOP),
}


@dataclass(frozen=True, slots=True)
class EmulationSettings:
    """How a preview shows its page.

    `zoom` is the size of a CSS pixel on the screen. None lets a device use the width of the pane,
    or with `whole` all of it be seen; it shows a page without a device at its natural size.
    `turned` swaps the device's width and height.
    `embedded` puts the portal into a `frame` on a host page.
    """

    kind: DeviceKind = DeviceKind.FIT
    turned: bool = False
    zoom: float | None = None
    whole: bool = False
    scheme: Scheme = Scheme.SYSTEM
    embedded: bool = False
    custom_width: int = 1024
    custom_height: int = 768
    frame: FrameSize = field(default_factory=FrameSize)

    @property
    def device(self) -> EmulatedDevice | None:
        """The device, with its sides swapped if it is turned. None if the pane decides the size."""
        if self.kind is DeviceKind.FIT:
            return None
        if self.kind is DeviceKind.CUSTOM:
            device = EmulatedDevice(
                _("Custom"), self.custom_width, self.custom_height, Agent.DESKTOP
            )
        else:
            device = DEVICES[self.kind]
        if self.turned:
            return replace(device, width=device.height, height=device.width)
        return device

    @property
    def agent(self) -> Agent:
        return self.device.agent if self.device else Agent.ENGINE

    @property
    def title(self) -> str:
        """The settings in words: "Phone 390 × 844, dark, embedded"."""
        device = self.device
        size = (
            f"{device.name} {device.width} × {device.height}" if device else _("As in the window")
        )
        scheme = "" if self.scheme is Scheme.SYSTEM else self.scheme.value
        return ", ".join(filter(None, (size, scheme, "embedded" if self.embedded else "")))


def dump_view(settings: EmulationSettings, *, tools_allowed: bool) -> dict[str, Any]:
    """The settings that are stored, and whether developer tools are allowed, as values of JSON."""
    return {
        "kind": settings.kind.value,
        "turned": settings.turned,
        "scheme": settings.scheme.value,
        "custom_width": settings.custom_width,
        "custom_height": settings.custom_height,
        "tools_allowed": tools_allowed,
    }


def load_view(kept: object) -> tuple[EmulationSettings, bool] | None:
    """What `dump_view` was made of, or None if a value of it is unusable."""
    if not isinstance(kept, dict):
        return None
    sides = kept.get("custom_width"), kept.get("custom_height")
    flags = kept.get("turned"), kept.get("tools_allowed")
    if not all(is_whole(side, SMALLEST_SIDE, LARGEST_SIDE) for side in sides) or not all(
        isinstance(flag, bool) for flag in flags
    ):
        return None
    try:
        settings = EmulationSettings(
            kind=DeviceKind(str(kept.get("kind"))),
            turned=kept["turned"],
            scheme=Scheme(str(kept.get("scheme"))),
            custom_width=kept["custom_width"],
            custom_height=kept["custom_height"],
        )
    except ValueError:
        return None
    return settings, kept["tools_allowed"]


def fitting_scale(
    device: EmulatedDevice, width: float, height: float, *, whole: bool = False
) -> float:
    """The scale for a device in `width` × `height` pixels of the screen, at most 1.

    It is as wide as it can be, and scrolled if it is too high. All of it is shown with `whole`, or
    if it can be read then. A device that is too wide to be read is panned.
    """
    by_width, by_height = width / device.width, height / device.height
    if whole or min(by_width, by_height) >= READABLE:
        return max(min(by_width, by_height, 1.0), _SMALLEST)
    least = LEAST_READABLE * _NEARLY
    return min(by_width, 1.0) if by_width >= least else LEAST_READABLE


def clamp_side(pixels: int) -> int:
    return min(max(pixels, SMALLEST_SIDE), LARGEST_SIDE)


def zoomed_in(scale: float) -> float:
    """The next larger step; the largest stays."""
    return next((step for step in ZOOM_STEPS if step > scale + 0.005), ZOOM_STEPS[-1])


def zoomed_out(scale: float) -> float:
    """The next smaller step; the smallest stays."""
    return next((step for step in reversed(ZOOM_STEPS) if step < scale - 0.005), ZOOM_STEPS[0])


def user_agent(agent: Agent, chromium: str) -> str | None:
    """The user agent of such a Chrome. None means the engine's own.

    `chromium` is the engine's version, such as "140.0.7339.264". Chrome itself gives only its
    major version and the same systems to everyone (User-Agent reduction). An iPhone's Safari isn't
    imitated, because Chromium would still draw the page.
    """
    system = {
        Agent.PHONE: "Linux; Android 10; K",
        Agent.TABLET: "Linux; Android 10; K",
        Agent.DESKTOP: "Windows NT 10.0; Win64; x64",
    }.get(agent)
    if system is None:
        return None
    mobile = " Mobile" if agent is Agent.PHONE else ""
    version = chromium.split(".", maxsplit=1)[0]
    return (
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{version}.0.0.0{mobile} Safari/537.36"
    )
