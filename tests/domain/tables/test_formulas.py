"""Texts that a spreadsheet would compute get an apostrophe, which is taken off again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.tables.formulas import restored, without_formula

TEXTS = st.text() | st.text(alphabet="' =+-@\t\r\n\ufeff＝1a")


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+49 30 23125 000", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1"),
        *("＠x", "  =1", "\u00a0=1", "\ufeff=1", "\u200b@x", "\0=1", "'=1"),
    ],
)
def test_a_formula_gets_an_apostrophe(text):
    assert without_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a", "1", "a=1", "'", "'t Hof", "  a", "O'Hara", "4-5"])
def test_other_texts_stay_as_they_are(text):
    assert without_formula(text) == text
    assert restored(text) == text


@given(TEXTS)
def test_every_text_is_restored(text):
    assert restored(without_formula(text)) == text


@given(TEXTS)
def test_what_is_written_never_starts_a_formula(text):
    written = without_formula(text)
    assert not written.startswith(("\t", "\r", "\n"))
    assert not written.lstrip().startswith(tuple("=+-@＝＋－＠"))
