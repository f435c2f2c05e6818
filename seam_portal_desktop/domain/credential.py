"""Seam's kinds of credentials, recognised by their prefix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _


class CredentialKind(StrEnum):
    API_KEY = "api_key"
    PERSONAL_ACCESS_TOKEN = "personal_access_token"  # noqa: S105 - the kind, not a token


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret with access to one workspace.

    ``workspace_id`` (UUID text) is required for a personal access token, which may reach many
    workspaces, and None for an API key, which belongs to one.
    """

    kind: CredentialKind
    secret: Secret
    workspace_id: str | None = None

    def __post_init__(self) -> None:
        if (self.kind is CredentialKind.PERSONAL_ACCESS_TOKEN) != bool(self.workspace_id):
            raise ValueError("A personal access token, and nothing else, goes with a workspace id.")


@dataclass(frozen=True, slots=True)
class CredentialShape:
    """The kind of a pasted text, or a sentence that explains why it can't be used."""

    kind: CredentialKind | None
    problem: str | None


_REFUSED = {
    "seam_cst": _(
        "This is a client session token. It belongs to one customer and can't create "
        "portals. Paste an API key (seam_…) or a personal access token (seam_at…)."
    ),
    "seam_pk": _(
        "This is a publishable key, made for web pages. Paste an API key (seam_…) or a "
        "personal access token (seam_at…)."
    ),
    "ey": _(
        "This is a JSON Web Token from a signed-in session. Paste an API key (seam_…) or a "
        "personal access token (seam_at…)."
    ),
    "http": _(
        "This is a web address. Paste an API key (seam_…) or a personal access token "
        "(seam_at…) from the Seam Console."
    ),
}


def recognise_credential(text: str) -> CredentialShape:
    """The kind of `text` by its prefix (source: Seam's own SDKs check the same ones).

    An empty text has neither kind nor problem.
    """
    text = text.strip()
    if not text:
        return CredentialShape(None, None)
    for prefix, problem in _REFUSED.items():
        if text.startswith(prefix):
            return CredentialShape(None, problem)
    if not text.isascii() or not text.isprintable() or " " in text:
        return CredentialShape(
            None, _("A Seam credential is one word of plain characters. Was something else copied?")
        )
    for prefix, kind in (
        ("seam_at", CredentialKind.PERSONAL_ACCESS_TOKEN),
        ("seam_", CredentialKind.API_KEY),
    ):
        if text.startswith(prefix):
            if len(text) == len(prefix):
                return CredentialShape(None, _("The rest of the credential is missing."))
            return CredentialShape(kind, None)
    return CredentialShape(
        None,
        _(
            "A Seam API key starts with seam_ and a personal access token with seam_at. "
            "This is neither."
        ),
    )
