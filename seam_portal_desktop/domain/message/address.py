"""The people a message goes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class MailAddress:
    """An e-mail address as the user reads it, such as ``ann@bücher.example``, and a name.

    `name` may be empty. Neither is in the repr, because both are personal data.
    """

    address: str
    name: str = ""

    def __repr__(self) -> str:
        return "MailAddress(…)"


@dataclass(frozen=True, slots=True)
class Recipients:
    """The lines of a message. A `bcc` is in no header that other recipients get."""

    to: tuple[MailAddress, ...] = ()
    cc: tuple[MailAddress, ...] = ()
    bcc: tuple[MailAddress, ...] = ()

    @property
    def everyone(self) -> tuple[MailAddress, ...]:
        """All of them in the order To, Cc, Bcc, each address once (whatever its capitals)."""
        unique: dict[str, MailAddress] = {}
        for each in (*self.to, *self.cc, *self.bcc):
            unique.setdefault(each.address.casefold(), each)
        return tuple(unique.values())


NOBODY = Recipients()
