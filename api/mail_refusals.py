"""Why mail's doors refused, as problems with words: appeals, segments, words of mails, journeys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.problems import Problem, pointer
from fundraise.audit import reasons
from mailings.appeals.errors import AppealError
from mailings.appeals.services.linking import MendError
from mailings.attribution.errors import AttributionError
from mailings.composing.blocks import BlocksError
from mailings.composing.errors import Refused, Stale
from mailings.journeys.services import JourneyError
from mailings.segments.errors import SegmentError
from mailings.segments.tree import TreeError
from mailings.suppressions.errors import SuppressionError

CHANGED = "Somebody saved after you read it. Read it again, then send your change anew."
WORDS = {
    "changed_meanwhile": CHANGED,
    "newer_version": CHANGED,
    "not_draft": "It is no draft any more, so it stays as it is. Copy it to change it.",
    "journey_runs": "The journey runs, so its words stay. Switch it off to write.",
    "letter": "It goes by post: take the letters out as a file.",
    "pattern": "These are the words of a journey's step: the journey sends them.",
    "preflight": "Something must be mended first: `faults` names the checks that are in the way.",
    "quiet_hours": "That is in quiet hours: say in `quiet_reason` why it may be sent then.",
    "too_late": "It is not scheduled, or its people are being chosen already. Cancel it instead.",
    "not_sent": "Nobody has got it yet, or it is a letter.",
    "campaign_over": "Its campaign is over: open it again or move its last day first.",
    "closed": "A step asks for the journey's campaign, which is over.",
    "not_frozen": "Letters are made when the mails are prepared.",
    "frozen": "The letters were made before.",
    "not_sending": "It is not being sent now.",
    "not_paused": "It is not paused.",
    "over": "It has ended.",
    "settled": "It was settled meanwhile, or tried once more: read the batches again.",
    "trial_running": "The rest waits for what the trial shows.",
    "one_version": "A trial takes two versions at least.",
    "no_variant": "There is no such version, or it can't be taken away.",
    "no_words": "Nothing is written yet.",
    "full": "There are four versions at most.",
    "archived": "It is put away.",
    "too_slow": "The question took too long. Use fewer or simpler conditions.",
    "no_steps": "The journey has no mails.",
    "words": "The words of a step can't be sent yet.",
    "sender": "A step does not come from an address that may be used: choose a verified sender.",
    "ended": "It has ended for good.",
    "lifted_already": "It was lifted already.",
    "code_taken": "The code is in use.",
    "other_campaign": "The appeal belongs to another campaign.",
}
# What is wrong with a field rather than with how things stand.
FIELDS = {
    "unreadable": "/local_time",
    "skipped": "/local_time",
    "past": "/local_time",
    "too_far": "/local_time",
    "ambiguous": "/which",
    "unknown_zone": "/zone",
    "needs_reason": "/why",
    "needs_wish": "/wish",
    "name_needed": "/name",
    "name_too_long": "/name",
    "code_form": "/code",
    "label_missing": "/label",
    "sender_unknown": "/address",
    "sender_name": "/name",
    "bad_link": "/target",
    "no_link": "/target",
    "insecure_link": "/target",
}


@contextmanager
def told(tree: str = "/tree") -> Iterator[None]:
    """What the doors within refuse becomes a problem; `tree` is where the body has its tree."""
    try:
        yield
    except TreeError as error:
        raise wrong_tree(error, tree) from None
    except Stale as stale:
        raise Problem(
            "refused", CHANGED, code="changed_meanwhile", extra={"edition": stale.edition}
        ) from None
    except BlocksError as error:
        raise Problem("invalid", errors=[(_place(error.at), error.code)]) from None
    except AppealError as error:
        raise _of_code(error.code, error.faults) from None
    except JourneyError as error:
        code, _, step = error.code.partition(":")
        raise _of_code(code, (step,) if step else ()) from None
    except (AttributionError, MendError, Refused, SegmentError, SuppressionError) as error:
        raise _of_code(error.code) from None


def _of_code(code: str, faults: tuple[str, ...] = ()) -> Problem:
    if code in FIELDS:
        return Problem("invalid", code=code, errors=[(FIELDS[code], code)])
    extra = {"faults": list(dict.fromkeys(faults))} if faults else {}
    return Problem("refused", WORDS.get(code, "That can't be done now."), code=code, extra=extra)


def wrong_tree(error: TreeError, at: str) -> Problem:
    """Everything that is wrong with a tree, each at its place in it."""
    errors = [
        (at + "".join(pointer(str(step)) for step in one.path), one.code) for one in error.problems
    ]
    return Problem("invalid", errors=errors)


def _place(at: str) -> str:
    """Where a sheet is wrong: "3.heading.text" is the fourth block's text, which is a heading."""
    steps = [step for step in at.split(".") if step]
    if steps and steps[0].isdigit():
        steps = ["blocks", steps[0], *steps[2:]]
    return "".join(pointer(step) for step in steps) or "/blocks"


def names_nobody(text: str, at: str = "/why") -> str:
    """A reason stays in the log for ever. Raises Problem: invalid."""
    if reasons.tell_of_a_person(text):
        raise Problem("invalid", errors=[(at, "personal")])
    return text
