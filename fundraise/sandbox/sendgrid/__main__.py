"""`python -m fundraise.sandbox.sendgrid`: start the stand-in for SendGrid."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from fundraise.sandbox.sendgrid.config import Config, refuse_live_mode, refuse_other_keys


def parse(arguments: list[str] | None = None) -> Config:
    parser = argparse.ArgumentParser(prog="fundraise.sandbox.sendgrid", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, required=True, help="folder for its database")
    parser.add_argument("--api-key", action="append", required=True, help="may be given twice")
    parser.add_argument("--webhook-url", default="", help="where events go; none: only kept")
    parser.add_argument("--parse-url", default="", help="where what recipients write goes")
    parser.add_argument("--signing-key", default="", help="P-256, PKCS 8 DER in base 64")
    parser.add_argument("--visit", action="append", default=[],
                        help="an origin whose links are followed, beside this machine")  # fmt: skip
    given = parser.parse_args(arguments)
    return Config(
        port=given.port,
        data=given.data,
        host=given.host,
        api_keys=tuple(given.api_key),
        webhook_url=given.webhook_url,
        parse_url=given.parse_url,
        signing_key=given.signing_key,
        visit=tuple(given.visit),
    )


def main() -> None:
    refuse_live_mode()
    config = parse()
    refuse_other_keys(config.api_keys)
    form = "%(asctime)s sendgrid-stand-in %(levelname)s %(message)s"
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format=form)
    # After the checks: nothing is made on disk before them.
    from fundraise.sandbox.sendgrid.app import StandIn
    from fundraise.sandbox.server import Server, serve

    stand_in = StandIn(config)
    server = Server(config.host, config.port, stand_in)

    def starting() -> None:
        stand_in.start()
        log = logging.getLogger(__name__)
        log.info("Ready on %s:%s; no mail leaves here", config.host, config.port)

    serve(server, starting, stand_in.stop)


if __name__ == "__main__":
    main()
