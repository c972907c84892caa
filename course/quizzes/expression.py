"""The small expressions of a question (docs/quiz.md), walked as a syntax tree: no name, call or attribute beyond the list."""

from __future__ import annotations

import ast
import functools
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

Value = int | float | bool | str | list[Any]

_LONGEST = 400
_LARGEST_POWER_BITS = 4096


class ExpressionError(ValueError):
    """An expression that is not one, or has no value for these names."""


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _power(base: float, exponent: float) -> float:
    if isinstance(base, int) and abs(base).bit_length() * abs(exponent) > _LARGEST_POWER_BITS:
        raise ExpressionError("a power too large")
    result: Any = base**exponent
    if isinstance(result, complex):
        raise ExpressionError("a power that is not real")
    return float(result) if isinstance(result, float) else int(result)


def _times(left: Any, right: Any) -> Any:
    if isinstance(left, list | str) or isinstance(right, list | str):
        raise ExpressionError("only numbers are multiplied")
    return left * right


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ceil": math.ceil, "floor": math.floor, "round": round, "sqrt": math.sqrt, "exp": math.exp, "log": math.log,
    "log2": math.log2, "tanh": math.tanh, "sigmoid": _sigmoid, "min": min, "max": max, "sum": sum, "abs": abs,
}  # fmt: skip
CONSTANTS: dict[str, Value] = {"pi": math.pi}

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: _times, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: _power,
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


@functools.lru_cache(maxsize=4096)
def _tree(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise ExpressionError(f"{text[:40]}…: longer than {_LONGEST} characters")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{text}: not an expression") from error


def names(text: str) -> set[str]:
    """The names an expression needs, without functions and constants; raises ExpressionError."""
    found = {node.id for node in ast.walk(_tree(text)) if isinstance(node, ast.Name)}
    return found - set(FUNCTIONS) - set(CONSTANTS)


def evaluate(text: str, values: Mapping[str, Value]) -> Value:
    """The value of an expression: a finite number, a truth value, a text or a list of these; raises ExpressionError."""
    try:
        result: Value = _value(_tree(text), values)
    except ExpressionError as error:
        raise ExpressionError(f"{text}: {error}") from error
    except (ArithmeticError, ValueError, TypeError, RecursionError) as error:
        raise ExpressionError(f"{text}: {error}") from error
    if not _finite(result):
        raise ExpressionError(f"{text}: not a finite number")
    return result


def number(text: str, values: Mapping[str, Value]) -> int | float:
    """The value of an expression that must be a number; raises ExpressionError."""
    result = evaluate(text, values)
    if isinstance(result, bool) or not isinstance(result, int | float):
        raise ExpressionError(f"{text}: not a number")
    return result


def _finite(value: Value) -> bool:
    if isinstance(value, list):
        return all(_finite(entry) for entry in value)
    return not isinstance(value, float) or math.isfinite(value)


def _value(node: ast.expr, values: Mapping[str, Value]) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as constant):
            return constant
        case ast.Name(id=name):
            if name in values:
                return values[name]
            if name in CONSTANTS:
                return CONSTANTS[name]
            raise ExpressionError(f"there is no {name}")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)](_value(left, values), _value(right, values))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return _UNARY[type(op)](_value(operand, values))
        case ast.BoolOp(op=op, values=parts):
            test = all if isinstance(op, ast.And) else any
            return test(bool(_value(part, values)) for part in parts)
        case ast.Compare(left=left, ops=ops, comparators=rest) if all(type(op) in _COMPARE for op in ops):
            sides = [_value(side, values) for side in (left, *rest)]
            return all(_COMPARE[type(op)](sides[i], sides[i + 1]) for i, op in enumerate(ops))
        case ast.IfExp(test=test_node, body=body, orelse=orelse):
            return _value(body if _value(test_node, values) else orelse, values)
        case ast.List(elts=entries):
            return [_value(entry, values) for entry in entries]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_value(argument, values) for argument in arguments))
    raise ExpressionError(f"{type(node).__name__} has no place in an expression")
