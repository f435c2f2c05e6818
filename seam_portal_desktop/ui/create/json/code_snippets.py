"""The request as something to run elsewhere. No Qt.

The credential is never in it: both snippets read it from the environment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.endpoint import DEFAULT_ENDPOINT

_ROUTE = "/customers/create_portal"
_VARIABLES = {
    CredentialKind.API_KEY: "SEAM_API_KEY",
    CredentialKind.PERSONAL_ACCESS_TOKEN: "SEAM_PERSONAL_ACCESS_TOKEN",
}


@dataclass(frozen=True, slots=True)
class ApiTarget:
    """Where a snippet sends its request; all of it but the credential."""

    endpoint: str = DEFAULT_ENDPOINT
    kind: CredentialKind = CredentialKind.API_KEY
    workspace_id: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that the snippets take the credential from."""
        return _VARIABLES[self.kind]


def as_curl(wire: Mapping[str, Any], target: ApiTarget) -> str:
    """A command for a POSIX shell."""
    body = json.dumps(wire, indent=2, ensure_ascii=False)
    lines = [
        f"curl {_shell_quoted(target.endpoint + _ROUTE)}",
        f'--header "Authorization: Bearer ${target.variable}"',
    ]
    if target.kind is CredentialKind.PERSONAL_ACCESS_TOKEN:
        lines.append(f"--header {_shell_quoted(f'seam-workspace: {target.workspace_id}')}")
    lines += ["--header 'Content-Type: application/json'", f"--data {_shell_quoted(body)}"]
    return " \\\n  ".join(lines) + "\n"


def as_python(wire: Mapping[str, Any], target: ApiTarget) -> str:
    """A script for Seam's Python SDK."""
    made_by, arguments = "from_api_key", [f'os.environ["{target.variable}"]']
    if target.kind is CredentialKind.PERSONAL_ACCESS_TOKEN:
        made_by = "from_personal_access_token"
        arguments.append(_literal(target.workspace_id))
    if target.endpoint != DEFAULT_ENDPOINT:
        arguments.append(f"endpoint={_literal(target.endpoint)}")
    fields = "".join(f"    {name}={_literal(value, 1)},\n" for name, value in wire.items())
    call = (
        f"seam.customers.create_portal(\n{fields})" if fields else "seam.customers.create_portal()"
    )
    return (
        "import os\n\nfrom seam import Seam\n\n"
        f"seam = Seam.{made_by}({', '.join(arguments)})\n"
        f"customer_portal = {call}\n"
    )


def _shell_quoted(text: str) -> str:
    """`text` in single quotes, also where a shell wouldn't need them: it is to be read."""
    return "'" + text.replace("'", "'\\''") + "'"


def _literal(value: object, depth: int = 0) -> str:
    """`value` as Python source, a member to a line, in double quotes as formatters have it."""
    if isinstance(value, str):
        text = repr(value)
        if text.startswith("'") and '"' not in text:
            return f'"{text[1:-1]}"'
        return text
    if isinstance(value, Mapping):
        members = [f"{_literal(name)}: {_literal(each, depth + 1)}" for name, each in value.items()]
        return _enclosed("{", members, "}", depth)
    if isinstance(value, list | tuple):
        return _enclosed("[", [_literal(each, depth + 1) for each in value], "]", depth)
    return repr(value)


def _enclosed(opening: str, members: list[str], closing: str, depth: int) -> str:
    if not members:
        return opening + closing
    indent = "    " * (depth + 1)
    inner = "".join(f"{indent}{member},\n" for member in members)
    return f"{opening}\n{inner}{'    ' * depth}{closing}"
