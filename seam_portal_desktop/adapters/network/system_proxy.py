"""Copies GNOME's manual proxy settings into the environment, which the whole program reads.

GNOME and its relatives keep their settings in dconf, which neither `read_proxy_settings` nor Qt
reads. The settings of KDE are not read. Nothing follows automatic configuration (PAC) on Linux: it
needs a JavaScript engine. The preview follows that of Windows and macOS.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, MutableMapping
from urllib.request import getproxies_environment

from seam_portal_desktop.adapters.network.proxy_settings import ProxySettings

_SCHEMA = "org.gnome.system.proxy"
_DESKTOPS = {"gnome", "unity", "ubuntu", "x-cinnamon", "cinnamon", "budgie", "pantheon"}
_TIMEOUT_S = 5.0


def follow_desktop_proxies(environment: MutableMapping[str, str] = os.environ) -> None:
    """Put GNOME's manual proxies into the environment unless it names some. Blocking.

    GNOME's exceptions are added to those of the environment. Processes that are started later
    inherit the variables.
    """
    # On other desktops gsettings would leave files in the user's home.
    desktops = {name.lower() for name in environment.get("XDG_CURRENT_DESKTOP", "").split(":")}
    if not sys.platform.startswith("linux") or not desktops & _DESKTOPS:
        return
    own = getproxies_environment()
    if ProxySettings(own).names_any:
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
    variables = dict(proxy_variables(listed))
    exceptions = [each for each in (own.get("no"), variables.get("no_proxy")) if each]
    if variables and exceptions:
        variables["no_proxy"] = ",".join(exceptions)
    environment.update(variables)


def proxy_variables(listed: str) -> Mapping[str, str]:
    """http_proxy, https_proxy and no_proxy from the output of `gsettings list-recursively`.

    Or all_proxy, if there is only a SOCKS proxy.
    """
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
    variables: dict[str, str] = {}
    for group, name, kind in (
        ("http", "http_proxy", "http"),
        ("https", "https_proxy", "http"),
        # Last, because Chromium takes all_proxy before the others.
        ("socks", "all_proxy", "socks5"),
    ):
        if group == "socks" and variables:
            break
        host, port = settings.get(f"{group}.host"), settings.get(f"{group}.port")
        if isinstance(host, str) and host and isinstance(port, int) and port:
            variables[name] = f"{kind}://{f'[{host}]' if ':' in host else host}:{port}"
    ignored = settings.get(".ignore-hosts")
    if variables and isinstance(ignored, list):
        variables["no_proxy"] = ",".join(map(str, ignored))
    return variables
