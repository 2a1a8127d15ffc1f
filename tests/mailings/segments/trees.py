"""Random trees for Hypothesis: every kind of condition, groups to depth six, `not` anywhere."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.mailings.segments.worlds import CHANNELS, POSTCODES, PURPOSES, SOURCES, TAGS, TOWNS

Tree = st.SearchStrategy[dict[str, Any]]

_DAYS = st.sampled_from(["2025-01-01", "2025-11-26", "2025-12-31", "2026-01-01", "2026-10-27"])
WHEN: Tree = st.one_of(
    st.builds(lambda n, u: {"last": n, "unit": u}, st.sampled_from([1, 12, 30]),
              st.sampled_from(["days", "months"])),
    st.builds(lambda n, u: {"before": n, "unit": u}, st.sampled_from([1, 12, 30]),
              st.sampled_from(["days", "months"])),
    st.builds(lambda n: {"year": -n}, st.integers(0, 2)),
    st.builds(lambda day: {"from": day}, _DAYS),
    st.builds(lambda day: {"to": day}, _DAYS),
    st.builds(lambda one, two: {"from": min(one, two), "to": max(one, two)}, _DAYS, _DAYS),
)  # fmt: skip


def some(values: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def maybe(**parts: st.SearchStrategy[Any]) -> Tree:
    return st.fixed_dictionaries({}, optional=parts)


def bounds(numbers: list[int]) -> Tree:
    """At least, at most, or between."""
    low, high = st.sampled_from(numbers), st.sampled_from(numbers)
    return st.one_of(
        st.builds(lambda n: {"at_least": n}, low),
        st.builds(lambda n: {"at_most": n}, high),
        st.builds(lambda a, b: {"at_least": min(a, b), "at_most": max(a, b)}, low, high),
    )


def leaf(refs: list[str], funds: list[str]) -> Tree:
    """One condition of any kind; `refs` are campaigns."""
    cut = maybe(campaigns=some(refs), funds=some(funds), channels=some(CHANNELS))
    gave = st.builds(
        lambda measure, bound, during, cut: {
            "is": "gave", "measure": measure, **bound, **cut,
            **({"during": during} if during and measure != "latest" else {}),
        },
        st.sampled_from(["gifts", "sum", "largest", "latest"]),
        st.one_of(bounds([1, 2, 100_00, 150_00, 500_00]), st.just({"at_least": 1})),
        st.none() | WHEN,
        cut,
    )  # fmt: skip
    pledge = maybe(
        states=some(["active", "paused", "halted", "ended"]), at_least=st.just(150_00),
        intervals=some([1, 3]), methods=some(["card", "autogiro"]), started=WHEN, ended=WHEN,
        campaigns=some(refs), funds=some(funds),
    )  # fmt: skip
    stood = st.one_of(
        st.builds(lambda when: {"when": when}, WHEN), bounds([1, 2, 3]),
        st.builds(lambda when, bound: {"when": when, **bound}, WHEN, bounds([1, 2, 3])),
    )  # fmt: skip
    fields: dict[str, Tree] = {
        "kind": st.builds(lambda v: {"one_of": v}, some(["person", "organisation"])),
        "language": st.builds(lambda v: {"one_of": v}, some(["sv", "en"])),
        "source": st.builds(lambda v: {"one_of": v}, some([*SOURCES, "gift"])),
        "known": st.builds(lambda v: {"when": v}, WHEN),
        "postcode": st.builds(
            lambda v: {"ranges": v}, some([*POSTCODES, "1", "114", "111-114", "41-90"])
        ),
        "town": st.builds(lambda v: {"one_of": v}, some([*map(str.title, TOWNS), "Lund"])),
        "country": st.builds(lambda v: {"one_of": v}, some(["SE", "NO", "FI"])),
        "allowed": st.builds(lambda v: {"purpose": v}, st.sampled_from(PURPOSES)),
        "basis": st.builds(
            lambda v, b: {"purpose": v, "one_of": b}, st.sampled_from(PURPOSES),
            some(["consent", "membership", "regular_contact"]),
        ),
        "tag": st.builds(lambda v: {"one_of": v}, some([*map(str.upper, TAGS), "okänd"])),
        "first_gift": st.builds(lambda when, cut: {"when": when, **cut}, WHEN, cut),
        "last_gift": st.builds(lambda when, cut: {"when": when, **cut}, WHEN, cut),
        "pledge": pledge,
        "failing": st.just({}),
        "card_ends": st.builds(lambda n: {"within_days": n}, st.sampled_from([0, 10, 60, 90])),
        "mandate": st.builds(lambda v: {"states": v}, some(["active", "ended"])),
        "mailed": stood,
        "clicked": stood,
        "has_email": st.just({}),
        "has_address": st.just({}),
        "suppressed": st.just({}),
        "share": st.builds(
            lambda n, first, seed: {"percent": n, "from": first, "seed": seed},
            st.sampled_from([1, 10, 50]), st.sampled_from([0, 30, 50]),
            st.sampled_from(["a", "b7"]),
        ),
    }  # fmt: skip
    others = [st.builds(lambda v, k=kind: {"is": k, **v}, value) for kind, value in fields.items()]
    return st.one_of(gave, gave, gave, gave, *others)


def tree(refs: list[str], funds: list[str], depth: int = 6) -> Tree:
    """A tree that is at most so deep."""
    one = leaf(refs, funds)
    for _ in range(depth - 1):
        inside = one
        group = st.lists(inside, min_size=0, max_size=3)
        one = st.one_of(
            leaf(refs, funds),
            st.builds(lambda v: {"all": v}, group),
            st.builds(lambda v: {"any": v}, group),
            st.builds(lambda v: {"not": v}, inside),
        )
    return one
