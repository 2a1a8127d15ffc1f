"""The committed document is what the views say, and what is served."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from api.management.commands.openapi import document
from api.problems import KINDS
from api.urls import V1
from api.views.guide import DOCUMENT
from fundraise.staff.roles import PERMISSIONS
from tests.matrix import FULL

METHODS = ("get", "post", "patch")


def view_of(pattern: Any) -> Any:
    return pattern.callback.view_class


def test_a_document_that_the_views_do_not_say_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.management.commands.openapi.document", DOCUMENT.read_text)
    call_command("openapi", check=True)
    monkeypatch.setattr("api.management.commands.openapi.document", lambda: "{}")
    with pytest.raises(CommandError, match=r"run manage\.py openapi"):
        call_command("openapi", check=True)


def test_it_is_openapi_3_1_and_every_operation_tells_its_problems() -> None:
    told = json.loads(DOCUMENT.read_text())
    assert told["openapi"] == "3.1.0"
    operations = [op for path in told["paths"].values() for op in path.values()]
    views = [view_of(one) for one in V1]
    assert len(operations) == sum(hasattr(view, name) for view in views for name in METHODS)
    for operation in operations:
        problem = operation["responses"]["429"]["content"]
        assert list(problem) == ["application/problem+json"]


def test_every_method_of_every_view_names_a_permission_that_exists() -> None:
    for one in V1:
        view = view_of(one)
        methods = {method.upper() for method in METHODS if hasattr(view, method)}
        assert methods <= set(view.permissions_of), view
        assert {view.permissions_of[method] for method in methods} - {""} <= set(PERMISSIONS), view
        assert view.public or all(view.permissions_of[m] for m in methods) or one.name == "me"


@pytest.mark.django_db
def test_the_document_and_the_problems_can_be_read_by_anybody() -> None:
    served = Client().get("/api/v1/openapi.json")
    assert served.content == DOCUMENT.read_bytes()
    assert served["Access-Control-Allow-Origin"] == "*"
    page = Client().get("/api/v1/docs").content.decode()
    assert all(f'id="{kind}"' in page for kind in KINDS)


@pytest.mark.parametrize("language", ["sv", "en"] if FULL else ["sv"])  # it stands in English
def test_the_committed_document_is_what_the_views_say_in_every_language(language: str) -> None:
    with translation.override(language):
        assert document() == DOCUMENT.read_text(encoding="utf-8")
