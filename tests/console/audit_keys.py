"""Which keys the code writes before and after a change, read from the code itself."""

from __future__ import annotations

import ast

from tests.console.actions import LOGGERS, _name, modules

DOORS = {*LOGGERS, "_told", "_said"}
SAID = {"before", "after"}
NOT_KEYS = {"by", "action", "subject_type", "subject_ref", "subject_refs", "reason", "request"}


def keys() -> set[str]:
    """Keys of dicts that are handed to the log, that are called before or after, or of a note."""
    found = set[str]()
    for module in modules(LOGGERS):
        if not _logs(module):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and _name(node) in DOORS:
                given = [*node.args, *(k.value for k in node.keywords if k.arg in SAID)]
                found |= {key for value in given for key in _dict(value)}
                if _name(node) == "note":
                    found |= {k.arg for k in node.keywords if k.arg} - NOT_KEYS
            if isinstance(node, ast.Assign) and _targets(node) & SAID:
                found |= _dict(node.value) | _pairs(node.value)
            if isinstance(node, ast.FunctionDef) and node.name in DOORS:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        found |= _dict(inner.value)
            if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
                found |= {key for part in node.value.elts for key in _pairs(part)}
    return found


def _logs(module: ast.Module) -> bool:
    return any(isinstance(node, ast.Call) and _name(node) in LOGGERS for node in ast.walk(module))


def _targets(node: ast.Assign) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def _dict(value: ast.expr) -> set[str]:
    """The keys that are written out in a dict."""
    if not isinstance(value, ast.Dict):
        return set()
    return {str(key.value) for key in value.keys if isinstance(key, ast.Constant)}


def _pairs(value: ast.expr) -> set[str]:
    """The first words of a tuple of pairs, which becomes a dict."""
    if not isinstance(value, ast.Tuple):
        return set()
    pairs = [part for part in value.elts if isinstance(part, ast.Tuple) and len(part.elts) == 2]
    return {str(p.elts[0].value) for p in pairs if isinstance(p.elts[0], ast.Constant)}
