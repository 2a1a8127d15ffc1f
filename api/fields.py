"""How sums, times and unknown fields are read and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from fundraise.money import MAX_ORE


class Strict(serializers.Serializer[Any]):
    """Reads a JSON object; a field that is not known is refused, not left out."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = {
                str(name): [ErrorDetail("", code="unknown")]
                for name in data
                if name not in self.fields or self.fields[name].read_only
            }
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """A JSON number without decimals: "100" and true are none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Ore(WholeNumber):
    """A sum above zero in öre."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ORE, **kwargs)


class Text(serializers.CharField):
    """A JSON string."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    """true or false, nothing that looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input="")
        return data


class Instant(serializers.DateTimeField):
    """An instant in UTC, ISO 8601 with a Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class Json(serializers.JSONField):
    """Any JSON, with no text that the database can't hold."""

    default_error_messages = {"bad_text": "Not valid."}

    def to_internal_value(self, data: Any) -> Any:
        if not all(map(_can_be_kept, _texts(data))):
            self.fail("bad_text")
        return super().to_internal_value(data)


def _texts(data: Any) -> Iterator[str]:
    """Every text in it, however deep."""
    left = [data]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            left += one


def _can_be_kept(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


class RefOf(serializers.UUIDField):
    """The ref of a row beside this one: `RefOf("campaign")`."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(source=f"{name}.ref", read_only=True, **kwargs)
