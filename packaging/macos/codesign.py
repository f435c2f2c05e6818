"""Sign an app from the inside out, each part with its own entitlements.

`codesign --deep` would give every part the app's entitlements. With those, Chromium's process
can't compile the pages' scripts.
"""

from __future__ import annotations

import plistlib
from dataclasses import dataclass
from pathlib import Path

from common.project import BuildError
from common.run import run
from macos import macho

AD_HOC = "-"
"""The identity without a certificate. The app then runs only on this computer."""

_ENTITLEMENTS = Path(__file__).parent / "files" / "program.entitlements"
_HELPER = "QtWebEngineProcess.app"


@dataclass(frozen=True, slots=True)
class Part:
    """A file or a bundle with its own signature."""

    path: Path
    entitlements: Path | None = None


def sign(app: Path, identity: str, *, keychain: Path | None = None) -> None:
    """Sign all parts and check the result. BuildError with codesign's message if it fails."""
    for part in parts(app):
        run(_command(part, identity, keychain))
    run(["codesign", "--verify", "--deep", "--strict", "--verbose=2", app])


def sign_image(image: Path, identity: str, *, keychain: Path | None = None) -> None:
    """Sign a disk image, so that its notarisation can be stapled to it."""
    run(_command(Part(image), identity, keychain))


def parts(app: Path) -> list[Part]:
    """The parts in the order of signing: a bundle comes after the parts inside it.

    BuildError if Chromium's process is missing, or its entitlements, which are in its wheel.
    """
    bundles = [path for path in app.rglob("*") if _is_bundle(path)]
    code = {path for path in app.rglob("*") if macho.is_macho(path)}
    code -= {_main_program(bundle) for bundle in [app, *bundles]}
    inside_out = [*sorted(code), *sorted(bundles, key=lambda path: (-len(path.parts), path))]
    found = [Part(path, _own_entitlements(path)) for path in inside_out]
    if not any(part.path.name == _HELPER for part in found):
        raise BuildError(f"{app.name} has no {_HELPER}.")
    return [*found, Part(app, _ENTITLEMENTS)]


def _is_bundle(path: Path) -> bool:
    return path.suffix in {".app", ".framework"} and path.is_dir() and not path.is_symlink()


def _main_program(bundle: Path) -> Path:
    """The program or library that is signed with its bundle."""
    if bundle.suffix == ".app":
        plist = plistlib.loads((bundle / "Contents" / "Info.plist").read_bytes())
        return bundle / "Contents" / "MacOS" / str(plist["CFBundleExecutable"])
    current = bundle / "Versions" / "Current"
    if not current.is_symlink():
        raise BuildError(f"{bundle.name} has no current version.")
    return current.parent / current.readlink() / bundle.stem


def _own_entitlements(path: Path) -> Path | None:
    if path.name != _HELPER:
        return None
    entitlements = path / "Contents" / "Resources" / f"{path.stem}.entitlements"
    if not entitlements.exists():
        raise BuildError(f"{_HELPER} has no entitlements.")
    return entitlements


def _command(part: Part, identity: str, keychain: Path | None) -> list[str | Path]:
    command: list[str | Path] = ["codesign", "--force", "--sign", identity]
    if identity != AD_HOC:
        # Apple needs these for notarisation.
        command += ["--options", "runtime", "--timestamp"]
    if keychain is not None:
        command += ["--keychain", keychain]
    if part.entitlements is not None:
        command += ["--entitlements", part.entitlements]
    return [*command, part.path]
