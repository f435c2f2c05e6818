"""The diagnostics bundle: a .zip with logs and facts, without secrets."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from seam_portal_desktop.adapters.files.user_files import write_file
from seam_portal_desktop.diagnostics import redact
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.help.about_dialog import AboutFacts
from seam_portal_desktop.ui.help.diagnostics_dialog import DiagnosticsPart

_LOG_BYTES = 1_000_000  # of each log file; the newest is at its end
_SELF_TEST = "self-test.json"


async def collect_parts(paths: AppPaths, facts: AboutFacts) -> Sequence[DiagnosticsPart]:
    """The files of the bundle. Each is redacted again: older versions redacted less."""
    return await asyncio.to_thread(_collect_parts, paths, facts)


async def write_bundle(
    target: Path, parts: Sequence[DiagnosticsPart], self_test: Mapping[str, Any] | None
) -> None:
    """Write a .zip that only this user can read. Raises UserFacingError."""
    if self_test is not None:
        text = json.dumps(self_test, indent=2, ensure_ascii=False)
        parts = [*parts, _part(_SELF_TEST, "", text)]
    await write_file(target, await asyncio.to_thread(_zip, parts))


def _collect_parts(paths: AppPaths, facts: AboutFacts) -> list[DiagnosticsPart]:
    parts = [
        _part("facts.txt", _("Versions, system, display and keyring."), facts.text()),
        _part("packages.txt", _("The libraries that this program runs with."), _packages()),
        _part(
            "policy.txt", _("What your organisation has fixed, without passwords."), _policy(facts)
        ),
    ]
    for number, file in enumerate([paths.log, *(Path(f"{paths.log}.{age}") for age in (1, 2, 3))]):
        text = _end_of(file)
        if text:
            age = "newest" if number == 0 else "older"
            parts.append(
                _part(
                    file.name,
                    _("What the program noted while it ran, {age} part.").format(age=age),
                    text,
                )
            )
    for file in (paths.log.with_suffix(".crash.log"), paths.log.with_suffix(".crash.old.log")):
        text = _end_of(file)
        if text:
            description = _("Where the program was when it ended unexpectedly.")
            parts.append(_part(file.name, description, text))
    return parts


def _part(name: str, description: str, text: str) -> DiagnosticsPart:
    return DiagnosticsPart(name, description, redact(text).encode())


def _end_of(file: Path) -> str:
    try:
        with file.open("rb") as log:
            log.seek(0, io.SEEK_END)
            log.seek(max(0, log.tell() - _LOG_BYTES))
            return log.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _packages() -> str:
    found = {f"{one.metadata['Name']} {one.version}" for one in metadata.distributions()}
    return "\n".join(sorted(found, key=str.lower))


def _policy(facts: AboutFacts) -> str:
    policy = facts.policy
    if not policy.is_managed:
        return _("Nothing is managed by an organisation.")
    rows = [
        _("{name}: {value} (set in {source})").format(
            name=row.name, value=row.value, source=row.source
        )
        for row in policy.rows()
    ]
    return "\n".join(
        [*rows, *(_("Problem: {problem}").format(problem=problem) for problem in policy.problems)]
    )


def _zip(parts: Sequence[DiagnosticsPart]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for part in parts:
            bundle.writestr(part.name, part.content)
    return packed.getvalue()
