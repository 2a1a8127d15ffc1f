"""Acts on an appeal that is scheduled or sent: stop, pause, go on, let a wave go."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from fundraise.console import access
from fundraise.console.appeals import doors, refusals
from fundraise.console.appeals.doors import SEND
from fundraise.console.guard import action
from mailings.appeals.models import Wave
from mailings.appeals.services import pausing, scheduling, waves


@action(SEND)
def stop(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a scheduled appeal back: nobody has got it, and it is a draft again."""
    row = doors.found(request, ref, SEND)
    said = _("It is stopped. Nobody got it, and it is a draft again.")
    doors.tried(request, lambda: scheduling.unschedule(ref, by=access.by(request)), said)
    return doors.back(row)


@action(SEND)
def pause(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop for now: what is on its way is at most one batch."""
    row = doors.found(request, ref, SEND)
    said = _("It is paused. What was on its way just now may still arrive: at most one batch.")
    doors.tried(request, lambda: pausing.pause(ref, by=access.by(request)), said)
    return doors.back(row)


@action(SEND)
def resume(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Go on where it stopped."""
    row = doors.found(request, ref, SEND)
    said = _("It goes on where it stopped. Nobody gets it twice.")
    doors.tried(request, lambda: pausing.resume(ref, by=access.by(request)), said)
    return doors.back(row)


@action(SEND, back="../../../")
def release(request: HttpRequest, ref: UUID, number: int) -> HttpResponse:
    """Let a wave go before its time."""
    row = doors.found(request, ref, SEND)
    wave = get_object_or_404(Wave, appeal=row, number=number)
    went = doors.tried(request, lambda: waves.release_now(wave.pk, by=access.by(request)))
    if went:
        messages.success(request, _("Wave %(number)d leaves now.") % {"number": number})
    elif went is False:
        messages.info(request, refusals.of_code("released"))
    return doors.back(row)
