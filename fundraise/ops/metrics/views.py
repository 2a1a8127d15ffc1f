"""/metrics: for who has the key, and for nobody while there is none."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from fundraise.ops.metrics.hooks import VARIABLE
from fundraise.ops.metrics.house import HouseCollector


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """`Authorization: Bearer METRICS_KEY`. 404 while no key is set, 401 for a wrong one."""
    if not settings.METRICS_KEY:
        raise Http404
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(given, settings.METRICS_KEY):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(written(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def written() -> bytes:
    """The counts of all processes, and the house as it is now."""
    house = CollectorRegistry()
    house.register(HouseCollector())
    return _requests() + generate_latest(house)


def _requests() -> bytes:
    if not os.environ.get(VARIABLE):
        return generate_latest(REGISTRY)  # one process: what it counted itself
    every = CollectorRegistry()
    MultiProcessCollector(every)  # type: ignore[no-untyped-call]
    return generate_latest(every)
