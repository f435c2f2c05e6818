"""Every text for people goes through gettext, and the template has all of them."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
import subprocess
import sys
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest

from seam_portal_desktop import texts
from tests.support.unmarked_texts import is_text, sources, unmarked

PROJECT = Path(__file__).parents[1]


def load_script():
    path = PROJECT / "packaging" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def translations():
    return load_script()


@pytest.fixture(scope="module")
def messages(translations):
    return [message for message in translations.extract() if message.id]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_is_marked():
    found = [text.shown for place, tree in sources() for text in unmarked(place, tree)]
    assert found == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("label.setText('Copy link')", 1),
        ("label.setText(f'{count} links')", 1),
        ("TITLES = {Kind.A: 'Cancel'}", 1),
        ("label.setText(_('Copy link'))", 0),
        ("_('{name} links').format(name=a if b else 'no name')", 1),
        ("ngettext('1 link', '{count} links', count)", 0),
        ("log.warning('The link is lost')", 0),
        ("raise ValueError('The link is lost')", 0),
        ("scope.start(run(), name='copy link')", 0),
        ("def f():\n    'Copy the link.'", 0),
        ("_COPY = 'copy link'\nscope.cancel(_COPY)", 0),
    ],
)
def test_the_search_would_notice(source, count):
    assert len(unmarked("module.py", ast.parse(source))) == count


def test_what_looks_like_a_text():
    assert all(map(is_text, ("Cancel", "&Help", "in \0", "Save…", "no link", "\0 links", "7 days")))
    assert not any(map(is_text, ("customer_key", "Ctrl+N", "SELECT a FROM b", "a-b", "QLabel")))


def test_the_template_is_up_to_date(translations):
    """If this fails: `.venv/bin/python packaging/translations.py`."""
    assert translations.TEMPLATE.read_text("utf-8") == translations.template()


def test_the_forms_of_a_plural_have_the_same_placeholders(messages):
    """The form for one may leave out the number."""
    for message in messages:
        if isinstance(message.id, tuple):
            one, many = map(placeholders, message.id)
            assert one | {"count"} == many | {"count"}, message.id


def is_set(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []


def test_nothing_hides_the_function():
    """A variable with its name would hide it in the whole function."""
    hidden = [
        f"{place}:{node.lineno}"
        for place, tree in sources()
        if re.search(r"\.texts import _\b", ast.unparse(tree))
        for node in ast.walk(tree)
        for target in targets(node)
        if "_" in {each.id for each in ast.walk(target) if is_set(each)}
    ]
    assert hidden == []


@pytest.mark.parametrize("right_to_left", [False, True])
def test_a_pseudo_translation_keeps_what_programs_read(translations, messages, right_to_left):
    catalog = GNUTranslations(BytesIO(translations.pseudo(right_to_left=right_to_left)))
    for message in messages:
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        shown = catalog.ngettext(*message.id, 1) if one != message.id else catalog.gettext(one)
        assert placeholders(shown) == placeholders(one)
        assert shown.count("&") == one.count("&")
        assert shown.startswith("⟦") or one == "LTR"


def test_english_needs_no_gettext():
    code = "import sys, seam_portal_desktop.texts; print('gettext' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_english_as_it_is():
    assert texts._("Copy link") == "Copy link"
    assert [texts.ngettext("1 link", "{count} links", n) for n in (0, 1, 2)] == [
        "{count} links",
        "1 link",
        "{count} links",
    ]
    assert not texts.is_right_to_left()


def test_the_catalog_of_the_environment(translations, tmp_path):
    """The language is chosen at the import, before the first text."""
    catalog = tmp_path / "pseudo.mo"
    catalog.write_bytes(translations.pseudo(right_to_left=True))
    code = "from seam_portal_desktop.texts import _, is_right_to_left; print(is_right_to_left())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        env={texts.CATALOG_VARIABLE: str(catalog)},
    )
    assert done.stdout == "True\n", done.stderr
