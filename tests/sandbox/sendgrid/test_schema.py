"""SendGrid's official schema, where it is at hand: what it refuses, the stand-in refuses too.

The file types the custom_args of the whole request as a string, which is a fault of its own; it is
mended in memory. The texts of the documents refuse more than the schema does: see test_sending.py.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundraise.sandbox.sendgrid import checks
from fundraise.sandbox.sendgrid.errors import ApiError
from tests.sandbox.sendgrid.conftest import call, person, request_to
from tests.sandbox.sendgrid.refusals import REFUSED
from tests.sendgrid_stand_in import Json, SendGridStandIn

FOLDER = Path(os.environ.get("FUNDRAISE_SAMPLES", "")) / "contracts" / "sendgrid"
pytestmark = pytest.mark.skipif(
    not os.environ.get("FUNDRAISE_SAMPLES") or not FOLDER.is_dir(),
    reason="FUNDRAISE_SAMPLES names no folder with SendGrid's official schemas",
)
RULES = checks.Rules(1_795_658_083, lambda batch: batch == "b1")


def _file(name: str) -> Json:
    found: Json = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


def _mended() -> Json:
    found = _file("tsg_mail_v3.json")
    body = found["components"]["requestBodies"]["PostMailSend"]
    properties = body["content"]["application/json"]["schema"]["properties"]
    assert properties["custom_args"]["type"] == "string"
    strings = {"type": "object", "additionalProperties": {"type": "string"}}
    properties["custom_args"] = strings
    return found


def _validator(whole: Json, schema: Json) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {**schema, "components": whole["components"]}, validate_formats=True
    )


@pytest.fixture(scope="module")
def official() -> jsonschema_rs.Draft202012Validator:
    whole = _mended()
    body = whole["components"]["requestBodies"]["PostMailSend"]
    return _validator(whole, body["content"]["application/json"]["schema"])


def _takes(request: Any) -> bool:
    try:
        checks.check(request, RULES)
    except ApiError as problem:
        return problem.status != 400
    return True


GOOD: list[Json] = [
    {}, {"custom_args": {"appeal": "a1"}}, {"categories": ["upprop"]}, {"asm": {"group_id": 1}},
    {"headers": {"X-A": "b"}}, {"reply_to": {"email": "a@x.se"}}, {"batch_id": "b1"},
    {"personalizations": [person(f"p{n}@x.se", substitutions={"-n-": str(n)}, headers={"X-N": "1"},
                                 custom_args={"m": str(n)}) for n in range(1000)]},
    {"mail_settings": {"sandbox_mode": {"enable": True}}},
    {"tracking_settings": {"open_tracking": {"enable": False}, "click_tracking": {"enable": False,
                                                                        "enable_text": False}}},
    {"attachments": [{"filename": "a.pdf", "content": "AAAA", "type": "application/pdf"}]},
    {"template_id": "d-1", "content": None, "subject": None},
]  # fmt: skip


def test_what_the_schema_takes_of_ours_the_stand_in_takes(
    official: jsonschema_rs.Draft202012Validator,
) -> None:
    for change in GOOD:
        request = request_to("a@x.se", **change)
        assert official.is_valid(request), change
        assert _takes(request), change


def test_what_the_schema_refuses_the_stand_in_refuses(
    official: jsonschema_rs.Draft202012Validator,
) -> None:
    known = 0
    for change, _, _ in REFUSED:
        request = request_to("a@x.se", **change)
        known += not official.is_valid(request)
        assert not _takes(request), change
    # The rest stands in the texts only.
    assert known >= 20


PARTS: Json = {
    "personalizations": [None, [], [{}], [{"to": []}], [{"to": [{}]}], [person("ingen")],
                         [person("a@x.se", cc="b@x.se")], [person("a@x.se", subject="")],
                         [person("a@x.se", headers=[])], [person("a@x.se", send_at=1.5)],
                         [person("a@x.se", substitutions={"-a-": None})],
                         [person("a@x.se", custom_args="m")], [person("a@x.se")], "a@x.se"],
    "from": [None, {}, "a@x.se", {"email": "a@x.se"}, {"email": 1}, {"email": "ingen"},
             {"email": "a@x.se", "name": 1}],
    "reply_to": [{}, {"email": "a@x.se"}, {"email": "x"}, []],
    "reply_to_list": [[], [{"email": "a@x.se"}], [{}], {}],
    "subject": [None, "", "Hej", 1],
    "content": [None, [], [{}], [{"type": "text/plain"}], [{"type": "", "value": "a"}],
                [{"type": "text/plain", "value": ""}], [{"type": "text/plain", "value": "a"}], {}],
    "categories": [[], ["a"], ["a", "a"], [1], ["a" * 256], [str(n) for n in range(11)], "a"],
    "send_at": [1_795_658_083, "1", 1.5, None], "batch_id": ["b1", 1], "headers": [{}, [], "a"],
    "asm": [{}, {"group_id": 1}, {"group_id": "1"}, {"group_id": 1, "groups_to_display": [1] * 26},
            {"group_id": 1, "groups_to_display": ["1"]}],
    "attachments": [[], [{}], [{"filename": "a", "content": ""}], {},
                    [{"filename": "a", "content": "AAAA", "disposition": "inline"}],
                    [{"filename": "a", "content": "AAAA", "disposition": "beside"}]],
    "custom_args": [{}, {"a": "b"}, {"a": 1}, "a"], "template_id": ["d-1", 1],
    "mail_settings": [{}, {"footer": {"enable": True}}, {"footer": {"enable": 1}}, [],
                      {"sandbox_mode": True}],
    "tracking_settings": [{}, {"ganalytics": {"enable": "no"}}, {"open_tracking": []}, "a"],
    "ip_pool_name": ["a", "ab", "a" * 65, 1],
}  # fmt: skip


CHANGES = st.lists(
    st.sampled_from([(name, value) for name, values in PARTS.items() for value in values]),
    max_size=3,
).map(dict)


@given(CHANGES)
@settings(max_examples=500, deadline=None)
def test_whatever_is_put_together_the_stand_in_is_never_laxer_than_the_schema(
    official: jsonschema_rs.Draft202012Validator, change: Json
) -> None:
    request = request_to("a@x.se", **change)
    if _takes(request):
        assert official.is_valid(request), [str(e) for e in official.iter_errors(request)]


def _answers(name: str, path: str, method: str, status: str) -> jsonschema_rs.Draft202012Validator:
    whole = _file(name)
    found = whole["paths"][path][method]["responses"][status]
    while "$ref" in found:
        found = whole["components"]["responses"][found["$ref"].rpartition("/")[2]]
    return _validator(whole, found["content"]["application/json"]["schema"])


def test_answers_are_as_the_schemas_say(sendgrid: SendGridStandIn) -> None:
    made = call(sendgrid, "POST", "/v3/mail/batch")
    _answers("tsg_mail_v3.json", "/v3/mail/batch", "post", "201").validate(made.json)
    stops, given_ = "/v3/user/scheduled_sends", {"status": "pause", **made.json}
    stopped = call(sendgrid, "POST", stops, given_)
    _answers("tsg_scheduled_sends_v3.json", stops, "post", "201").validate(stopped.json)
    listed = call(sendgrid, "GET", stops)
    _answers("tsg_scheduled_sends_v3.json", stops, "get", "200").validate(listed.json)
    again = call(sendgrid, "POST", stops, given_)
    # The schemas give `help` the type of an object; the live service answers text or nothing.
    assert again.error["message"]
    for name in ("bounces", "blocks", "invalid_emails", "spam_reports", "unsubscribes"):
        sendgrid.control("suppress", list=name, email="a@x.se", reason="550")
        path = f"/v3/suppression/{name}"
        found = call(sendgrid, "GET", path)
        assert len(found.json) == 1
        _answers("tsg_suppressions_v3.json", path, "get", "200").validate(found.json)
    for path in ("/v3/asm/suppressions", "/v3/asm/groups"):
        found = call(sendgrid, "GET", path)
        _answers("tsg_suppressions_v3.json", path, "get", "200").validate(found.json)
