"""Sign programs for Windows: `python packaging/windows/authenticode.py FILE …`.

The environment has the key in one of two forms:

- WINDOWS_SIGN_COMMAND: a command line with {file} in it. Keys that every Windows trusts are in
  hardware or in a service, which have their own tools.
- WINDOWS_CERTIFICATE: a PKCS#12 file in base64, for instance of the company's own authority. Its
  passphrase is in WINDOWS_CERTIFICATE_PASSWORD. signtool signs with it on Windows, osslsigncode on
  other systems.

WINDOWS_TIMESTAMP_URL is a time stamping authority (RFC 3161); empty for none, in tests.
"""

from __future__ import annotations

import base64
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":  # NSIS runs this file as a script
    sys.path.append(str(Path(__file__).resolve().parents[1]))

from common import project
from common.project import BuildError
from common.run import need, run

SIGN_COMMAND = "WINDOWS_SIGN_COMMAND"
CERTIFICATE = "WINDOWS_CERTIFICATE"
PASSWORD = "WINDOWS_CERTIFICATE_PASSWORD"  # noqa: S105 - the variable's name
TIMESTAMP_URL = "WINDOWS_TIMESTAMP_URL"
_DEFAULT_TIMESTAMP_URL = "http://timestamp.digicert.com"
_FILE = "{file}"


def has_key() -> bool:
    return bool(os.environ.get(SIGN_COMMAND) or os.environ.get(CERTIFICATE))


def nsis_command() -> str:
    """The command by which NSIS signs the uninstaller; %1 is its path."""
    return f'"{sys.executable}" "{Path(__file__).resolve()}" "%1"'


def sign(files: Sequence[Path]) -> None:
    """Sign the files in place. BuildError if the tool fails or there is no key."""
    given = os.environ.get(SIGN_COMMAND)
    if given and _FILE not in given:
        raise BuildError(f"{SIGN_COMMAND} must have {_FILE} in it, for the file's path.")
    for path in files:
        if given:
            run([part.replace(_FILE, str(path)) for part in _split(given)])
        else:
            _sign_with_certificate(path)


def _split(command: str) -> list[str]:
    """The command's words. On Windows a backslash is part of a path, not an escape."""
    words = shlex.split(command, posix=os.name != "nt")
    return [word.strip('"') for word in words]


def _sign_with_certificate(path: Path) -> None:
    encoded = os.environ.get(CERTIFICATE)
    if not encoded:
        raise BuildError(f"There is no key: set {SIGN_COMMAND} or {CERTIFICATE}.")
    with tempfile.TemporaryDirectory(prefix="signing-") as folder:
        certificate = Path(folder) / "certificate.p12"
        certificate.write_bytes(base64.b64decode(encoded))
        if sys.platform == "win32":
            _signtool(path, certificate)
        else:
            _osslsigncode(path, certificate)


def _signtool(path: Path, certificate: Path) -> None:
    command: list[str | Path] = [_find_signtool(), "sign", "/q", "/fd", "sha256"]
    command += ["/f", certificate, "/p", os.environ.get(PASSWORD, "")]
    command += ["/d", project.DISPLAY_NAME]
    if homepage := project.homepage():
        command += ["/du", homepage]
    if url := _timestamp_url():
        command += ["/tr", url, "/td", "sha256"]
    run([*command, path])


def _find_signtool() -> str | Path:
    if on_path := shutil.which("signtool"):
        return on_path
    programs = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)"))
    found = sorted((programs / "Windows Kits/10/bin").glob("10.*/x64/signtool.exe"))
    if not found:
        raise BuildError("signtool was not found: install the Windows SDK.")
    return found[-1]


def _osslsigncode(path: Path, certificate: Path) -> None:
    need({"osslsigncode": "osslsigncode"})
    password = certificate.with_name("password")
    password.write_text(os.environ.get(PASSWORD, ""), "utf-8")
    signed = certificate.with_name("signed")
    command: list[str | Path] = ["osslsigncode", "sign", "-h", "sha256"]
    command += ["-pkcs12", certificate, "-readpass", password]
    command += ["-n", project.DISPLAY_NAME]
    if homepage := project.homepage():
        command += ["-i", homepage]
    if url := _timestamp_url():
        command += ["-ts", url]
    run([*command, "-in", path, "-out", signed])
    shutil.copyfile(signed, path)


def _timestamp_url() -> str:
    return os.environ.get(TIMESTAMP_URL, _DEFAULT_TIMESTAMP_URL)


if __name__ == "__main__":
    try:
        sign([Path(argument) for argument in sys.argv[1:]])
    except BuildError as error:
        sys.exit(f"authenticode.py: {error}")
