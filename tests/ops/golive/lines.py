"""Lines of a test's own, by dotted path as settings.GO_LIVE wants them."""

from __future__ import annotations

from datetime import timedelta

from fundraise.ops.golive.line import Line, Result, State, Typed, Words, green, red

HERE = "tests.ops.golive.lines."


class World:
    """What the lines find: changed by the tests."""

    well = True
    about = "one"
    asked = 0
    who = "one"
    days = 7


def look() -> Result:
    World.asked += 1
    return green("well", number=7) if World.well else red("ill", who=World.who, days=World.days)


def breaks() -> Result:
    raise RuntimeError("anna@example.se could not be reached")


WORDS = {"well": Words("All %(number)s are well."), "ill": Words("It is ill.", "Mend it.")}
WELL = Line(
    "well", "Well", "Is it?", WORDS, look, holds_for=timedelta(days=7), about=lambda: World.about
)
BREAKS = Line("breaks", "Breaks", "Is it?", {}, breaks)
SENT = Line(
    "sent",
    "Sent",
    "Did it come?",
    {"gone": Words("Sent."), "confirmed": Words("Came.")},
    lambda: Result(State.WAITING, "gone", {}, "abcd2345"),
    typed=Typed("Code"),
    watched=False,
)
