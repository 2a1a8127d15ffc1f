"""How many requests, and how long they took, by the name of the route. No address, no query."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, Histogram

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
EARLY = "early"  # static files and kept thermometers are answered before a route is looked for

REQUESTS = Counter("fundraise_requests", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "fundraise_request_seconds", "Seconds until the answer.", ["route"], buckets=BUCKETS
)


class RequestMetricsMiddleware:
    """Counts every request; stands outside everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = self.get_response(request)
        route = route_of(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, str(response.status_code)).inc()
        SECONDS.labels(route).observe(time.perf_counter() - begun)
        return response


def route_of(request: HttpRequest) -> str:
    """The route's name, never the path: that may hold a reference."""
    match = request.resolver_match
    if match is None:
        return EARLY
    return match.view_name or "unnamed"
