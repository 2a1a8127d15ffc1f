"""A request to two people, and what its posting came to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mailings.senders.base import BulkContent, BulkError, BulkPerson, BulkRequest
from mailings.senders.sendgrid import SendGridSender

CONTENT = BulkContent(
    subject="Hej -fr_first_name-",
    html="<p>Hej -fr_first_name-</p>",
    text="Hej -fr_first_name-",
    from_email="hej@partiet.example",
    from_name="Partiet",
    reply_to="svar@partiet.example",
    language="sv",
    tags=("m", "first_name"),
    headers=(("List-Unsubscribe", "<https://ge.example/-fr_m->"),),
    args=(("m", "-fr_m-"), ("a", "7")),
)
ANNA = BulkPerson("anna@exempel.se", ("t1", "Annasdotter"))
BJORN = BulkPerson("bjorn@exempel.se", ("t2", "Björn"))
REQUEST = BulkRequest(CONTENT, (ANNA, BJORN), "fence-1", "appeal-7")


def request(**changes: Any) -> BulkRequest:
    return replace(REQUEST, **changes)


def refused() -> BulkError:
    """What the sender says of a request that it does not see taken; never a word of a person."""
    with pytest.raises(BulkError) as failed:
        SendGridSender().post(REQUEST)
    said = repr(failed.value) + str(failed.value.__cause__)
    assert "exempel.se" not in said
    assert "Annasdotter" not in said
    return failed.value
