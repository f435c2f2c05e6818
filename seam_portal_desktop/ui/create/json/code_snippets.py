"""The request as a cURL command and as a Python script. No Qt.

Both read the credential from the environment and never contain it.
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
    """The address and workspace that a snippet sends its request to."""

    endpoint: str = DEFAULT_ENDPOINT
    kind: CredentialKind = CredentialKind.API_KEY
    workspace_id: str = ""

    @property
    def variable(self) -> str:
        """The environment variable with the credential."""
        return _VARIABLES[self.kind]


def as_curl(wire: Mapping[str, Any], target: ApiTarget) -> str:
    """A command for a POSIX shell."""
    body = json.dumps(wire, indent=2, ensure_ascii=False)
    lines = [
        f"curl {_shell_quote(target.endpoint + _ROUTE)}",
        f'--header "Authorization: Bearer ${target.variable}"',
    ]
    if target.kind is CredentialKind.PERSONAL_ACCESS_TOKEN:
        lines.append(f"--header {_shell_quote(f'seam-workspace: {target.workspace_id}')}")
    lines += ["--header 'Content-Type: application/json'", f"--data {_shell_quote(body)}"]
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


def _shell_quote(text: str) -> str:
    """`text` in single quotes, for readability also where a shell doesn't need them."""
    return "'" + text.replace("'", "'\\''") + "'"


def _literal(value: object, depth: int = 0) -> str:
    """`value` as Python source: one member on a line, and double quotes as formatters use."""
    if isinstance(value, str):
        text = repr(value)
        if text.startswith("'") and '"' not in text:
            return f'"{text[1:-1]}"'
        return text
    if isinstance(value, Mapping):
        members = [f"{_literal(name)}: {_literal(each, depth + 1)}" for name, each in value.items()]
        return _bracketed("{", members, "}", depth)
    if isinstance(value, list | tuple):
        return _bracketed("[", [_literal(each, depth + 1) for each in value], "]", depth)
    return repr(value)


def _bracketed(opening: str, members: list[str], closing: str, depth: int) -> str:
    if not members:
        return opening + closing
    indent = "    " * (depth + 1)
    inner = "".join(f"{indent}{member},\n" for member in members)
    return f"{opening}\n{inner}{'    ' * depth}{closing}"
