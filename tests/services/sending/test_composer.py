"""A message's facts come from the portal, its request, its customer and the sender."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from seam_portal_desktop.domain.errors import LinkUnreadableError, NotFoundError
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.sender import MailAccount, SenderIdentity
from seam_portal_desktop.domain.message.template import (
    NO_BRAND,
    MessageFacts,
    MessageTemplate,
    RenderedMessage,
)
from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.domain.request.customer_data import Space, SpaceCustomerData
from seam_portal_desktop.domain.request.features import (
    ConnectFeature,
    Features,
    ManageDevicesFeature,
    ManageFeature,
)
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.services.lookups import LookupService
from seam_portal_desktop.services.sending.composer import Composer
from tests.support.fake_gateway import FAKE_PROFILE, FAKE_WORKSPACE
from tests.support.services import CONNECTION, REQUEST, only_row

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
TEMPLATE = MessageTemplate("t", "Plain", "en-US", "{{ customer_key }}", "{{ url }}")
SENDER = SenderIdentity(
    "s",
    FAKE_WORKSPACE.workspace_id,
    MailAddress("ops@example.com", "Operations"),
    MailAccount("mail.example.com", 587),
    company="Acme Holidays",
    operator="Dana",
    signature="Acme\nHolidays",
    own_fields={"help_line": "+1 202 555 0100"},
)


class RecordingRenderer:
    """Records what it gets."""

    def __init__(self) -> None:
        self.facts: list[MessageFacts] = []

    async def render(self, template: MessageTemplate, facts: MessageFacts) -> RenderedMessage:
        self.facts.append(facts)
        return RenderedMessage(template.subject, template.text)

    async def aclose(self) -> None:
        pass


@pytest.fixture
def images():
    return {FAKE_PROFILE.logo_url: PNG}


@pytest.fixture
def renderer():
    return RecordingRenderer()


@pytest.fixture
def composer(ledger, portals, gateway_of, renderer, clock, images):  # noqa: PLR0917 - fixtures
    async def fetch(url: str) -> bytes | None:
        return images.get(url)

    return Composer(
        ledger,
        portals,
        SimpleNamespace(connections=[CONNECTION]),
        LookupService(gateway_of, fetch),
        renderer=renderer,
        clock=clock,
        local_zone=lambda: "Europe/Lisbon",
    )


async def facts_of(composer, creation, request, sender=None) -> MessageFacts:
    portal = await creation.create(CONNECTION, request)
    return await composer.facts(portal, sender)


async def test_a_plain_portal_gets_seams_language_this_computers_zone_and_the_company(
    composer, creation
):
    facts = await facts_of(composer, creation, REQUEST)
    assert (facts.customer_key, facts.display_name) == ("harbor-hotel", "harbor-hotel")
    assert (facts.locale, facts.time_zone) == ("en-US", "Europe/Lisbon")
    assert (facts.company, facts.operator, facts.features) == ("Acme", "", ())
    assert facts.brand is NO_BRAND
    assert facts.url.reveal() not in repr(facts)


async def test_the_request_gives_language_zone_and_features(composer, creation):
    def space(key: str, zone: str | None) -> Space:
        return Space(name=key, space_key=key, customer_data=SpaceCustomerData(time_zone=zone))

    request = PortalRequest(
        customer_data=CustomerData(
            customer_key="casa-verde",
            spaces=(
                space("a", "America/New_York"),
                space("b", "Europe/Rome"),
                space("c", "Europe/Rome"),
                space("d", None),
            ),
        ),
        locale=Locale.IT_IT,
        features=Features(
            connect=ConnectFeature(exclude=True),
            manage=ManageFeature(exclude=False),
            manage_devices=ManageDevicesFeature(exclude=False),
        ),
    )
    facts = await facts_of(composer, creation, request)
    assert (facts.locale, facts.time_zone) == ("it-IT", "Europe/Rome")
    assert facts.features == ("Soggiorni e accessi", "Dispositivi")


async def test_the_sender_gives_company_operator_signature_and_own_fields(composer, creation):
    facts = await facts_of(composer, creation, REQUEST, SENDER)
    assert (facts.company, facts.operator) == ("Acme Holidays", "Dana")
    assert facts.sender_signature == "Acme\nHolidays"
    assert facts.own == {"help_line": "+1 202 555 0100"}


async def test_the_customers_own_name_is_used(composer, creation, ledger, renderer):
    portal = await creation.create(CONNECTION, REQUEST)
    await ledger.set_customer_details(
        portal.workspace_id, portal.customer_key, CustomerDetails("Harbor Hotel")
    )
    await composer.compose(await ledger.get(portal.portal_id), TEMPLATE, None)
    assert renderer.facts[0].display_name == "Harbor Hotel"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (PNG + b"\0" * 300_000, None),
        (None, None),
    ],
)
async def test_the_profile_gives_color_and_logo(composer, creation, images, content, media_type):
    """Mail programs show no SVG, and a large picture makes each message heavy."""
    images[FAKE_PROFILE.logo_url] = content
    request = PortalRequest(
        customer_data=CustomerData(customer_key="harbor-hotel"),
        customization_profile_id=FAKE_PROFILE.customization_profile_id,
    )
    brand = (await facts_of(composer, creation, request)).brand
    assert brand.primary_color == "#1a58ad"
    assert (brand.logo.media_type if brand.logo else None) == media_type


async def test_a_portal_without_a_link_has_no_message(composer, gateway, creation, portals):
    gateway.fail("create_portal", NotFoundError("t", "m"))
    with pytest.raises(NotFoundError):
        await creation.create(CONNECTION, REQUEST)
    with pytest.raises(LinkUnreadableError):
        await composer.facts(await only_row(portals), None)
