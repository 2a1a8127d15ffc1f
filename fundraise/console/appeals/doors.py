"""What the views of appeals share: the row that may be seen or changed, and an act with words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fundraise.console import access
from fundraise.console.appeals import refusals
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, Batch

VIEW, WRITE, SEND, APPROVE = "appeals.view", "appeals.write", "appeals.send", "appeals.approve"
PATH = "campaign__entity"


def every() -> QuerySet[Appeal]:
    """Appeals with their campaign and whose it is."""
    return Appeal.objects.select_related("campaign__entity", "people_of", "copied_from")


def found(request: HttpRequest, ref: UUID, permission: str) -> Appeal:
    """The appeal, where it may be done; 404 otherwise."""
    return access.found(request, every(), permission, PATH, ref=ref)


def batch(request: HttpRequest, key: int, permission: str) -> Batch:
    """A batch of an appeal for which it may be done; 404 otherwise."""
    rows = Batch.objects.select_related("appeal__campaign__entity", "wave", "content__variant")
    return access.found(request, rows, permission, f"appeal__{PATH}", pk=key)


def tried(request: HttpRequest, act: Callable[[], Any], said: str = "") -> Any:
    """Do it and say so; None, and why in words, when it was refused."""
    try:
        done = act()
    except AppealError as error:
        messages.error(request, refusals.sentence(error))
        return None
    if said:
        messages.success(request, said)
    return done


def back(appeal: Appeal) -> HttpResponse:
    """To the appeal's own page."""
    return redirect("console:appeal", ref=appeal.ref)
