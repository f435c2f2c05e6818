"""Messages as bytes, read back by parsers that aren't ours."""

from __future__ import annotations

import base64
import email
import quopri
import re
import unicodedata
from datetime import datetime, timedelta, timezone
from email import policy
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.mime import (
    UnwritableAddressError,
    build_draft,
    build_message,
    needs_smtputf8,
    new_message_id,
    read_message,
)
from seam_portal_desktop.domain.message.sender import MailAccount, SenderIdentity
from seam_portal_desktop.domain.message.template import InlineImage, RenderedMessage

DATE = datetime(2026, 12, 1, 14, 35, 7, 123, tzinfo=timezone(timedelta(hours=1)))
MESSAGE_ID = "<0123456789abcdef@example.com>"
URL = "https://portal.example.com/portals/0b0e?token=seam_cst_made_up&x=1"
PICTURE = InlineImage("logo", "image/png", bytes(range(256)) * 3, "A logo")


def make_sender(address: str = "desk@example.com", **changes) -> SenderIdentity:
    mail = MailAddress(address, changes.pop("name", "Acme Stays"))
    account = MailAccount("mail.example.com", 587)
    return SenderIdentity("sender", "workspace", mail, account, **changes)


def to(*addresses: str | MailAddress) -> Recipients:
    return Recipients(
        tuple(MailAddress(each) if isinstance(each, str) else each for each in addresses)
    )


def build(
    rendered: RenderedMessage | None = None,
    sender: SenderIdentity | None = None,
    recipients: Recipients | None = None,
) -> bytes:
    return build_message(
        rendered or RenderedMessage("A link", f"Your link:\n{URL}\n"),
        sender or make_sender(),
        recipients or to("ann@example.com"),
        message_id=MESSAGE_ID,
        date=DATE,
    )


def header_lines(message: bytes) -> dict[str, str]:
    """The headers as RFC 5322 unfolds them, read by hand. Fails for one that is there twice."""
    head = message.partition(b"\r\n\r\n")[0].decode("utf-8")
    found: dict[str, str] = {}
    for line in re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n"):
        name, colon, value = line.partition(": ")
        assert colon, line
        assert re.fullmatch(r"[A-Za-z-]+", name), line
        assert name not in found
        found[name] = value
    return found


def strictly_decoded(text: str) -> str:
    """A reader of RFC 2047 by its letter: fails where a word breaks a rule of it."""
    if "=?" not in text:
        return text
    decoded = ""
    for word in text.split(" "):
        assert len(word) <= 75
        found = re.fullmatch(r"=\?UTF-8\?([BQ])\?([!->@-~]+)\?=", word)
        assert found, word
        raw = (
            base64.b64decode(found[2], validate=True)
            if found[1] == "B"
            else quopri.decodestring(found[2].encode(), header=True)
        )
        decoded += raw.decode("utf-8")  # strict: a character in two words fails
    return decoded


def as_line(text: str) -> str:
    """What may become of a text: nothing but line breaks and controls is replaced."""
    return "".join(
        " " if unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} else each for each in text
    )


def assert_subject_arrives(message: bytes, subject: str) -> None:
    raw = header_lines(message)["Subject"]
    assert strictly_decoded(raw) == subject
    assert str(make_header(decode_header(raw))) == subject
    assert email.message_from_bytes(message, policy=policy.default)["Subject"] == subject
    assert read_message(message).subject == subject


def assert_sound_on_the_wire(message: bytes) -> None:
    assert message.endswith(b"\r\n")
    lines = message[:-2].split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line or b"\0" in line for line in lines)
    assert max(map(len, lines)) <= 78
    assert message.isascii()
    body = message.partition(b"\r\n\r\n")[2]
    assert not re.search(rb"[ \t]\r\n", body), "servers may drop spaces at the ends of lines"


