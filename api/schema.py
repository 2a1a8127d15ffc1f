"""The OpenAPI document: what the views say, with keys, problems and refused unknown fields."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from api import idempotency
from api.problems import CONTENT_TYPE, KINDS

Json = dict[str, Any]
STARTS = {"start_gift", "start_pledge"}  # with a key or with a form, through the giver's door
PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457. `type` names the kind of problem and leads to what is written of it.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "The cause, where a type has several."},
        "challenge": {"type": "object", "description": "With the type `prove`: what to solve."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer of the field."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> Json:
        return {"type": "http", "scheme": "bearer", "description": "A key of the API: fr_…"}


class StrictObject(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """An object that is read refuses fields it does not know."""

    target_class = "api.fields.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Json:
        told: Json = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**told, "additionalProperties": False}


class Schema(AutoSchema):
    """One operation."""

    view: Any

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_description(self) -> str:  # type: ignore[override]
        words: str = super().get_description()
        wanted = self.view.permissions_of.get(self.method, "")
        return f"{words}\n\nPermission: `{wanted}`." if wanted else words

    def get_auth(self) -> list[Json]:
        if self.get_operation_id() in STARTS:
            return [{"key": []}, {}]
        return [] if self.view.public else [{"key": []}]

    def get_override_parameters(self) -> list[Any]:
        found = []
        if self.method == "POST" and self.view.writes_once:
            found.append(
                OpenApiParameter(
                    idempotency.HEADER,
                    location="header",
                    required=True,
                    type={
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 200,
                        "pattern": "^[!-~]{1,200}$",
                    },
                    description="Chosen by you for one write; send it again with the same request.",
                )
            )
        if self.get_operation_id() in STARTS:
            found.append(
                OpenApiParameter(
                    "Gift-Proof",
                    location="header",
                    type={"type": "string", "maxLength": 4000, "pattern": "^[!-~]*$"},
                    description="The solved challenge, when the page is under attack.",
                )
            )
        return found

    def _get_response_bodies(self, direction: Any = "response") -> Json:
        told: Json = super()._get_response_bodies(direction)
        for status in sorted(self._problems()):
            titles = [kind.title for kind in KINDS.values() if kind.status == status]
            told[str(status)] = {
                "description": " Or: ".join(titles),
                "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        return told

    def _problems(self) -> set[int]:
        """The statuses that this operation may answer with besides its own."""
        found = {400, 429, 500, 503}
        writes = self.method != "GET"
        if not self.view.public or self.get_operation_id() in STARTS:
            found |= {401, 403}
        if "{" in self.path or self.get_operation_id() in STARTS:
            found.add(404)
        if writes and self._get_request_body():  # type: ignore[no-untyped-call]
            found |= {413, 415, 422}
        if self.get_operation_id() in {"donor", "ask_refund"} or (writes and self.view.writes_once):
            found |= {409, 422}
        if self.get_operation_id() in STARTS:
            found |= {401, 403}
        return found


def with_problems(result: Json, **_kwargs: Any) -> Json:
    """The last touch: the shape of a problem."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    return result
