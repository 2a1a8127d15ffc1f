"""The same statements with the same locks, sent by pgbench: what the database itself can do.

The statements are those that the service was heard to send for one gift. The gift's number in them
becomes a variable of pgbench, so that every transaction books a gift of its own.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection

from fundraise.env import database_from_url
from fundraise.gifts import services as gifts
from fundraise.ops.bench.house import House
from fundraise.ops.bench.pending import Pending

CLIENTS = 8
JOURNAL_REF = re.compile(r'"ref": "[0-9a-f-]{36}"')
RATE = re.compile(r"tps = ([0-9.]+)")
NEXT_NUMBER = "\\set n :base + :client_id * :block + :i\n\\set i :i + 1\n"


class Failed(Exception):
    """pgbench did not book what it was told to."""


def heard(pending: Pending) -> str:
    """Book one gift and write down what was sent, as a script for pgbench."""
    number = pending.block(1)
    statements: list[str] = []

    def listen(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        statements.append(context["cursor"].cursor.mogrify(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        gifts.record_gift(number, pending.receipt(number))
    lines = ["BEGIN", *(_with_variable(text, number) for text in statements), "COMMIT"]
    return NEXT_NUMBER + "".join(f"{line};\n" for line in lines)


def _with_variable(statement: str, number: int) -> str:
    """The number becomes `:n`, and every journal's ref one that holds the number."""
    places = iter(range(1, 100))
    named = JOURNAL_REF.sub(
        lambda _found: f'"ref": "bbbbbbb{next(places)}-0000-4000-8000-:n"', statement
    )
    return named.replace(str(number), ":n")


def gifts_a_second(house: House, pending: Pending, script: str, seconds: int, block: int) -> float:
    """Transactions a second at eight connections."""
    if house.pgbench is None:
        raise Failed("there is no pgbench here")
    path = house.folder / "settle.sql"
    path.write_text(script, encoding="utf-8")
    first = pending.block(block * CLIENTS)
    words = [
        str(house.pgbench), "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds),
        "-D", f"base={first}", "-D", f"block={block}", "-D", "i=0", "-f", str(path), *_where(house),
    ]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    rate = RATE.search(done.stdout)
    if done.returncode != 0 or rate is None or "aborted" in done.stderr:
        raise Failed(done.stderr[-1000:])
    return float(rate.group(1))


def _where(house: House) -> list[str]:
    parts = database_from_url(settings.DATABASE_URL)
    return ["-h", house.sockets, "-U", str(parts["USER"]), str(parts["NAME"])]