SUBJECTS = [
    "Your portal is ready",
    "Acme Stays: Ihr Portal ist bereit – Schlüssel für Größe übermäßig ähnlich",
    "Votre accès à l’hôtel « Côté Mer » est prêt, à bientôt à Orléans",
    "Il tuo portale è pronto: perché così è più facile",
    "Su portal está listo: ¡mañana será otro día en A Coruña!",
    "O seu portal está pronto: informação e ligação às coisas de São João",
    "Uw portaal is klaar: één überhaupt geïnteresseerde reünie",
    "Η πύλη σας είναι έτοιμη και περιμένει να την ανοίξετε σήμερα",
    "Państwa portal jest gotowy: zażółć gęślą jaźń w Łodzi",
    "Ваш портал готов: съешь ещё этих мягких французских булок",
    "🏨 Harbor Hotel 🏳️‍🌈 👩‍👩‍👧‍👦 – your keys 🔑🔑🔑",
    "البوابة جاهزة: فندق الميناء Harbor ١٢٣",
    "פורטל מלון הנמל מוכן עכשיו Harbor 123",
    "東京ホテルのポータルの準備ができました。どうぞご利用ください。",
    "Décomposé: e\u0301a\u0300u\u0308 with combining marks",
    "",
    " ",
    "  two spaces  in front,  within and behind  ",
    "=?UTF-8?Q?looks_encoded?= already",
    "word " * 60 + "end",
    "x" * 2000,
    "é" * 1000,
    "ends in a question mark?=",
    "_underscores_ and = and ? é",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects_of_any_language_arrive_letter_for_letter(subject):
    message = build(RenderedMessage(subject, "Text"))
    assert_sound_on_the_wire(message)
    assert_subject_arrives(message, subject)


def test_no_plausible_accented_subject_loses_a_space():
    names = ["Hôtel de la Forêt", "Åsgård", "Müller & Söhne", "Señor Peña", "Zoë", "Łódź 3",
             "Café", "Nuñez", "Háčkovice", "Çeşme"]  # fmt: skip
    words = ["Your portal for {} is ready", "{}: Ihr Portal ist bereit", "Accès pour {} prêt",
             "Portal {} – está listo mañana", "{} ({})", "Re: {} and {}, again"]  # fmt: skip
    companies = ["", "Acme Stays: ", "Gästehaus am Hafen und an der Küste: ", "Hôtels réunis – ",
                 "A company with a rather long name in ASCII only: ", "É "]  # fmt: skip
    for name, word, company in product(names, words, companies):
        subject = company + word.format(name, name)
        assert_subject_arrives(build(RenderedMessage(subject, "Text")), subject)


@given(st.text(max_size=300))
@example("a\r\nBcc: eve@example.com")
@example("a\u2028b\u2029c\x85d\x00e\x0bf")
@example("\ud800")
def test_any_subject_is_one_header_and_arrives(subject):
    message = build(RenderedMessage(subject, "Text"))
    assert_sound_on_the_wire(message)
    assert set(header_lines(message)) == {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    }  # fmt: skip
    assert strictly_decoded(header_lines(message)["Subject"]) == as_line(subject)


def people_in(message: bytes, name: str) -> list[tuple[str, str]]:
    """Names and addresses, by the standard library; the names decoded by the strict reader."""
    found = getaddresses([header_lines(message)[name]])
    return [(strictly_decoded(person), address) for person, address in found]


NAMES = [
    "Ann Example",
    "Example, Ann",
    'Ann "Annie" Example',
    "Ann (Acme) Example",
    "Ann \\ Example",
    "Müller, Jürgen (Büro) <x@example.com>",
    "Анна Примерова",
    "=?UTF-8?Q?x?=",
    "a;b:c@d.e[f]",
    "Ann\r\nBcc: eve@example.com",
    "x" * 500,
    "é" * 300,
    "ענת לדוגמה",
    "山田 太郎 🏨",
    "Two  spaces é  here",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_arrive(name):
    people = Recipients(
        (MailAddress("ann@example.com", name), MailAddress("bob@example.com", "Bob")),
        (MailAddress("cy@example.com", name),),
    )
    sender = make_sender(name=name, reply_to=MailAddress("help@example.com", name))
    message = build(sender=sender, recipients=people)
    assert_sound_on_the_wire(message)
    line = as_line(name)
    assert people_in(message, "From") == [(line, "desk@example.com")]
    assert people_in(message, "Reply-To") == [(line, "help@example.com")]
    assert people_in(message, "To") == [(line, "ann@example.com"), ("Bob", "bob@example.com")]
    assert people_in(message, "Cc") == [(line, "cy@example.com")]
    parsed = email.message_from_bytes(message, policy=policy.default)
    assert [each.addr_spec for each in parsed["To"].addresses] == [
        "ann@example.com",
        "bob@example.com",
    ]
    assert [each.name for each in read_message(message).recipients.to] == [line, "Bob"]


@given(st.lists(st.text(max_size=80), min_size=1, max_size=6))
def test_any_names_leave_the_addresses_as_they_are(names):
    people = [MailAddress(f"guest{number}@example.com", name) for number, name in enumerate(names)]
    message = build(recipients=to(*people), sender=make_sender(name=names[0]))
    assert_sound_on_the_wire(message)
    assert people_in(message, "To") == [
        (as_line(each.name).strip(), each.address) for each in people
    ]
    assert "Bcc" not in header_lines(message)


def test_many_recipients_are_folded():
    people = [MailAddress(f"guest{number}@example.com") for number in range(200)]
    message = build(recipients=to(*people))
    assert_sound_on_the_wire(message)
    assert [address for _name, address in people_in(message, "To")] == [
        each.address for each in people
    ]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "@example.com",
        "ann@",
        "ann@example.com\r\nBcc: eve@example.com",
        "ann\r\nBcc: eve@example.com",
        "ann\n@example.com",
        "ann@exa\rmple.com",
        "ann\0@example.com",
        "ann\u2028@example.com",
        "ann\x85@example.com",
        "ann@example.com, eve@example.com",
        "ann@example.com>",
        "<ann@example.com",
        "ann eve@example.com",
        "ann@exam ple.com",
        '"a\nb"@example.com',
        '"a"b"@example.com',
        "ann,eve@example.com",
        "ann@[1.2.3.4\r\n]",
        "\ud800@example.com",
        "a" * 400 + "@example.com",
    ],
)
def test_a_text_that_is_no_address_is_refused(address):
    for sender, recipients in [
        (make_sender(address), None),
        (make_sender(reply_to=MailAddress(address)), None),
        (None, to(address)),
        (None, Recipients(cc=(MailAddress(address),))),
    ]:
        with pytest.raises(UnwritableAddressError) as raised:
            build(sender=sender, recipients=recipients)
        assert not address or address not in raised.value.details()
    with pytest.raises(UnwritableAddressError):
        build_draft(
            RenderedMessage("a", "b"), None, Recipients(bcc=(MailAddress(address),)), date=DATE
        )


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_address_is_refused_or_one_header(local, domain):
    try:
        message = build(recipients=to(f"{local}@{domain}"))
    except UnwritableAddressError:
        return
    names = set(header_lines(message))
    assert names == set(header_lines(build()))
    assert len(getaddresses([header_lines(message)["To"]])) == 1


