"""The lines of the report (11 §) as data: their codes, and where each sum comes from.

A line with a role takes what our books hold on the account of that role; typed sums add what lives
elsewhere, and part what lies on one account among several lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of income. `role`: the account it is taken from, if it takes what is left there."""

    code: str
    role: str = ""
    public: bool = False


LINES: tuple[Line, ...] = (
    Line("party_support", role="public_support", public=True),
    Line("womens_support", public=True),
    Line("group_support", public=True),
    Line("municipal_support", public=True),
    Line("youth_support", public=True),
    Line("membership", role="membership"),
    Line("sales", role="sales"),
    Line("lottery", role="lottery"),
    Line("within_party", role="within_party"),
    Line("other_income", role="other_income"),
    Line("interest", role="interest"),
)
BY_CODE: Mapping[str, Line] = {line.code: line for line in LINES}
TYPED = frozenset(BY_CODE)
# Lines whose sums lie on one account of ours: a typed sum that is in the books parts them.
ROLE_OF: Mapping[str, str] = {
    **{line.code: line.role for line in LINES if line.role},
    **{line.code: "public_support" for line in LINES if line.public},
}
CONTRIBUTIONS = (
    "collections", "small", "kind_person", "kind_within", "kind_other", "anonymous",
)  # fmt: skip
