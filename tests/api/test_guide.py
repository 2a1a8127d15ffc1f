"""The examples of docs/api.md, run in order: what is sent is sent, what comes back is as written.

"…" in an answer stands for anything; `["…"]` for a list that is not empty.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.test import Client

from fundraise.campaigns.models import Campaign
from fundraise.providers.models import Account
from tests.api.conftest import key_for
from tests.console.conftest import cash_gift
from tests.console.giving import make_pledge
from tests.console.house import make_donor
from tests.give.monthly import open_monthly
from tests.proofs import differing

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"```http\n(.*?)```", re.DOTALL)
ANYTHING = "…"


def same(told: Any, written: Any) -> bool:
    """Whether an answer is as written."""
    if written == ANYTHING:
        return told not in (None, "")
    if written == [ANYTHING]:
        return isinstance(told, list) and told != []
    if isinstance(written, dict):
        return (
            isinstance(told, dict)
            and told.keys() == written.keys()
            and all(same(told[name], value) for name, value in written.items())
        )
    if isinstance(written, list):
        return len(told) == len(written) and all(map(same, told, written))
    return bool(told == written)


def parts(block: str) -> tuple[str, str, dict[str, str], str, int, Any]:
    """A block's method, address, headers and body, and the status and body that come back."""
    sent, _, answer = re.split(r"\n\n(?=\d{3}\n)", block.strip())[0], "", ""
    answer = block.strip()[len(sent) :].strip()
    head, _, body = sent.partition("\n\n")
    first, *lines = head.splitlines()
    method, address = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    status, _, told = answer.partition("\n")
    return method, address, headers, body, int(status), json.loads(told)


def test_every_example_of_the_guide_does_what_it_says(campaign: Campaign) -> None:
    Account.objects.create(
        entity=campaign.entity, provider="swish_number", slug="swish", name="Swish",
        external_id="1231234567",
    )  # fmt: skip
    open_monthly(campaign)
    names = {
        "$KEY": key_for(campaign.entity, "treasurer").text,
        "$CARE": key_for(campaign.entity, "donor_care").text,
        "$COMMS": key_for(campaign.entity, "comms").text,
        "$SLUG": campaign.slug,
        "$CAMPAIGN": str(campaign.ref),
        "$GIFT": str(cash_gift(campaign).ref),
        "$DONOR": str(make_donor().ref),
        "$PLEDGE": str(make_pledge(campaign).ref),
    }
    blocks = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(blocks) == 18
    for block in blocks:
        for name, value in names.items():
            block = block.replace(name, value)
        method, address, headers, body, status, written = parts(block)
        answer = Client().generic(
            method, address, body, content_type="application/json", headers=headers
        )
        assert (answer.status_code, address) == (status, address), answer.content
        assert same(answer.json(), written), (address, answer.json(), written)
    assert differing() == []
