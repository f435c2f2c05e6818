"""HTML is taken apart as browsers do it, and hostile HTML in a short time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.tables.html_table import read_html
from seam_portal_desktop.domain.tables.html_tokens import TokenKind, html_tokens


def _shown(html: str) -> list[object]:
    shown: list[object] = []
    for token in html_tokens(html):
        if token.kind is TokenKind.START:
            shown.append((token.value, token.attributes()))
        else:
            shown.append(token.value if token.kind is TokenKind.TEXT else f"/{token.value}")
    return shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<TD Class=a colspan = '2'>x</TD >", [("td", {"class": "a", "colspan": "2"}), "x", "/td"]),
        ('<td a="<b>" c>', [("td", {"a": "<b>", "c": ""})]),
        ("<td a=&quot;1&quot;/>", [("td", {"a": '"1"/'})]),
        ("<br/>", [("br", {})]),
        ('<td 5">x', [("td", {'5"': ""}), "x"]),
        ("a < b &amp;lt; c", ["a ", "<", " b &lt; c"]),
        ("a<!-- <td> -->b<![if x]>c<?xml ?>d", ["a", "b", "c", "d"]),
        ("<script>if (a<b) '<td>'</SCRIPT>x", [("script", {}), "/script", "x"]),
        ("a<!-- never closed <td>", ["a"]),
    ],
)
def test_tags_and_texts(html: str, shown: list[object]) -> None:
    assert _shown(html) == shown


@given(st.text("<>/!-=\"' atd", max_size=40))
def test_any_text_has_tokens(html: str) -> None:
    assert len(_shown(html)) <= len(html)


@pytest.mark.parametrize("part", ["<a ", "<!--", "<!", "<td a='", '<td a="', "</", "<script>", "<"])
def test_unclosed_tags_take_no_minutes(part: str) -> None:
    """html.parser took 157 seconds for the first one."""
    html = "<table><tr><td>a</td></tr>" + part * 20_000
    sheet = read_html(html)
    assert sheet is not None
    assert sheet.rows[0][0] == "a"


def test_a_cell_over_several_rows_counts_for_each_of_them() -> None:
    html = (
        "<table><tr><td rowspan=2>101<td>a<td>x<tr><td>b<td>y"
        "<tr><td rowspan=2>102<td>c<td rowspan=2>z<tr>"
        "<tr><td>103<td rowspan=2>d<td>v<tr style='display:none'><td>104<tr><td>105<td>e<td>w"
        "</table>"
    )
    sheet = read_html(html)
    assert sheet is not None
    assert list(sheet.rows) == [
        ("101", "a", "x"),
        ("101", "b", "y"),
        ("102", "c", "z"),
        ("",),
        ("103", "d", "v"),
        ("105", "e", "w"),
    ]
