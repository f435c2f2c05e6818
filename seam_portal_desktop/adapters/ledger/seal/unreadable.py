"""The errors for sealed content that can't be opened."""

from __future__ import annotations

from dataclasses import dataclass

from seam_portal_desktop.domain.errors import LinkUnreadableError, SecretStoreError


@dataclass(frozen=True, slots=True)
class SealedContent:
    """What an error calls the content that can't be read, and what to do without it."""

    name: str
    instead: str


LINK = SealedContent("link", "Create a new portal if the customer still needs one.")
DETAILS = SealedContent("name", "Type the name and the tags again.")
ATTACHMENT = SealedContent("attachment", "Attach a new one from the portal's preview.")


def key_changed(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        "The key in the keyring was changed",
        f"The keyring has another key than the one that this {content.name} was saved with, "
        "perhaps because it was restored or edited. If you have a backup of the keyring, restore "
        "the entry of Seam Portal Desktop whose name begins with “ledger-key”, then start the "
        f"program again. Otherwise: {content.instead}",
    )


def damaged_or_key_changed(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        f"This {content.name} can't be decrypted",
        "Either what the ledger keeps of it was changed, or the keyring has another key than the "
        "one that it was saved with. If the keyring was restored or edited, restore its entry from "
        f"a backup. Otherwise: {content.instead}",
    )


def damaged(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        f"This {content.name} is damaged",
        f"What the ledger keeps of it was changed or is incomplete. {content.instead}",
    )


def no_key(
    content: SealedContent, found: SecretStoreError | None, *, is_for_one_run: bool
) -> LinkUnreadableError:
    """`found` is the keyring's error, or None if it hasn't the key."""
    if found is not None and is_for_one_run:
        return LinkUnreadableError(
            f"This {content.name} was probably not kept",
            "It was made while the keyring was unavailable, and is lost unless its key was saved "
            f"there later. {found.title} now, so that can't be looked up. {content.instead}",
            technical=found.technical,
            can_retry=True,
        )
    if found is not None:
        return LinkUnreadableError(
            f"This {content.name} can't be read now",
            f"The key that protects it is in the keyring. {found.title_sentence} {found.message}",
            technical=found.technical,
            can_retry=True,
        )
    if is_for_one_run:
        return LinkUnreadableError(
            f"This {content.name} was not kept",
            f"The {content.name} was made while the keyring was unavailable and was not kept. "
            f"{content.instead}",
        )
    return LinkUnreadableError(
        f"The key to this {content.name} is gone",
        "The key that protects it is no longer in this computer's keyring, perhaps because the "
        f"ledger was copied from elsewhere or the keyring was reset. {content.instead}",
    )
