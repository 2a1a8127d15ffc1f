"""`python -m fundraise.sandbox.bank`: start the stand-in for the bank where the money lies."""

from __future__ import annotations

import argparse
from pathlib import Path

from fundraise.sandbox.bank.accounts import DEMO, load
from fundraise.sandbox.bank.config import Config
from fundraise.sandbox.live import refuse_live_mode
from fundraise.sandbox.server import log_as, run


def parse(arguments: list[str] | None = None) -> Config:
    parser = argparse.ArgumentParser(prog="fundraise.sandbox.bank", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, required=True, help="folder for its database")
    parser.add_argument("--from", type=Path, dest="source",
                        help="where files are put; data/from-bank")  # fmt: skip
    parser.add_argument("--accounts", type=Path, help="JSON file with the accounts")
    parser.add_argument("--stripe", default="", help="address of the stand-in for Stripe")
    parser.add_argument("--stripe-key", default="", help="its secret key")
    parser.add_argument("--bankgirot", default="", help="address of the stand-in for Bankgirot")
    parser.add_argument("--poll", type=float, default=1.0, help="seconds between two looks")
    given = parser.parse_args(arguments)
    try:
        accounts = load(given.accounts) if given.accounts else list(DEMO)
    except (OSError, ValueError) as problem:
        parser.error(str(problem))
    return Config(given.port, given.data, tuple(accounts), given.host, given.source,
                  given.stripe, given.stripe_key, given.bankgirot, given.poll)  # fmt: skip


def main() -> None:
    refuse_live_mode("the bank")
    config = parse()
    log_as("bank-stand-in")
    # After the checks: nothing is made on disk before them.
    from fundraise.sandbox.bank.app import StandIn
    from fundraise.sandbox.bank.service import Service

    service = Service(config)
    run(
        StandIn(service),
        config.host,
        config.port,
        service.start,
        service.stop,
        "no money moves here",
    )


if __name__ == "__main__":
    main()