def test_domains_of_other_scripts_are_in_ascii():
    message = build(sender=make_sender("desk@Bücher.example"), recipients=to("ann@пример.example"))
    assert_sound_on_the_wire(message)
    assert people_in(message, "To")[0][1] == "ann@xn--e1afmkfd.example"
    assert people_in(message, "From")[0][1] == "desk@xn--bcher-kva.example"
    assert re.fullmatch(
        r"<[0-9a-f]{32}@xn--bcher-kva\.example>", new_message_id(make_sender("desk@Bücher.example"))
    )
    assert new_message_id(make_sender()) != new_message_id(make_sender())


def test_a_local_part_of_another_script_stays_and_needs_smtputf8():
    assert needs_smtputf8("анна@example.com")
    assert not needs_smtputf8("ann@bücher.example")
    message = build(recipients=to("анна@example.com"))
    assert header_lines(message)["To"] == "анна@example.com"


def test_who_gets_it():
    people = Recipients(bcc=(MailAddress("secret@example.com", "Secret"),))
    message = build(recipients=people)
    assert header_lines(message)["To"] == "undisclosed-recipients:;"
    everyone = Recipients(
        (MailAddress("ann@example.com"),),
        (MailAddress("bob@example.com"),),
        (MailAddress("secret@example.com"),),
    )
    shown = build(recipients=everyone)
    for each in (message, shown):
        assert b"secret" not in each.lower()
        assert "Bcc" not in header_lines(each)
    assert list(header_lines(shown)) == [
        "From", "To", "Cc", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    ]  # fmt: skip


def test_date_and_message_id():
    found = header_lines(build())
    assert found["Date"] == "Tue, 01 Dec 2026 13:35:07 +0000"
    assert parsedate_to_datetime(found["Date"]) == DATE.replace(microsecond=0)
    assert found["Message-ID"] == MESSAGE_ID
    for bad in ("0123@example.com", "<a b@example.com>", "<a@b>\r\nBcc: <c@d>", "<é@example.com>"):
        with pytest.raises(ValueError, match="Message-ID"):
            build_message(RenderedMessage("a", "b"), make_sender(), to(), message_id=bad, date=DATE)
    with pytest.raises(ValueError, match="time zone"):
        build_message(
            RenderedMessage("a", "b"),
            make_sender(),
            to(),
            message_id=MESSAGE_ID,
            date=datetime(2026, 12, 1),  # noqa: DTZ001
        )


def test_nothing_of_this_computer_is_in_it(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "operators-computer")
    monkeypatch.setattr("socket.getfqdn", lambda *_name: "operators-computer.internal")
    monkeypatch.setenv("USER", "operator-name")
    rendered = RenderedMessage("a", "b", "<p>c</p>", images=(PICTURE,))
    for message in (
        build(rendered),
        build_draft(rendered, make_sender(), to("a@example.com"), date=DATE),
    ):
        assert b"operators-computer" not in message
        assert b"operator-name" not in message
        assert b"Agent" not in message
        assert b"Mailer" not in message
    assert "operators-computer" not in new_message_id(make_sender())


