"""What of monthly giving needs somebody today, and where the rows are."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise.console import pledge_queries
from fundraise.console.queues import Waiting
from fundraise.money import format_kronor
from fundraise.pledges.models import Collection, Mandate, Pledge
from fundraise.providers.giro.models import OutFile, Question
from fundraise.staff.rights import Rights


def _pledges(held: Rights) -> QuerySet[Pledge]:
    return Pledge.objects.filter(entity__in=held.entities("pledges.view"))


def _draws(held: Rights) -> QuerySet[Collection]:
    return Collection.objects.filter(mandate__entity__in=held.entities("pledges.view"))


def _files(held: Rights, state: str) -> Waiting:
    whose = held.entities("autogiro.view")
    rows = OutFile.objects.filter(agreement__account__entity__in=whose, state=state)
    said = {
        "waiting": _("Autogiro files that await approval"),
        "ready": _("Autogiro files that are to be delivered"),
        "doubt": _("Autogiro files that may or may not have arrived"),
    }
    return rows, said[state], f"{reverse('console:giro_files_out')}?state={state}"


def _unsigned(held: Rights) -> Waiting:
    rows = pledge_queries.unsigned(_pledges(held))
    what = _("Sign-ups that nobody has confirmed for two days")
    return rows, what, f"{reverse('console:pledges')}?needs=signature"


def _halted(held: Rights) -> Waiting:
    rows = pledge_queries.without_mandate(_pledges(held))
    what = _("Monthly gifts without a mandate to draw on")
    return rows, what, f"{reverse('console:pledges')}?needs=mandate"


def _failed(held: Rights) -> Waiting:
    rows = pledge_queries.failed_this_week(_draws(held))
    ore = rows.aggregate(ore=Sum("amount_ore"))["ore"] or 0
    what = _("Draws that failed this week, %(sum)s at risk") % {"sum": format_kronor(ore)}
    return rows, what, f"{reverse('console:draws')}?needs=week"


def _surplus(held: Rights) -> Waiting:
    rows = pledge_queries.surplus(_draws(held))
    return rows, _("Draws to give back: the month was paid"), _draws_url("surplus")


def _dead(held: Rights) -> Waiting:
    rows = pledge_queries.of_the_dead(_draws(held))
    return rows, _("Draws to give back: the donor had died"), _draws_url("dead")


def _late(held: Rights) -> Waiting:
    rows = pledge_queries.late(_draws(held))
    return rows, _("Draws that the bank has not answered in time"), _draws_url("late")


def _draws_url(needs: str) -> str:
    return f"{reverse('console:draws')}?needs={needs}"


def _questions(held: Rights) -> Waiting:
    whose = held.entities("autogiro.view")
    rows = Question.objects.filter(agreement__account__entity__in=whose, state="open")
    return rows, _("Questions about autogiro"), reverse("console:giro_questions")


def _e_mandates(held: Rights) -> Waiting:
    rows = Mandate.objects.filter(state="received", entity__in=held.entities("mandates.view"))
    what = _("Mandates from the Internet bank to be answered")
    return rows, what, f"{reverse('console:mandates')}?state=received"


# The permission that lets somebody do something about it -> what waits.
NEEDS: list[tuple[str, Callable[[Rights], Waiting]]] = [
    ("autogiro.approve", lambda held: _files(held, "waiting")),
    ("autogiro.deliver", lambda held: _files(held, "ready")),
    ("autogiro.settle", lambda held: _files(held, "doubt")),
    ("autogiro.settle", _questions),
    ("autogiro.take_in", _late),
    ("mandates.answer", _e_mandates),
    ("pledges.change", _failed),
    ("pledges.change", _halted),
    ("pledges.change", _unsigned),
    ("refunds.ask", _surplus),
    ("refunds.ask", _dead),
]
