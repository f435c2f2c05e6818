"""Writes the message of a portal, for the sheet, for tests, drafts, copies and mail servers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from msgspec import UNSET

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LinkUnreadableError, RequestUnreadableError
from seam_portal_desktop.domain.lookups import CustomizationProfile
from seam_portal_desktop.domain.message.feature_words import feature_words
from seam_portal_desktop.domain.message.ports import TemplateRenderer
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.message.template import (
    NO_BRAND,
    Brand,
    InlineImage,
    MessageFacts,
    MessageTemplate,
    RenderedMessage,
)
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.preview.page_features import requested_features
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.services.lookups import LookupService
from seam_portal_desktop.services.portal.records import PortalService
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.texts import _

_LOGO_ID = "logo"
_LARGEST_LOGO = 200 * 1024
"""Bytes. A larger picture would make each message too heavy."""

_IMAGE_TYPES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
"""The pictures that every mail program shows, by their first bytes."""


class Composer:
    """Collects what a template may use, and renders it. There is no other way to a message.

    `local_zone` gives this computer's time zone, as an IANA name.
    """

    def __init__(
        self,
        ledger: Ledger,
        portals: PortalService,
        workspaces: WorkspaceService,
        lookups: LookupService,
        *,
        renderer: TemplateRenderer,
        clock: Clock,
        local_zone: Callable[[], str],
    ) -> None:
        self._ledger = ledger
        self._portals = portals
        self._workspaces = workspaces
        self._lookups = lookups
        self._renderer = renderer
        self._clock = clock
        self.local_zone = local_zone

    async def locale_of(self, portal: PortalRecord) -> str:
        """The portal's language; that of Seam's portals if the request doesn't say one."""
        return _locale(await self._request_of(portal.portal_id))

    async def compose(
        self, portal: PortalRecord, template: MessageTemplate, sender: SenderIdentity | None
    ) -> RenderedMessage:
        """The finished message. Raises TemplateError and what `facts` raises."""
        return await self.render(template, await self.facts(portal, sender))

    async def render(self, template: MessageTemplate, facts: MessageFacts) -> RenderedMessage:
        """The message with facts that were asked for before. Raises TemplateError."""
        return await self._renderer.render(template, facts)

    async def facts(
        self, portal: PortalRecord, sender: SenderIdentity | None, *, locale: str = ""
    ) -> MessageFacts:
        """What a template may use for this portal, in `locale` or else in the portal's language.

        Raises LinkUnreadableError without a link that works, and what `PortalService.url_of`
        raises.
        """
        url = await self._portals.url_of(portal.portal_id)
        if portal.expires_at is None:
            raise LinkUnreadableError(
                _("This link can’t be sent"), _("The ledger doesn’t know when it expires.")
            )
        request = await self._request_of(portal.portal_id)
        locale = locale or _locale(request)
        company = sender.company if sender else ""
        return MessageFacts(
            customer_key=portal.customer_key,
            display_name=portal.customer_name or portal.customer_key,
            url=url,
            expires_at=portal.expires_at,
            now=self._clock(),
            locale=locale,
            time_zone=_zone_of(request) or self.local_zone(),
            company=company or self._company_of(portal.workspace_id),
            operator=sender.operator if sender else "",
            sender_signature=sender.signature if sender else "",
            features=_features(request, locale),
            own=sender.own_fields if sender else {},
            brand=await self._brand(portal.workspace_id, request),
        )

    async def _request_of(self, portal_id: str) -> PortalRequest | None:
        """None if it is damaged: the message then has Seam's language and no features."""
        try:
            return await self._ledger.request_of(portal_id)
        except RequestUnreadableError:
            return None

    def _company_of(self, workspace_id: str) -> str:
        for connection in self._workspaces.connections:
            if connection.workspace.workspace_id == workspace_id:
                return connection.workspace.company_name or connection.workspace.name
        return ""

    async def _brand(self, workspace_id: str, request: PortalRequest | None) -> Brand:
        """The look of the request's customization profile, as far as Seam gives it."""
        profile_id = request.customization_profile_id if request else UNSET
        if profile_id is UNSET:
            return NO_BRAND
        for connection in self._workspaces.connections:
            if connection.workspace.workspace_id != workspace_id:
                continue
            for profile in await self._lookups.customization_profiles(connection):
                if profile.customization_profile_id == profile_id:
                    logo = None
                    if profile.logo_url:
                        logo = await self._lookups.profile_logo(connection, profile.logo_url)
                    return _brand_of(profile, logo)
        return NO_BRAND


def _locale(request: PortalRequest | None) -> str:
    if request is None or request.locale is UNSET:
        return Locale.EN_US.value
    return request.locale.value


def _zone_of(request: PortalRequest | None) -> str:
    """The time zone that most of the request's spaces have; empty if none has one."""
    data = UNSET if request is None else request.customer_data
    if not isinstance(data, CustomerData) or data.spaces is UNSET:
        return ""
    zones: Counter[str] = Counter()
    for space in data.spaces:
        zone = None if space.customer_data is UNSET else space.customer_data.time_zone
        if isinstance(zone, str) and zone:
            zones[zone] += 1
    return zones.most_common(1)[0][0] if zones else ""


def _features(request: PortalRequest | None, locale: str) -> tuple[str, ...]:
    if request is None:
        return ()
    shown = frozenset(name for name, is_shown in requested_features(request).items() if is_shown)
    return feature_words(shown, locale)


def _brand_of(profile: CustomizationProfile, logo: bytes | None) -> Brand:
    color = (profile.primary_color or "").strip().lower()
    is_plain = re.fullmatch("#[0-9a-f]{6}", color) is not None
    return Brand(color if is_plain else "", _logo_image(logo, profile.name or ""))


def _logo_image(content: bytes | None, name: str) -> InlineImage | None:
    """The picture for a message; None for one that mail programs don't show, or a large one."""
    if content is None or len(content) > _LARGEST_LOGO:
        return None
    for start, media_type in _IMAGE_TYPES:
        if content.startswith(start):
            return InlineImage(_LOGO_ID, media_type, content, name)
    return None
