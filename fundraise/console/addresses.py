"""Where a log-in leads: to what was asked for, within the staff pages and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from fundraise.language import STAFF

LOG_IN = f"{STAFF}login/"
APART = (LOG_IN, f"{STAFF}logout/", f"{STAFF}again/")  # would lead in a circle


def back(request: HttpRequest) -> str:
    """Where a form on any page of ours was sent from; the first page when it says nothing good."""
    target = request.POST.get("next", "")
    return target if _is_ours(target) else STAFF


def within(target: str) -> str:
    """The address when it is one of the staff pages, else the first page."""
    return target if _is_ours(target) and not target.startswith(APART) else STAFF


def _is_ours(target: str) -> bool:
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return safe and target.startswith(STAFF) and ".." not in target


def next_of(request: HttpRequest) -> str:
    """What was asked for before the log-in came between."""
    return within(request.POST.get("next") or request.GET.get("next", ""))
