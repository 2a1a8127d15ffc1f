"""The donation form as a browser without a script sends it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from donors.models import Donor
from fundraise.gifts.models import Gift
from fundraise.providers import services as providers
from fundraise.providers.models import Attempt
from fundraise.providers.services import GiftRequest, Started

Answer = Any  # the test client's response
HOSTED = "https://checkout.stripe.com/c/pay/cs_1"
GOOD = {
    "frequency": "once",
    "amount_once": "25000",
    "name": "Björn Berg",
    "email": "bjorn@example.org",
    "register": "on",
}


@dataclass
class Door:
    """Stands where `start_gift` is and keeps what came through."""

    requests: list[GiftRequest] = field(default_factory=list)
    redirect_url: str = HOSTED
    ref: UUID = field(default_factory=uuid4)
    refusal: Exception | None = None

    def __call__(self, request: GiftRequest) -> Started:
        self.requests.append(request)
        if self.refusal:
            raise self.refusal
        return Started(self.ref, self.redirect_url, "pending")


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    stands = Door()
    monkeypatch.setattr(providers, "start_gift", stands)
    return stands


def hidden(response: Answer, name: str) -> str:
    """The value of a hidden field of the page."""
    text = response.content.decode()
    match = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', text)
    assert match is not None, name
    return html.unescape(match[1])


def give(client: Client, path: str = "/valet/", **changes: str) -> Answer:
    """Open the page and send its form, well filled in but for the changes ("" leaves out)."""
    opened = client.get(path)
    sent = {
        "token": hidden(opened, "token"),
        "ref": hidden(opened, "ref"),
        "way": hidden(opened, "way"),
        **GOOD,
        **changes,
    }
    address = re.search(r'<form[^>]*action="([^"]+)"', opened.content.decode())
    assert address is not None
    return client.post(address[1], {name: said for name, said in sent.items() if said})


def said_in(response: Answer) -> list[str]:
    """The sentences of the error summary."""
    text = response.content.decode()
    block = re.search(r'id="problem".*?</ul>', text, re.DOTALL)
    found = re.findall(r"<li>\s*<a [^>]*>(.*?)</a>", block[0], re.DOTALL) if block else []
    return [html.unescape(sentence.strip()) for sentence in found]


def refused(answer: Answer, door: Door, *sentences: str, status: int = 422) -> str:
    """The answer keeps the form, says these sentences, and nothing went through the door."""
    assert answer.status_code == status
    assert said_in(answer) == list(sentences)
    assert door.requests == []
    assert (Gift.objects.count(), Attempt.objects.count(), Donor.objects.count()) == (0, 0, 0)
    return html.unescape(answer.content.decode())
