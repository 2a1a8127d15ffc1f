"""`python -m fundraise.sandbox.bankgirot`: start the stand-in for Bankgirot."""

from __future__ import annotations

import argparse
from pathlib import Path

from fundraise.sandbox.bankgirot.config import Config, Payee, load_payees
from fundraise.sandbox.bankgirot.seal import TEST_KEY
from fundraise.sandbox.live import refuse_live_mode
from fundraise.sandbox.server import log_as, run

# The payee of Bankgirot's own examples.
BANKGIRO, CUSTOMER = "991-2346", "471117"


def parse(arguments: list[str] | None = None) -> Config:
    parser = argparse.ArgumentParser(prog="fundraise.sandbox.bankgirot", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, required=True, help="folder for its database")
    parser.add_argument("--to", type=Path, help="where files are dropped; data/to-bankgirot")
    parser.add_argument("--from", type=Path, dest="source",
                        help="where reports are put; data/from-bankgirot")  # fmt: skip
    parser.add_argument(
        "--payees", type=Path, help="JSON file with the payees and what they agreed"
    )
    parser.add_argument("--bankgiro", default=BANKGIRO, help="the one payee, without --payees")
    parser.add_argument("--customer", default=CUSTOMER)
    parser.add_argument("--seal-key", default=TEST_KEY, help="32 hex digits")
    parser.add_argument("--poll", type=float, default=1.0, help="seconds between two looks")
    given = parser.parse_args(arguments)
    try:
        payees = (
            load_payees(given.payees)
            if given.payees
            else [Payee(given.bankgiro, given.customer, given.seal_key)]
        )
    except (OSError, ValueError) as problem:
        parser.error(str(problem))
    return Config(given.port, given.data, tuple(payees), given.host, given.to, given.source,
                  given.poll)  # fmt: skip


def main() -> None:
    refuse_live_mode("Bankgirot")
    config = parse()
    log_as("bankgirot-stand-in")
    # After the checks: nothing is made on disk before them.
    from fundraise.sandbox.bankgirot.app import StandIn
    from fundraise.sandbox.bankgirot.service import Service

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
