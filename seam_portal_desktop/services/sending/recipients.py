"""The recipients of a customer: those that were used before, and those that the request names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from msgspec import UNSET

from seam_portal_desktop.domain.errors import LinkUnreadableError, RequestUnreadableError
from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.recipients.addresses import address_key, domain_key
from seam_portal_desktop.domain.message.recipients.parsing import parse_recipients
from seam_portal_desktop.domain.portal.customer_details import (
    MOST_REMEMBERED,
    NO_DETAILS,
    CustomerDetails,
)
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.request import CustomerData
from seam_portal_desktop.domain.request.customer_data import PersonData, StaffMember


class RecipientSource(StrEnum):
    """USED: links of this customer were sent there. REQUEST: the portal's request names it.
    OUTSIDE: another program or a web page named it, so nothing is filled in with it."""

    USED = "used"
    REQUEST = "request"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class SuggestedRecipient:
    mail: MailAddress
    source: RecipientSource


@dataclass(frozen=True, slots=True, repr=False)
class SuggestedPhone:
    """A person of the request. `number` is as the request has it."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownRecipients:
    """What was used for a customer before: `address_key` and `domain_key` of each address."""

    keys: frozenset[str] = field(default=frozenset(), repr=False)
    domains: frozenset[str] = field(default=frozenset(), repr=False)


class RecipientService:
    """Remembers recipients per customer, encrypted as the customer's name is."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._from_outside: dict[str, MailAddress] = {}

    def suggest_from_outside(self, portal_id: str, to: str) -> None:
        """Suggest the address `to` for this portal, in this run, if it is one."""
        for mail in parse_recipients(to).addresses[:1]:
            self._from_outside[portal_id] = mail

    async def suggestions(self, portal: PortalRecord) -> Sequence[SuggestedRecipient]:
        """Each address once, the one that was used last first. Raises LedgerError."""
        found: dict[str, SuggestedRecipient] = {}
        for mail in (await self._details_of(portal)).recipients:
            suggested = SuggestedRecipient(mail, RecipientSource.USED)
            found.setdefault(address_key(mail.address), suggested)
        for person in await self._people_of(portal):
            if isinstance(person.email_address, str):
                for mail in parse_recipients(person.email_address).addresses[:1]:
                    named = replace(mail, name=" ".join(person.name.split()))
                    suggested = SuggestedRecipient(named, RecipientSource.REQUEST)
                    found.setdefault(address_key(mail.address), suggested)
        outside = self._from_outside.get(portal.portal_id)
        if outside is not None:
            suggested = SuggestedRecipient(outside, RecipientSource.OUTSIDE)
            found.setdefault(address_key(outside.address), suggested)
        return tuple(found.values())

    async def phone_suggestions(self, portal: PortalRecord) -> Sequence[SuggestedPhone]:
        """Each number once, in the order of the request. Raises LedgerError."""
        found: dict[str, SuggestedPhone] = {}
        for person in await self._people_of(portal):
            if isinstance(person.phone_number, str) and person.phone_number.strip():
                number = person.phone_number.strip()
                found.setdefault(number, SuggestedPhone(number, " ".join(person.name.split())))
        return tuple(found.values())

    async def known(self, portal: PortalRecord) -> KnownRecipients:
        """What was used for the portal's customer before. Raises LedgerError."""
        used = (await self._details_of(portal)).recipients
        return KnownRecipients(
            frozenset(address_key(each.address) for each in used),
            frozenset(domain_key(each.address) for each in used),
        )

    async def is_known(self, portal: PortalRecord, address: str) -> bool:
        """Whether a link of this customer was sent to `address` before. Raises LedgerError."""
        return address_key(address) in (await self.known(portal)).keys

    async def remember(self, portal: PortalRecord, recipients: Recipients) -> None:
        """Call it when a message has left. Only those in To are remembered. Raises LedgerError.

        Does nothing while the customer's details can't be decrypted: they may be readable later.
        """
        customer = (portal.workspace_id, portal.customer_key)
        try:
            before = await self._ledger.customer_details(*customer)
        except LinkUnreadableError:
            return
        latest: dict[str, MailAddress] = {}
        for mail in (*recipients.to, *before.recipients):
            key = address_key(mail.address)
            known = latest.get(key)
            if known is None:
                latest[key] = mail
            elif not known.name:
                latest[key] = replace(known, name=mail.name)
        kept = tuple(latest.values())[:MOST_REMEMBERED]
        if kept != before.recipients:
            await self._ledger.set_customer_details(*customer, replace(before, recipients=kept))

    async def _details_of(self, portal: PortalRecord) -> CustomerDetails:
        """Empty if they can't be decrypted: then every recipient is a new one."""
        try:
            return await self._ledger.customer_details(portal.workspace_id, portal.customer_key)
        except LinkUnreadableError:
            return NO_DETAILS

    async def _people_of(self, portal: PortalRecord) -> Sequence[PersonData | StaffMember]:
        try:
            request = await self._ledger.request_of(portal.portal_id)
        except RequestUnreadableError:
            return ()
        data = request.customer_data
        return tuple(_people(data)) if isinstance(data, CustomerData) else ()


def _people(data: CustomerData) -> Iterator[PersonData | StaffMember]:
    lists = (
        data.user_identities,
        data.users,
        data.guests,
        data.tenants,
        data.residents,
        data.staff_members,
    )
    for people in lists:
        if people is not UNSET:
            yield from people
