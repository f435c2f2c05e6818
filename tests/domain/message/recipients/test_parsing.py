"""Recipients as people type and paste them."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.message.recipients.parsing import parse_recipients
from seam_portal_desktop.domain.message.recipients.problems import RecipientProblemKind

A = "ann@example.com"
B = "bob@example.com"
ANN = [(A, "")]
ANN_MILLER = [(A, "Ann Miller")]
MILLER_ANN = [(A, "Miller, Ann")]
BOTH = [(A, ""), (B, "")]
BOTH_NAMED = [(A, "Ann Miller"), (B, "Bob Stone")]


def has_errors(parsed) -> bool:
    return any(problem.kind.is_error for problem in parsed.problems)


GOOD = [
    # Nothing
    ("", []),
    (" ,;\n\t ", []),
    (",,,;;;\r\n\r\n", []),
    # One address
    (A, ANN),
    (f"  {A}  ", ANN),
    (f"{A},", ANN),
    (f"{A};", ANN),
    (f"{A}\n", ANN),
    (f"{A}.", ANN),
    (f"\u00a0{A}\u00a0", ANN),
    (f"<{A}>", ANN),
    (f'"{A}"', ANN),
    (f"'{A}'", ANN),
    (f"“{A}”", ANN),
    (f"({A})", ANN),
    (f"[{A}]", ANN),
    (f"`{A}`", ANN),
    (f"<{A}", ANN),
    (f"{A}>", ANN),
    ("ann@EXAMPLE.COM", ANN),
    ("ANN@example.com", [("ANN@example.com", "")]),
    ("ann＠example．com", ANN),
    ("ann.miller+portal@mail.example.com", [("ann.miller+portal@mail.example.com", "")]),
    ("o'brien@example.com", [("o'brien@example.com", "")]),
    ("ann_miller-1@example.co.uk", [("ann_miller-1@example.co.uk", "")]),
    ("a/b@example.com", [("a/b@example.com", "")]),
    # Links and labels
    (f"mailto:{A}", ANN),
    (f"MAILTO:{A}?subject=Hello%20Ann", ANN),
    (f"mailto:{A}?subject=Hi,%20Ann;you", ANN),
    (f"<mailto:{A}>", ANN),
    (f"{A}<mailto:{A}>", ANN),
    (f"{A} <mailto:{A}>", ANN),
    (f"Ann Miller<mailto:{A}>", ANN_MILLER),
    (f"Ann Miller [mailto:{A}]", ANN_MILLER),
    (f"[Ann Miller](mailto:{A})", ANN_MILLER),
    (f"[{A}](mailto:{A})", ANN),
    (f"mailto:{A},{B}?subject=Hello", BOTH),
    (f"mailto:{A}%2C{B}".replace("%2C", ";"), BOTH),
    ("mailto:ann%2Bportal@example.com", [("ann+portal@example.com", "")]),
    (f"mailto:{A}, mailto:{B}", BOTH),
    (f'=HYPERLINK("mailto:{A}")', ANN),
    (f"To: {A}", ANN),
    (f"to:{A}", ANN),
    (f"E-Mail: {A}", ANN),
    (f"An: Ann Miller <{A}>", ANN_MILLER),
    (f"Cc: {A}; {B}", BOTH),
    (f"Harbor team: {A}, {B};", BOTH),
    # With a name
    (f"Ann Miller <{A}>", ANN_MILLER),
    (f"Ann Miller<{A}>", ANN_MILLER),
    (f"  Ann   Miller   <{A}>  ", ANN_MILLER),
    (f"Ann Miller < {A} >", ANN_MILLER),
    (f"Ann\u00a0Miller <{A}>", ANN_MILLER),
    (f'"Ann Miller" <{A}>', ANN_MILLER),
    (f"'Ann Miller' <{A}>", ANN_MILLER),
    (f"“Ann Miller” <{A}>", ANN_MILLER),
    (f"„Ann Miller“ <{A}>", ANN_MILLER),
    (f"«Ann Miller» <{A}>", ANN_MILLER),
    (f"Ann Miller {A}", ANN_MILLER),
    (f"Ann Miller - {A}", ANN_MILLER),
    (f"{A} (Ann Miller)", ANN_MILLER),
    (f"{A}(Ann Miller)", ANN_MILLER),
    (f"Ann Miller ({A})", ANN_MILLER),
    (f"{A} - Ann Miller", ANN_MILLER),
    (f"{A} <Ann Miller>", ANN_MILLER),
    (f"<{A}> Ann Miller", ANN_MILLER),
    (f"Ann Miller\n<{A}>", ANN_MILLER),
    (f"Ann Miller <{A}>.", ANN_MILLER),
    (f"Ann Miller <{A}", ANN_MILLER),
    (f"=?utf-8?q?Ann_Miller?= <{A}>", ANN_MILLER),
    (f"=?utf-8?B?SsO8cmdlbg==?= <{A}>", [(A, "Jürgen")]),
    (f'"{A}" <{A}>', ANN),
    (f"{A.upper()} <{A}>", ANN),
    (f'Ann "Annie" Miller <{A}>', [(A, 'Ann "Annie" Miller')]),
    (f'"Ann \\"Annie\\" Miller" <{A}>', [(A, 'Ann "Annie" Miller')]),
    (f"O'Brien, Ann <{A}>", [(A, "O'Brien, Ann")]),
    (f"Ann O’Brien <{A}>", [(A, "Ann O’Brien")]),
    (f"Dr. Ann Miller-Stone <{A}>", [(A, "Dr. Ann Miller-Stone")]),
    (f"Ann (Sales) Miller <{A}>", [(A, "Ann (Sales) Miller")]),
    (f"Jörg Müller <{A}>", [(A, "Jörg Müller")]),
    (f"آن ميلر <{A}>", [(A, "آن ميلر")]),
    (f"安妮 <{A}>", [(A, "安妮")]),
    (f"Ann 🏨 <{A}>", [(A, "Ann 🏨")]),
    # A comma in the name
    (f"Miller, Ann <{A}>", MILLER_ANN),
    (f"Miller,Ann <{A}>", [(A, "Miller,Ann")]),
    (f'"Miller, Ann" <{A}>', MILLER_ANN),
    (f"'Miller, Ann' <{A}>", MILLER_ANN),
    (f"“Miller, Ann” <{A}>", MILLER_ANN),
    (f"Miller, Ann (Sales, Berlin) <{A}>", [(A, "Miller, Ann (Sales, Berlin)")]),
    (f"Miller, Ann, Dr. <{A}>", [(A, "Miller, Ann, Dr.")]),
    (f"Miller, Ann <{A}>; Stone, Bob <{B}>", [(A, "Miller, Ann"), (B, "Stone, Bob")]),
    (f"Miller, Ann <{A}>, Stone, Bob <{B}>", [(A, "Miller, Ann"), (B, "Stone, Bob")]),
    (f"Miller, Ann <{A}>\nStone, Bob <{B}>", [(A, "Miller, Ann"), (B, "Stone, Bob")]),
    (f"{B}, Miller, Ann <{A}>", [(B, ""), (A, "Miller, Ann")]),
    (f'{A} ("Miller, Ann")', MILLER_ANN),
    # Several, with every separator
    (f"{A},{B}", BOTH),
    (f"{A}, {B}", BOTH),
    (f"{A};{B}", BOTH),
    (f"{A}; {B};", BOTH),
    (f"{A}\n{B}", BOTH),
    (f"{A}\r\n{B}\r\n", BOTH),
    (f"{A}\r{B}", BOTH),
    (f"{A}\t{B}", BOTH),
    (f"{A} {B}", BOTH),
    (f"{A},\n{B}", BOTH),
    (f"{A} ; {B} , ", BOTH),
    (f"{A},,;{B}", BOTH),
    (f"{A}，{B}", BOTH),
    (f"{A}；{B}", BOTH),
    (f"{A}、{B}", BOTH),
    (f"{A}\u2028{B}", BOTH),
    (f"{A} / {B}", BOTH),
    (f"{A}/{B}", BOTH),
    (f"{A} | {B}", BOTH),
    (f"{A}|{B}", BOTH),
    (f"{A} and {B}", BOTH),
    (f"{A} & {B}", BOTH),
    (f"{A} und {B}", BOTH),
    (f"<{A}> <{B}>", BOTH),
    (f"<{A}><{B}>", BOTH),
    (f"Ann Miller <{A}> Bob Stone <{B}>", BOTH_NAMED),
    (f"Ann Miller <{A}>; Bob Stone <{B}>", BOTH_NAMED),
    (f"Ann Miller <{A}>, Bob Stone <{B}>", BOTH_NAMED),
    (f"Ann Miller {A}; Bob Stone {B}", BOTH_NAMED),
    (f"Ann Miller {A}\nBob Stone {B}", BOTH_NAMED),
    (f"{A} (Ann Miller), {B} (Bob Stone)", BOTH_NAMED),
    (f'"Ann Miller" <{A}>,"Bob Stone" <{B}>', BOTH_NAMED),
    (f"'{A}'; '{B}'", BOTH),
    # Lists and tables
    (f"• {A}\n• {B}", BOTH),
    (f"- {A}\n- {B}", BOTH),
    (f"* {A}\n* {B}", BOTH),
    (f"1. {A}\n2. {B}", BOTH),
    (f"1) Ann Miller <{A}>\n2) Bob Stone <{B}>", BOTH_NAMED),
    (f"> {A}\n> {B}", BOTH),
    (f"Ann Miller\t{A}", ANN_MILLER),
    (f"{A}\tAnn Miller", ANN_MILLER),
    (f"Ann Miller\t{A}\nBob Stone\t{B}\n", BOTH_NAMED),
    (f"7\tAnn Miller\t+1 202 555 0101\t{A}\n8\tBob Stone\t\t{B}", BOTH_NAMED),
    (f"Ann Miller,{A}\nBob Stone,{B}", BOTH_NAMED),
    (f"Ann Miller;{A}\r\nBob Stone;{B}", BOTH_NAMED),
    (f'"Ann Miller","{A}"\n"Bob Stone","{B}"', BOTH_NAMED),
    (f"Name,E-mail\nAnn Miller,{A}\nBob Stone,{B}", BOTH_NAMED),
    (f"E-Mail;Name\n{A};Ann Miller", ANN_MILLER),
    (f'"Miller, Ann";{A}\n"Stone, Bob";{B}', [(A, "Miller, Ann"), (B, "Stone, Bob")]),
    # International domains
    ("ann@bücher.example", [("ann@bücher.example", "")]),
    ("ann@BÜCHER.example", [("ann@bücher.example", "")]),
    ("ann@xn--bcher-kva.example", [("ann@bücher.example", "")]),
    ("ann@münchen。example", [("ann@münchen.example", "")]),
    ("ann@straße.example", [("ann@straße.example", "")]),
    ("ann@пример.рф", [("ann@пример.рф", "")]),
    ("ann@例え.jp", [("ann@例え.jp", "")]),
]


@pytest.mark.parametrize(("text", "expected"), GOOD)
def test_recipients_are_understood(text, expected):
    parsed = parse_recipients(text)
    assert [(each.address, each.name) for each in parsed.addresses] == expected
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("text", "sentence", "suggestion"),
    [
        ("ann", "“ann” is no e-mail address, such as ann@example.com.", None),
        ("https://example.com/ann", "“https://example.com/ann” is no e-mail address,", None),
        ("+1 202 555 0101", "“+1 202 555 0101” is no e-mail address,", None),
        ("ann (at) example.com", "“ann (at) example.com” is no e-mail address.", A),
        ("ann [at] example [dot] com", "“ann [at] example [dot] com” is no", A),
        ("ann at example dot com", "“ann at example dot com” is no e-mail address.", A),
        ("@example.com", "“@example.com” has nothing before the @.", None),
        ("ann@", "“ann@” has nothing after the @.", None),
        ("@", "“@” has nothing before the @.", None),
        ("ann@.", "“ann@” has nothing after the @.", None),
        ("ann@@example.com", "“ann@@example.com” has more than one @.", A),
        ("ann@home@example.com", "“ann@home@example.com” has more than one @.", None),
        ("ann @example.com", "“ann @example.com” has a space in it.", A),
        ("ann@ example.com", "“ann@ example.com” has a space in it.", A),
        (".ann@example.com", "“.ann@example.com” has a dot too many.", A),
        ("ann.@example.com", "“ann.@example.com” has a dot too many.", A),
        ("ann@.example.com", "“ann@.example.com” has a dot too many.", A),
        ("ann@example..com", "“ann@example..com” has a dot too many.", A),
        ("ann@example,com", "“ann@example,com” has a comma in it.", A),
        ("ann@example", "“ann@example” has no ending such as .com after the @.", None),
        ("ann@gmail", "“ann@gmail” has no ending such as .com", "ann@gmail.com"),
        ("ann@gmailcom", "“ann@gmailcom” has no ending such as .com", "ann@gmail.com"),
        ("ann@localhost", "“ann@localhost” has no ending such as .com", None),
        ("ann@harbor.local", "Mail to “ann@harbor.local” stays inside of a company’s", None),
        ("ann@mail.corp", "Mail to “ann@mail.corp” stays inside of a company’s", None),
        ("ann@192.0.2.1", "Mail to “ann@192.0.2.1” stays inside of a company’s", None),
        ("ann@[192.0.2.1]", "“ann@[192.0.2.1]” names a computer by its number", None),
        ("ann@exa_mple.com", "“ann@exa_mple.com” is no e-mail address, such as", None),
        ("ann@-example.com", "“ann@-example.com” is no e-mail address, such as", None),
        ("ann@exa mple@com", "“ann@exa” has no ending such as .com after the @.", None),
        ("a" * 65 + "@example.com", "An address has up to 64 characters before the @.", None),
        ("ü" * 33 + "@example.com", "An address has up to 64 characters before the @.", None),
        ("a@" + "b" * 64 + ".com", "“a@bbb", None),
        ("a@" + "b." * 130 + "com", "An address has up to 254 characters. This one has", None),
        ("a@" + "ü" * 600, "An address has up to 254 characters. This one has 602.", None),
        (f'<a href="mailto:{A}">Ann</a>', "“a href=", A),
    ],
)
def test_what_is_no_address_says_why(text, sentence, suggestion):
    parsed = parse_recipients(text)
    assert has_errors(parsed)
    first = parsed.problems[0]
    assert first.kind is RecipientProblemKind.UNREADABLE
    assert first.sentence.startswith(sentence)
    assert first.suggestion == suggestion
    assert "ann" in text[first.start : first.end] or not parsed.addresses


def test_a_name_before_a_comma_may_be_another_recipient():
    text = f"{B}; Ann Miller, {A}"
    parsed = parse_recipients(text)
    assert [each.address for each in parsed.addresses] == [B, A]
    (problem,) = parsed.problems
    assert problem.sentence == "Is “Ann Miller” the name of the next address?"
    assert text[problem.start : problem.end] == f"Ann Miller, {A}"
    assert problem.suggestion == f"Ann Miller <{A}>"
    (lone,) = parse_recipients(f"bob, {A}").problems
    assert (lone.kind, lone.suggestion) == (RecipientProblemKind.UNREADABLE, None)


@pytest.mark.parametrize(
    ("text", "kind", "address"),
    [
        (f"a\u200bnn@example.com, {B}", RecipientProblemKind.CLEANED, A),
        (f"\u202a{A}\u202c", RecipientProblemKind.CLEANED, A),
        (f"\ufeff{A}", RecipientProblemKind.CLEANED, A),
        (f"A\u00adnn Miller <{A}>", RecipientProblemKind.CLEANED, A),
        (f"{A}, Ann@Example.com", RecipientProblemKind.DUPLICATE, "Ann@example.com"),
        ("ann@bücher.example; ann@xn--bcher-kva.example", RecipientProblemKind.DUPLICATE, None),
        ("jörg@example.com", RecipientProblemKind.NOT_ASCII, "jörg@example.com"),
        ("安@example.com", RecipientProblemKind.NOT_ASCII, "安@example.com"),
    ],
)
def test_what_is_no_mistake_is_still_said(text, kind, address):
    parsed = parse_recipients(text)
    assert [each.kind for each in parsed.problems] == [kind]
    assert not has_errors(parsed)
    assert address is None or parsed.problems[0].address == address


def test_the_first_of_two_equal_addresses_stays_with_the_name_of_the_second():
    parsed = parse_recipients(f"{A}; {B}; Ann Miller <ANN@example.com>")
    assert [(each.address, each.name) for each in parsed.addresses] == [(A, "Ann Miller"), (B, "")]


@pytest.mark.parametrize(
    ("text", "real", "meant"),
    [
        ("ann@pаypal.com", "xn--pypal-4ve.com", "ann@paypal.com"),  # Cyrillic а
        ("ann@аррӏе.com", "xn--80ak6aa92e.com", "ann@apple.com"),  # all of it
        ("ann@ехample.com", "xn--ample-ywe6i.com", "ann@example.com"),
        ("ann@gοogle.com", "xn--gogle-rce.com", "ann@google.com"),
        ("ann@bücherж.example", None, None),
    ],
)
def test_letters_of_another_script_are_called_out(text, real, meant):
    (problem,) = parse_recipients(text).problems
    assert problem.kind is RecipientProblemKind.LOOK_ALIKE
    assert problem.kind.is_question
    assert problem.suggestion == meant
    assert real is None or f"Its real name is {real}." in problem.sentence


def test_a_name_that_is_another_address_is_called_out():
    (problem,) = parse_recipients(f"director@harbor.example <{A}>").problems
    assert problem.kind is RecipientProblemKind.OTHER_NAME
    assert problem.sentence == (
        f"The name “director@harbor.example” is an address, but the message goes to {A}."
    )
