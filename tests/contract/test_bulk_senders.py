"""What every sender does with a request for many people, whatever carries it."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

import pytest

from mailings.senders import base
from mailings.senders.base import BulkContent, BulkError, BulkOutcome, BulkPerson, BulkRequest
from tests.contract.carriers import Harness

CONTENT = BulkContent(
    subject="-fr_first_name-, 100 % för klimatet",
    html='<p>Hej -fr_first_name_h-!</p><a href="https://ge.example/l/-fr_m-/1">-fr_ask1- kr</a>',
    text="Hej -fr_first_name-!\nGe -fr_ask1- kr: https://ge.example/l/-fr_m-/1\n",
    from_email="hej@partiet.example",
    from_name="Åsa på Partiet",
    reply_to="svar@partiet.example",
    language="sv",
    tags=("m", "u", "first_name", "first_name_h", "ask1"),
    headers=(
        ("List-Unsubscribe", "<https://ge.example/avregistrera/-fr_u->, <mailto:u+-fr_u-@in.ge>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ),
    args=(("m", "-fr_m-"), ("a", "7")),
)
ANNA = BulkPerson("anna@exempel.se", ("m-anna", "u-anna", "Anna", "Anna", "200"))
BJORN = BulkPerson(
    "bjorn@exempel.se", ("m-björn", "u-bjorn", 'Björn & "Co"', "Björn &amp; Co", "5")
)


def request(*people: BulkPerson, content: BulkContent = CONTENT, key: str = "f1") -> BulkRequest:
    return BulkRequest(content, people, key, "appeal-7")


def post_each(*people: BulkPerson, key: str = "f1") -> None:
    """As an engine does: at most as many at once as the sender takes."""
    sender = base.chosen_for_appeals()
    step = min(sender.most, len(people))
    for start in range(0, len(people), step):
        sender.post(request(*people[start : start + step], key=f"{key}-{start}"))


def parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n").strip()


def test_everybody_gets_their_own_words(harness: Harness) -> None:
    post_each(ANNA, BJORN)
    mails = {str(mail["To"]): mail for mail in map(parsed, harness.delivered())}
    assert sorted(mails) == ["anna@exempel.se", "bjorn@exempel.se"]
    mail = mails["bjorn@exempel.se"]
    assert mail["Subject"] == 'Björn & "Co", 100 % för klimatet'
    assert part(mail, "plain") == 'Hej Björn & "Co"!\nGe 5 kr: https://ge.example/l/m-björn/1'
    assert part(mail, "html") == (
        '<p>Hej Björn &amp; Co!</p><a href="https://ge.example/l/m-björn/1">5 kr</a>'
    )
    assert mails["anna@exempel.se"]["Subject"] == "Anna, 100 % för klimatet"


def test_the_headers_are_those_of_the_content_with_tags_filled(harness: Harness) -> None:
    post_each(ANNA)
    (mail,) = map(parsed, harness.delivered())
    assert mail["From"] == "Åsa på Partiet <hej@partiet.example>"
    assert mail["Reply-To"] == "svar@partiet.example"
    assert mail["List-Unsubscribe"] == (
        "<https://ge.example/avregistrera/u-anna>, <mailto:u+u-anna@in.ge>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_same_request_twice_is_once_exactly_when_the_sender_says_so(harness: Harness) -> None:
    post_each(ANNA, BJORN)
    post_each(ANNA, BJORN)
    once = base.chosen_for_appeals().idempotent
    assert len(harness.delivered()) == (2 if once else 4)


def test_another_key_is_another_mail(harness: Harness) -> None:
    post_each(ANNA, key="f1")
    post_each(ANNA, key="f2")
    assert len(harness.delivered()) == 2


UNKNOWN_TAG = replace(CONTENT, html="<p>-fr_surname-</p>")
UNKNOWN_IN_HEADER = replace(CONTENT, headers=(("X-Ref", "-fr_ref-"),))


@pytest.mark.parametrize(
    ("content", "person"),
    [
        (UNKNOWN_TAG, ANNA),
        (UNKNOWN_IN_HEADER, ANNA),
        (CONTENT, replace(ANNA, values=ANNA.values[:-1])),
        (CONTENT, replace(ANNA, values=(*ANNA.values, "one too many"))),
    ],
)
def test_what_can_t_be_written_is_refused_and_nobody_gets_it(
    harness: Harness, content: BulkContent, person: BulkPerson
) -> None:
    with pytest.raises(BulkError) as refused:
        base.chosen_for_appeals().post(request(person, content=content))
    assert refused.value.outcome is BulkOutcome.REFUSED
    assert "anna" not in str(refused.value).lower()
    assert harness.delivered() == []


def test_trouble_before_anything_left_may_be_tried_again(harness: Harness) -> None:
    harness.break_for_now()
    with pytest.raises(BulkError) as failed:
        post_each(ANNA)
    assert failed.value.outcome is BulkOutcome.WAIT
    assert "anna" not in str(failed.value).lower()
    assert harness.delivered() == []


def test_a_sender_that_can_t_recall_gives_no_name_for_it(harness: Harness) -> None:
    sender = base.chosen_for_appeals()
    if not sender.recalls:
        assert sender.new_recall_id() == ""
        with pytest.raises(ValueError, match="at once"):
            sender.post(replace(request(ANNA), send_at=1_800_000_000))
        assert harness.delivered() == []


def test_nobody_stands_in_the_repr_of_a_request() -> None:
    shown = repr(request(ANNA)) + repr(ANNA)
    assert "anna" not in shown.lower()
