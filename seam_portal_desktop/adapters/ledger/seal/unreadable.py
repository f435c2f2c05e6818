"""The errors for sealed content that can't be opened."""

from __future__ import annotations

from dataclasses import dataclass

from seam_portal_desktop.domain.errors import LinkUnreadableError, SecretStoreError
from seam_portal_desktop.texts import _


@dataclass(frozen=True, slots=True)
class SealedContent:
    """What an error calls the content that can't be read, and what to do without it."""

    name: str
    instead: str


LINK = SealedContent("link", _("Create a new portal if the customer still needs one."))
DETAILS = SealedContent("name", _("Type the name and the tags again."))
DRAFT = SealedContent("draft", _("Enter it again."))
MESSAGE = SealedContent("message", _("Write a new one from the portal."))
ATTACHMENT = SealedContent("attachment", _("Attach a new one from the portal's preview."))


def key_changed(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        _("The key in the keyring was changed"),
        _(
            "The keyring has another key than the one that this {content} was saved with, perhaps "
            "because it was restored or edited. If you have a backup of the keyring, restore the "
            "entry of Seam Portal Desktop whose name begins with “ledger-key”, then start the "
            "program again. Otherwise: {instead}"
        ).format(content=content.name, instead=content.instead),
    )


def damaged_or_key_changed(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        _("This {content} can't be decrypted").format(content=content.name),
        _(
            "Either what the ledger keeps of it was changed, or the keyring has another key than "
            "the one that it was saved with. If the keyring was restored or edited, restore its "
            "entry from a backup. Otherwise: {instead}"
        ).format(instead=content.instead),
    )


def damaged(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        _("This {content} is damaged").format(content=content.name),
        _("What the ledger keeps of it was changed or is incomplete. {instead}").format(
            instead=content.instead
        ),
    )


def no_key(
    content: SealedContent, found: SecretStoreError | None, *, is_for_one_run: bool
) -> LinkUnreadableError:
    """`found` is the keyring's error, or None if it hasn't the key."""
    if found is not None and is_for_one_run:
        return LinkUnreadableError(
            _("This {content} was probably not kept").format(content=content.name),
            _(
                "It was made while the keyring was unavailable, and is lost unless its key was "
                "saved there later. {found} now, so that can't be looked up. {instead}"
            ).format(found=found.title, instead=content.instead),
            technical=found.technical,
            can_retry=True,
        )
    if found is not None:
        return LinkUnreadableError(
            _("This {content} can't be read now").format(content=content.name),
            _("The key that protects it is in the keyring. {title_sentence} {message}").format(
                title_sentence=found.title_sentence, message=found.message
            ),
            technical=found.technical,
            can_retry=True,
        )
    if is_for_one_run:
        return LinkUnreadableError(
            _("This {content} was not kept").format(content=content.name),
            _(
                "The {content} was made while the keyring was unavailable and was not kept. "
                "{instead}"
            ).format(content=content.name, instead=content.instead),
        )
    return LinkUnreadableError(
        _("The key to this {content} is gone").format(content=content.name),
        _(
            "The key that protects it is no longer in this computer's keyring, perhaps because the "
            "ledger was copied from elsewhere or the keyring was reset. {instead}"
        ).format(instead=content.instead),
    )
