"""Hand a just written fact to the broker, without ever holding up who wrote it.

The broker may be down or, worse, silent. A failure costs at most the connection's time-out once;
after it nothing is tried for some seconds, and the sweeper delivers what was not queued.
"""

from __future__ import annotations

import time

import structlog

from fundraise.logs import describe

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 10.0


class _Broker:
    away_until = float("-inf")


def forget() -> None:
    """Try the broker again at once."""
    _Broker.away_until = float("-inf")


def queue(ids: list[int]) -> bool:
    """Queue the first try of these rows; False when it is left to the sweeper."""
    from fundraise.outbox.tasks import deliver

    if time.monotonic() < _Broker.away_until:
        return False
    try:
        deliver.apply_async(args=[ids], retry=False)
    except Exception as error:
        _Broker.away_until = time.monotonic() + PAUSE_SECONDS
        log.warning("broker_away", error=describe(error), left_to_sweeper=len(ids))
        return False
    return True
