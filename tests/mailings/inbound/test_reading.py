"""What is read out of a mail, and that nothing in it can break the reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailings.inbound import reading
from mailings.inbound.hinting import hint_of
from mailings.inbound.reading import Unreadable, read, split
from tests.mailings.inbound.posts import CONTENT_TYPE, form, post, raw

US = "hej@svar.example.org"
ANNA = "Anna Lind <anna@example.org>"


def test_a_reply_is_read_with_its_own_words_apart_from_what_it_answers() -> None:
    text = (
        "Tack, men jag har redan gett.\n\nDen 2 nov. 2026 kl. 12 skrev Partiet:\n> Sista veckan\n"
    )
    letter = read(post(ANNA, US, text), CONTENT_TYPE)
    assert (letter.sender, letter.sender_name) == ("anna@example.org", "Anna Lind")
    assert letter.to == (US,)
    assert (letter.subject, letter.text) == ("Sv: Sista veckan", "Tack, men jag har redan gett.")
    assert "Sista veckan" in letter.quoted
    assert not letter.is_machine
    assert "Lind" not in repr(letter)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Hej\n\nFrån: Partiet <a@b.se>\nÄmne: x", "Hej"),
        ("Hej\n-----Original Message-----\nx", "Hej"),
        ("Hej\r\n\r\nOn Mon, Nov 2, 2026 at 12:00 Partiet wrote:\r\n> x", "Hej"),
        ("> Vill du ge?\nNej tack.\n> Hälsningar", "Nej tack."),
        ("Hej\n> citat", "Hej"),
        ("", ""),
    ],
)
def test_own_words_end_where_the_quote_begins(text: str, own: str) -> None:
    assert split(text)[0] == own


def test_words_of_a_page_are_read_with_its_links_and_without_its_scripts() -> None:
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>Avregistrera mig</p>"
        '<script>alert(1)</script><blockquote><a href="https://ge.example.se/l/x/1">Ge</a>'
        "</blockquote></body></html>"
    )
    letter = read(post(ANNA, US, "", html=html), CONTENT_TYPE)
    assert letter.text == "Avregistrera mig"
    assert "https://ge.example.se/l/x/1" in letter.quoted
    assert "alert" not in letter.text + letter.quoted


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"subject": "Autosvar: på semester"},
        {"subject": "Out of Office: Sista veckan"},
    ],
)
def test_a_machine_is_known_by_what_it_says(headers: dict[str, str]) -> None:
    assert read(post(ANNA, US, "Jag är borta.", **headers), CONTENT_TYPE).is_machine


def test_an_empty_sender_of_the_envelope_is_a_machines() -> None:
    assert read(form(raw(ANNA, US, "x"), to=US, sender=""), CONTENT_TYPE).is_machine
    assert not read(post(ANNA, US, "x", Auto_Submitted="no"), CONTENT_TYPE).is_machine


def test_broken_charsets_and_headers_are_read_as_far_as_they_go() -> None:
    mail = (
        b"From: =?utf-8?q?Anna?= <anna@example.org>\r\nTo: <\xff\xfe@@>\r\n"
        b"Subject: =?nix?b?///?=\r\nContent-Type: text/plain; charset=nix\r\n\r\n"
        b"Hej d\xc3\xa5\x00\r\n"
    )
    letter = read(form(mail, to=US, sender="anna@example.org"), CONTENT_TYPE)
    assert (letter.sender, letter.text) == ("anna@example.org", "Hej då")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", CONTENT_TYPE), (b"x", "text/plain"), (b"{}", ""), (post(ANNA, US, "x"), "a\r\nb: c")],
)
def test_what_holds_no_mail_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(Unreadable):
        read(body, content_type)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(mail: bytes) -> None:
    try:
        letter = read(form(mail, to=US, sender="a@example.org"), CONTENT_TYPE)
    except Unreadable:
        return
    assert len(letter.text) <= reading.LONGEST_TEXT
    assert "\x00" not in letter.text + letter.subject + letter.sender


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Min man avled i våras, han är avliden. Avsluta hans månadsgåva.", "deceased"),
        ("Detta är ett dödsbo.", "deceased"),
        ("Jag vill avsluta min månadsgåva", "stop_gift"),
        ("Sluta dra pengar från mitt konto!", "stop_gift"),
        ("Please cancel my monthly donation.", "stop_gift"),
        ("Avregistrera mig tack", "unsubscribe"),
        ("Jag vill inte ha fler mejl", "unsubscribe"),
        ("Avsluta", "unsubscribe"),
        ("STOP.", "unsubscribe"),
        ("Jag har redan swishat 200 kr", "gave"),
        ("I have already given this month", "gave"),
        ("Jag har bytt e-postadress", "address"),
        ("Vilken fin kampanj, heja er!", ""),
        ("Hur kan jag betala medlemsavgiften?", ""),
    ],
)
def test_what_it_seems_to_ask_for(text: str, hint: str) -> None:
    assert hint_of("Sv: Avsluta 2026 med en gåva!", text) == hint
