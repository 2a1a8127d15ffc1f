"""`python -m fundraise.sandbox.stripe`: start the stand-in for Stripe."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from fundraise.sandbox.stripe.config import Config, refuse_live_keys, refuse_live_mode


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
    refuse_live_mode()
    config = parse()
    refuse_live_keys(config.api_keys)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr,
                        format="%(asctime)s stripe-stand-in %(levelname)s %(message)s")  # fmt: skip
    # After the checks: importing the API takes longer than refusing to start.
    from fundraise.sandbox.server import Server, serve
    from fundraise.sandbox.stripe.app import StandIn

    stand_in = StandIn(config)
    server = Server(config.host, config.port, stand_in)

    def starting() -> None:
        stand_in.start()
        log = logging.getLogger(__name__)
        log.info("Ready on %s:%s; no money moves here", config.host, config.port)

    serve(server, starting, stand_in.stop)


if __name__ == "__main__":
    main()
