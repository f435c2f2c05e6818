"""Copies GNOME's manual proxy settings into the environment, for httpx and the preview.

httpx reads the environment and, by urllib.request.getproxies, the settings of Windows and macOS.
GNOME and its relatives keep theirs in dconf. The preview reads the environment and asks Qt for the
settings of Windows and macOS. Automatic configuration (PAC) needs a JavaScript engine: the preview
follows it there, calls to Seam don't.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, MutableMapping
from urllib.request import getproxies

_SCHEMA = "org.gnome.system.proxy"
_DESKTOPS = {"gnome", "unity", "ubuntu", "x-cinnamon", "cinnamon", "budgie", "pantheon"}
_TIMEOUT_S = 5.0


def follow_desktop_proxies(environment: MutableMapping[str, str] = os.environ) -> None:
    """Put GNOME's manual proxies into the environment unless it names some. Blocking.

    Processes that are started later inherit them; browsers read the same settings themselves.
    """
    # On other desktops gsettings would leave files in the user's home.
    desktops = {name.lower() for name in environment.get("XDG_CURRENT_DESKTOP", "").split(":")}
    if not sys.platform.startswith("linux") or not desktops & _DESKTOPS or getproxies():
        return
    program = shutil.which("gsettings", path=environment.get("PATH"))
    if program is None:
        return
    try:
        listed = subprocess.run(  # noqa: S603 - a fixed command
            [program, "list-recursively", _SCHEMA],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=True,
        ).stdout
    except (OSError, ValueError, subprocess.SubprocessError):
        return  # no such schema, or no settings service: no GNOME
    environment.update(proxy_variables(listed))


def proxy_variables(listed: str) -> Mapping[str, str]:
    """http_proxy, https_proxy and no_proxy from the output of `gsettings list-recursively`."""
    settings: dict[str, object] = {}
    for line in listed.splitlines():
        schema, name, value = [*line.split(" ", 2), "", ""][:3]
        group = schema.removeprefix(_SCHEMA).removeprefix(".")
        try:
            settings[f"{group}.{name}"] = ast.literal_eval(value.removeprefix("@as "))
        except (ValueError, SyntaxError):
            continue  # true and false, which aren't used here
    if settings.get(".mode") != "manual":
        return {}
    variables = {}
    for scheme in ("http", "https"):
        host, port = settings.get(f"{scheme}.host"), settings.get(f"{scheme}.port")
        if isinstance(host, str) and host and isinstance(port, int) and port:
            variables[f"{scheme}_proxy"] = f"http://{host}:{port}"
    ignored = settings.get(".ignore-hosts")
    if variables and isinstance(ignored, list):
        variables["no_proxy"] = ",".join(map(str, ignored))
    return variables
