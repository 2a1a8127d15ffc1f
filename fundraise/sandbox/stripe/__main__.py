"""`python -m fundraise.sandbox.stripe`: start the stand-in for Stripe."""

from __future__ import annotations

import argparse
from pathlib import Path

from fundraise.sandbox.live import refuse_live_mode
from fundraise.sandbox.server import log_as, run
from fundraise.sandbox.stripe.config import Config, refuse_live_keys


def parse(arguments: list[str] | None = None) -> Config:
    parser = argparse.ArgumentParser(prog="fundraise.sandbox.stripe", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, required=True, help="folder for its database")
    parser.add_argument("--origin", default="", help="public address of the hosted pages")
    parser.add_argument("--webhook-url", help="where events go; none: they are only kept")
    parser.add_argument("--webhook-secret", default="whsec_standin")
    parser.add_argument("--api-key", action="append", required=True, help="may be given twice")
    given = parser.parse_args(arguments)
    return Config(
        port=given.port,
        data=given.data,
        host=given.host,
        origin=given.origin,
        api_keys=tuple(given.api_key),
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
    )


def main() -> None:
    refuse_live_mode("Stripe")
    config = parse()
    refuse_live_keys(config.api_keys)
    log_as("stripe-stand-in")
    # After the checks: importing the API takes longer than refusing to start.
    from fundraise.sandbox.stripe.app import StandIn

    stand_in = StandIn(config)
    run(stand_in, config.host, config.port, stand_in.start, stand_in.stop, "no money moves here")


if __name__ == "__main__":
    main()
