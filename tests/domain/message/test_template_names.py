"""Completion, the guide and the renderer know the same names."""

from __future__ import annotations

import re

from seam_portal_desktop.domain.message.rendering.names import FILTERS, NAMES, top_names
from seam_portal_desktop.domain.message.rendering.times import expiry_words
from seam_portal_desktop.domain.message.rendering.values import values_for
from seam_portal_desktop.domain.message.template import TemplatePart
from seam_portal_desktop.paths import resource
from tests.support.message_facts import NOW, make_facts


def test_each_part_gets_the_documented_names():
    expiry = expiry_words(NOW, NOW, "en-US", "UTC")
    for part in TemplatePart:
        values = values_for(part, make_facts(), expiry)
        without = {"url"} if part is TemplatePart.SUBJECT else set()
        assert values.keys() == top_names() - without
        assert {f"brand.{name}" for name in values["brand"]} == {
            name for name in NAMES if name.startswith("brand.")
        }


def test_the_guide_has_the_same_names_and_filters():
    text = (resource("guide") / "8-templates.md").read_text("utf-8")
    table = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = {name for cell in table for name in re.findall(r"`([\w.]+)`", cell)}
    assert named - {"own.desk"} == NAMES.keys() - {"own"}
    filters = next(line for line in text.splitlines() if line.startswith("These filters"))
    assert tuple(re.findall(r"`(\w+)`", filters)) == FILTERS
