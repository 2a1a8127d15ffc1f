"""Requests checked against the parameter types of the `stripe` package.

Stripe generates those TypedDicts from the same specification as its API, so they are a contract
that Stripe made and not a guess of ours; an upgrade of the package shows what Stripe removed as
failing tests. Private details of the package are used here and nowhere else: the module of a
parameter class, and names that its annotations mention without importing at run time.

Two doors: `check` for a dict built in Python (strict: an amount as text is wrong) and `from_form`
for what came over the wire, where everything is text.
"""

from __future__ import annotations

import functools
import operator
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NotRequired, Required, get_args, get_origin

import stripe.params
from pydantic import ConfigDict, TypeAdapter, ValidationError
from stripe._request_options import RequestOptions
from typing_extensions import TypedDict, is_typeddict


class _UntypedObject:
    """In the place of `UntypedStripeObject[X]`, which is no dict at run time."""

    def __class_getitem__(cls, item: Any) -> Any:
        return dict[str, item]


# Mentioned in annotations, but missing at run time or of no use there.
STAND_INS: dict[str, Any] = {
    "Mapping": Mapping,
    "StripeContext": object,
    "UntypedStripeObject": _UntypedObject,
}
OPTIONS = frozenset(RequestOptions.__annotations__)

UNKNOWN, MISSING, WRONG = "unknown", "missing", "wrong"


@dataclass(frozen=True)
class Violation:
    kind: str
    param: str
    message: str
    code: str | None


class ContractError(ValueError):
    def __init__(self, params_class: str, violations: list[Violation]) -> None:
        self.violations = violations
        super().__init__(f"{params_class}: " + "; ".join(v.message for v in violations))


def check(params_class: str, params: Mapping[str, Any]) -> None:
    """Raise ContractError unless Stripe's own type of the call accepts these parameters.

    params_class is a name in `stripe.params`: "RefundCreateParams", "checkout.SessionCreateParams".
    """
    _validate(params_class, params, strict=True)


def from_form(params_class: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The same for decoded form parameters; returns them with their types."""
    return _validate(params_class, params, strict=False)


def names(params_class: str) -> frozenset[str]:
    """The parameters that Stripe knows of a call."""
    return frozenset(_holder(params_class).__annotations__) - OPTIONS


def _validate(params_class: str, params: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
    try:
        return dict(_adapter(params_class).validate_python(dict(params), strict=strict))
    except ValidationError as problem:
        raise ContractError(params_class, _violations(problem, params)) from None


@cache
def _adapter(params_class: str) -> TypeAdapter[Any]:
    return TypeAdapter(_closed_dict(_holder(params_class)))


def _holder(params_class: str) -> Any:
    holder: Any = stripe.params
    for part in params_class.split("."):
        holder = getattr(holder, part)
    return holder


@cache
def _closed_dict(params: Any) -> Any:
    """A copy of a TypedDict that forbids other keys and closes its open enums."""
    holder = types.SimpleNamespace(
        __annotations__={
            name: annotation
            for name, annotation in params.__annotations__.items()
            if name not in OPTIONS
        }
    )
    names = vars(sys.modules[params.__module__]) | STAND_INS
    hints = typing.get_type_hints(holder, names, include_extras=True)
    required = params.__required_keys__
    fields = {name: _wrap(_closed(hint), name in required) for name, hint in hints.items()}
    # By another name: type checkers want the fields of a TypedDict written out.
    make: Any = TypedDict
    closed = make(params.__name__, fields)
    closed.__pydantic_config__ = ConfigDict(extra="forbid")
    return closed


def _wrap(hint: Any, required: bool) -> Any:
    return Required[hint] if required else NotRequired[hint]


def _closed(hint: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if is_typeddict(hint):
        return _closed_dict(hint)
    if origin in (NotRequired, Required):
        return _closed(args[0])
    if origin in (typing.Union, types.UnionType):
        return functools.reduce(operator.or_, map(_closed, _without_open_end(args)))
    if origin in (list, dict, tuple):
        return origin[tuple(_closed(arg) for arg in args)]
    return hint


def _without_open_end(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """`Literal["a", "b"] | str` without `str`; free text that may be unset ("") is left alone."""
    values = {value for arg in args if get_origin(arg) is Literal for value in get_args(arg)}
    if not values or "" in values or str not in args:
        return args
    return tuple(arg for arg in args if arg is not str)


def _violations(problem: ValidationError, params: Mapping[str, Any]) -> list[Violation]:
    order = {UNKNOWN: 0, MISSING: 1, WRONG: 2}
    found = [_violation(error, params) for error in problem.errors(include_url=False)]
    return sorted(dict.fromkeys(found), key=lambda violation: order[violation.kind])


def _violation(error: Any, params: Mapping[str, Any]) -> Violation:
    param = _param_name(error["loc"], params, error["type"])
    if error["type"] == "extra_forbidden":
        return Violation(
            UNKNOWN, param, f"Received unknown parameter: {param}", "parameter_unknown"
        )
    if error["type"] == "missing":
        return Violation(MISSING, param, f"Missing required param: {param}.", "parameter_missing")
    if error["type"].startswith("int"):
        return Violation(WRONG, param, f"Invalid integer: {param}", "parameter_invalid_integer")
    if error["type"] == "literal_error":
        expected = error.get("ctx", {}).get("expected", "")
        return Violation(WRONG, param, f"Invalid {param}: must be one of {expected}", None)
    return Violation(WRONG, param, f"Invalid {param}: {error['msg']}", None)


def _param_name(loc: tuple[str | int, ...], params: Any, kind: str) -> str:
    """The path in Stripe's notation; what pydantic adds for a union's members is left out."""
    node, parts = params, []
    for part in loc:
        if _holds(node, part):
            node = node[part]
        elif not (kind == "missing" and part == loc[-1]):
            continue
        parts.append(str(part))
    return "".join(f"[{part}]" if i else part for i, part in enumerate(parts))


def _holds(node: Any, part: str | int) -> bool:
    return (
        part in node
        if isinstance(node, Mapping)
        else (isinstance(node, list) and isinstance(part, int))
    )
