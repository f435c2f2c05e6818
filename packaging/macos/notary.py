"""Notarise a signed program: Apple checks it, and its ticket proves that without a network.

The key is from App Store Connect: MACOS_NOTARY_KEY is the text of its .p8 file,
MACOS_NOTARY_KEY_ID and MACOS_NOTARY_ISSUER are its ids.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from common.project import BuildError
from common.run import run

KEY = "MACOS_NOTARY_KEY"
KEY_ID = "MACOS_NOTARY_KEY_ID"
ISSUER = "MACOS_NOTARY_ISSUER"


def has_key() -> bool:
    return bool(os.environ.get(KEY))


def notarise(path: Path) -> None:
    """Upload an app or a disk image, wait for Apple, and staple the ticket to it.

    BuildError with Apple's message if it refuses.
    """
    missing = [name for name in (KEY, KEY_ID, ISSUER) if not os.environ.get(name)]
    if missing:
        raise BuildError(f"Notarising needs {', '.join(missing)} as well.")
    with tempfile.TemporaryDirectory(prefix="notary-") as folder:
        upload = path
        if path.is_dir():
            upload = Path(folder) / f"{path.stem}.zip"
            run(["ditto", "-c", "-k", "--keepParent", path, upload])
        key = Path(folder) / "key.p8"
        key.touch(mode=0o600)
        key.write_text(os.environ[KEY], "utf-8")
        command: list[str | Path] = ["xcrun", "notarytool", "submit", upload]
        command += ["--key", key, "--key-id", os.environ[KEY_ID], "--issuer", os.environ[ISSUER]]
        answer = run([*command, "--wait", "--timeout", "1h"])
    # notarytool's exit code is 0 for every answer of Apple.
    if "status: Accepted" not in answer:
        raise BuildError(f"Apple did not accept {path.name}:\n{answer.strip()}")
    run(["xcrun", "stapler", "staple", path])
    run(["xcrun", "stapler", "validate", path])
