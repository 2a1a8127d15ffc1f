"""`python -m fundraise.sandbox.sendgrid`: start the stand-in for SendGrid."""

from __future__ import annotations

import argparse
from pathlib import Path

from fundraise.sandbox.live import refuse_live_mode
from fundraise.sandbox.sendgrid.config import Config, refuse_other_keys
from fundraise.sandbox.server import log_as, run


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
    refuse_live_mode("SendGrid")
    config = parse()
    refuse_other_keys(config.api_keys)
    log_as("sendgrid-stand-in")
    # After the checks: nothing is made on disk before them.
    from fundraise.sandbox.sendgrid.app import StandIn

    stand_in = StandIn(config)
    run(stand_in, config.host, config.port, stand_in.start, stand_in.stop, "no mail leaves here")


if __name__ == "__main__":
    main()
