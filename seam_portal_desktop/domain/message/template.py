"""Templates of messages, and what one may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.secret import Secret

_NO_FIELDS: Mapping[str, str] = MappingProxyType({})


class TemplatePart(StrEnum):
    """The texts of a template. Each is rendered by itself."""

    SUBJECT = "subject"
    TEXT = "text"
    HTML = "html"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A template in one language.

    The four texts are Jinja sources; `html` and `sms` may be empty. `locale` is one of the portal
    locales of Seam's contract, such as ``pt-BR``. `version` counts from 1 and grows with each
    change that is saved. Shipped templates can't be changed, only copied.
    """

    template_id: str
    name: str
    locale: str
    subject: str
    text: str
    html: str = ""
    sms: str = ""
    version: int = 1
    is_shipped: bool = False

    def source(self, part: TemplatePart) -> str:
        match part:
            case TemplatePart.SUBJECT:
                return self.subject
            case TemplatePart.TEXT:
                return self.text
            case TemplatePart.HTML:
                return self.html
            case TemplatePart.SMS:
                return self.sms


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture inside of a message. HTML names it as ``cid:<content_id>``."""

    content_id: str
    media_type: str
    content: bytes = field(repr=False)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """How the company looks, from the workspace's customization profile.

    `primary_color` is ``#rrggbb`` or empty.
    """

    primary_color: str = ""
    logo: InlineImage | None = None


NO_BRAND = Brand()


@dataclass(frozen=True, slots=True, repr=False)
class MessageFacts:
    """What a template may use. `url` is the link, which has a token in it.

    Times are aware, in UTC. `locale` and `time_zone` (an IANA name) are the customer's: times are
    written with them. `features` are the portal's features in the customer's language. `own` are
    the user's own fields by name. `sender_signature` is plain text of several lines.
    """

    customer_key: str
    display_name: str
    url: Secret
    expires_at: datetime
    now: datetime
    locale: str
    time_zone: str
    company: str = ""
    operator: str = ""
    sender_signature: str = ""
    features: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=lambda: _NO_FIELDS)
    brand: Brand = NO_BRAND


class MessageWarning(StrEnum):
    """What is wrong with a rendered message, though it can be sent."""

    NO_LINK = "no_link"
    NO_EXPIRY = "no_expiry"
    LINK_IN_SUBJECT = "link_in_subject"
    LINK_NOT_ALONE = "link_not_alone"
    TOO_LARGE = "too_large"
    REMOTE_IMAGE = "remote_image"


@dataclass(frozen=True, slots=True, repr=False)
class RenderedMessage:
    """A message in words, exactly as it is sent, copied and shown.

    `html` is a whole document with inline styles, or empty for a message of text only. `images`
    are those that `html` names. The texts have the link's token in them, so they aren't in the
    repr. `subject` is one line and never has the link.
    """

    subject: str
    text: str
    html: str = ""
    sms: str = ""
    images: tuple[InlineImage, ...] = ()
    warnings: tuple[MessageWarning, ...] = ()


@dataclass(eq=False)
class TemplateError(UserFacingError):
    """A template can't be rendered. `line` counts from 1; None if no line can be named."""

    part: TemplatePart = TemplatePart.TEXT
    line: int | None = None
