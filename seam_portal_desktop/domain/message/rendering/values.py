"""The values that a template gets: plain texts, lists and dicts, and nothing with attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seam_portal_desktop.domain.message.rendering.colors import (
    border_color,
    primary_color,
    text_color,
)
from seam_portal_desktop.domain.message.rendering.names import LOGO, URL
from seam_portal_desktop.domain.message.rendering.plain_text import (
    isolated,
    link_for_text,
    one_line,
    several_lines,
)
from seam_portal_desktop.domain.message.rendering.times import ExpiryWords
from seam_portal_desktop.domain.message.template import MessageFacts, TemplatePart

Values = Mapping[str, Any]


def values_for(part: TemplatePart, facts: MessageFacts, expiry: ExpiryWords) -> Values:
    """What `part` may use.

    The subject gets no link. Only HTML gets the logo, as the picture's content id and description:
    the renderer makes the element. Names of people and things are on one line.
    """
    customer_key = one_line(facts.customer_key)
    display_name = one_line(facts.display_name) or customer_key
    company, operator = one_line(facts.company), one_line(facts.operator)
    own = {name: several_lines(text) for name, text in facts.own.items()}
    if part in (TemplatePart.TEXT, TemplatePart.SMS):
        # HTML has <bdi> for this. In a subject such marks look like an attack to mail filters.
        customer_key, display_name = isolated(customer_key), isolated(display_name)
        company, operator = isolated(company), isolated(operator)
    color = primary_color(facts.brand.primary_color)
    values = {
        "customer_key": customer_key,
        "display_name": display_name,
        "expires_at": expiry.at,
        "expires_date": expiry.date,
        "expires_time": expiry.time,
        "expires_in": expiry.remaining,
        "time_zone": expiry.zone,
        "company": company,
        "operator": operator,
        "signature": several_lines(facts.sender_signature).strip("\n"),
        "features": [one_line(each) for each in facts.features],
        "own": own,
        "locale": facts.locale,
        "brand": {
            "primary_color": color,
            "text_color": text_color(color),
            "border_color": border_color(color),
        },
        LOGO: "",
    }
    if part is TemplatePart.HTML:
        values[URL] = facts.url.reveal()
    elif part is not TemplatePart.SUBJECT:
        values[URL] = link_for_text(facts.url.reveal())
    if part is TemplatePart.HTML and facts.brand.logo is not None:
        values[LOGO] = [facts.brand.logo.content_id, company or facts.brand.logo.description]
    return values
