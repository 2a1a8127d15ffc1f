"""Does the process live; can it do its work.

Anybody may ask, so the answer is one word per check and never a detail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fundraise import clock
from fundraise.jobs import queries as jobs
from fundraise.logs import describe
from fundraise.outbox import courier
from fundraise.outbox import queries as outbox

log = structlog.get_logger(__name__)

OK, LATE, FAILED = "ok", "late", "failed"
OUTBOX_MAY_WAIT = timedelta(minutes=10)
# Without these no page can be answered: the balancer should send donors elsewhere.
PROOF_HEADER = "Fundraise-Proof"
LONGEST_NONCE = 64
NEEDED = ("database", "migrations")


class _Migrations:
    all_applied = False


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody, so that a slow database restarts no web server.

    A word that is sent along comes back as only this installation can answer it (go-live page).
    """
    response = HttpResponse("ok", content_type="text/plain")
    nonce = request.GET.get("nonce", "")
    if 0 < len(nonce) <= LONGEST_NONCE:
        response[PROOF_HEADER] = proof_of(nonce)
    return response


def proof_of(nonce: str) -> str:
    """What this installation makes of a word, and no other one can."""
    return salted_hmac("fundraise.ops.health", nonce, algorithm="sha256").hexdigest()


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """503 when pages can't be answered; 200 and "degraded" when work waits."""
    checks = {name: _asked(name, check) for name, check in CHECKS.items()}
    unable = any(checks[name] != OK for name in NEEDED)
    worst = FAILED if unable else OK if set(checks.values()) == {OK} else "degraded"
    return JsonResponse({"status": worst, "checks": checks}, status=503 if unable else 200)


def _asked(name: str, check: Callable[[], bool]) -> str:
    try:
        return OK if check() else LATE
    except Exception as error:
        log.warning("health_check_failed", check=name, error=describe(error))
        return FAILED


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    # Reading the plan takes long, and what is applied stays so while this code runs.
    if not _Migrations.all_applied:
        executor = MigrationExecutor(connection)
        _Migrations.all_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _Migrations.all_applied


def _broker() -> bool:
    courier.ask_broker()
    return True


def _jobs() -> bool:
    return not jobs.late_jobs(clock.real_now())


def _outbox() -> bool:
    return outbox.oldest_due_age(clock.real_now()) <= OUTBOX_MAY_WAIT


def _alarms() -> bool:
    return not jobs.open_alarms()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "jobs": _jobs,
    "outbox": _outbox,
    "alarms": _alarms,
}
