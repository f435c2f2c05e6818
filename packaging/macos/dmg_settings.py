"""dmgbuild's settings for the disk image: the program, and an arrow to Applications.

`defines` is dmgbuild's: "app" is the path of the program; with "quick" the image is larger.
"""

from __future__ import annotations

from pathlib import Path

_defines: dict[str, str] = globals()["defines"]
_app = Path(_defines["app"])

# ULFO (LZFSE) opens quickly, ULMO (LZMA) is smaller. Every macOS that we support reads both.
format = "ULFO" if _defines["quick"] == "yes" else "ULMO"  # noqa: A001 - dmgbuild's name for it
filesystem = "HFS+"
files = [str(_app)]
symlinks = {"Applications": "/Applications"}
hide_extensions = [_app.name]
icon = str(_app / "Contents" / "Resources" / _defines["icon"])
background = "builtin-arrow"
window_rect = ((200, 200), (640, 300))
icon_locations = {_app.name: (140, 120), "Applications": (500, 120)}
icon_size = 112
text_size = 13