def part_of(message: bytes, kind: str) -> email.message.EmailMessage:
    parsed = email.message_from_bytes(message, policy=policy.default)
    return next(part for part in parsed.walk() if part.get_content_type() == kind)


def test_text_html_and_pictures_arrive():
    html = f'<!DOCTYPE html>\n<p>Größe <img src="cid:logo"><a href="{URL}">Open</a></p>'
    rendered = RenderedMessage("A link", f"Größe\n{URL}\n", html, images=(PICTURE,))
    message = build(rendered)
    assert_sound_on_the_wire(message)
    parsed = email.message_from_bytes(message, policy=policy.default)
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    assert not parsed.defects
    picture = part_of(message, "image/png")
    assert picture.get_content() == PICTURE.content
    assert picture["Content-ID"] == "<logo>"
    assert picture.get_filename() == "picture1.png"
    read = read_message(message)
    assert (read.text, read.html) == (rendered.text, html)
    assert read.images == (InlineImage("logo", "image/png", PICTURE.content),)
    assert read.recipients == to("ann@example.com")
    assert read.sender == MailAddress("desk@example.com", "Acme Stays")
    assert read.date == DATE.replace(microsecond=0)
    assert read.message_id == MESSAGE_ID


@pytest.mark.parametrize("change", [{"content_id": "a>\r\nX: b"}, {"media_type": "text/html"}])
def test_a_picture_can_not_bring_headers(change):
    picture = InlineImage(
        **({"content_id": "a", "media_type": "image/png", "content": b""} | change)
    )
    with pytest.raises(ValueError, match="picture"):
        build(RenderedMessage("a", "b", "<p>c</p>", images=(picture,)))


LAST = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
ADDRESS_SIGNS = st.text(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%",
    min_size=0,
    max_size=1200,
)


@st.composite
def urls(draw) -> str:
    start = "https://portal.example.com/portals/0?t="
    text = start + draw(ADDRESS_SIGNS)
    return text[:1199] + draw(LAST)


@given(urls(), st.text(max_size=200), st.sampled_from(["", "Größe ", "Вот ваша ссылка " * 20]))
@settings(max_examples=200)
@example("https://portal.example.com/portals/0?t=" + "=" * 1161, "From me\nFrom you\n.\n..", "")
@example("https://portal.example.com/" + "a" * 48 + "\N{GREEK SMALL LETTER ALPHA}", " \n\t\n ", "")
def test_links_and_texts_arrive_in_both_bodies(url, words, start):
    text = f"{start}{words}\n{url}\n{words}"
    html = f"<p>{start}</p>\r\n<a href='{url}'>{words}</a>"
    message = build(RenderedMessage("A link", text, html))
    assert_sound_on_the_wire(message)
    assert not re.search(rb"^(From |\.)", message.partition(b"\r\n\r\n")[2], re.MULTILINE)
    expected = re.sub(r"\r\n|\r|\n", "\r\n", text)
    for kind, wanted in [
        ("text/plain", expected),
        ("text/html", re.sub(r"\r\n|\r|\n", "\r\n", html)),
    ]:
        part = part_of(message, kind)
        assert part.get_payload(decode=True).decode() == wanted
        raw = part.get_payload()
        if part["Content-Transfer-Encoding"] == "quoted-printable":
            assert quopri.decodestring(raw.encode()).decode() == wanted
    read = read_message(message)
    assert url in read.text.split("\n") or "\r" in words


def test_a_draft_has_bcc_and_is_not_sent():
    people = Recipients(
        (MailAddress("ann@example.com", "Ann"),), (), (MailAddress("secret@example.com", "Größe"),)
    )
    rendered = RenderedMessage("Größe", "Text", '<img src="cid:logo">', images=(PICTURE,))
    draft = build_draft(rendered, make_sender(), people, date=DATE)
    assert_sound_on_the_wire(draft)
    assert header_lines(draft)["X-Unsent"] == "1"
    assert "Message-ID" not in header_lines(draft)
    assert people_in(draft, "Bcc") == [("Größe", "secret@example.com")]
    assert_subject_arrives(draft, "Größe")
    assert part_of(draft, "image/png").get_content() == PICTURE.content
    assert "From" not in header_lines(build_draft(rendered, None, people, date=DATE))


@given(st.binary(max_size=2000))
@example(b"Subject: =?UTF-8?B?!?=\r\nDate: x\r\nTo: \xff <\r\n\r\n")
@example(b"Content-Type: text/plain; charset=nonsense\r\n\r\nx")
def test_a_damaged_message_is_read_as_far_as_it_goes(content):
    read_message(content)
    read_message(build()[: len(content)] + content)
