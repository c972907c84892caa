"""Made classes for measuring `course similarity`: honest solutions by varied means, and copies of some of them in disguise.

An honest student writes each function one of the ways in tests/variants or the reference solution's (now and then one of the
mistakes there), with habits that are the same in all files: NumPy's functions or methods or operators, squares, x += 1 or
x = x + 1, which branch comes first, keywords, values put where they are used, annotations, names of variables.

A copier takes another's files, gives most of them other names throughout, and uses two to five of DISGUISES, none of which is one
of those habits. Some write a third or half of the exercises alone.
"""

from __future__ import annotations

import ast
import copy
import functools
import keyword
import random
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.content.catalog import Exercise
from course.dev import variants

Files = list[tuple[str, str]]
Definition = ast.FunctionDef | ast.ClassDef
MISTAKES = 0.15  # of an honest student's functions
ALONE = 0.3  # of the copiers write a third or half of the exercises alone
RENAMED = 0.8  # of the copies have other names throughout
_OPERATORS = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.MatMult: "matmul",
}
_METHODS = ("sum", "mean", "max", "min", "argmax", "std", "var", "dot", "reshape", "clip", "cumsum", "prod")
_TURNED = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}
_WORDS = (
    "tmp",
    "part",
    "value",
    "term",
    "first",
    "inner",
    "out",
    "result",
    "res",
    "answer",
    "total",
    "acc",
    "current",
    "item",
    "data",
    "arr",
    "mat",
    "vec",
    "score",
    "count",
    "num",
    "index",
    "left",
    "right",
    "low",
    "high",
    "best",
    "error",
    "diff",
    "ratio",
    "scale",
    "shift",
    "weight",
    "bias",
    "hidden",
    "state",
    "grad",
    "step",
    "batch",
    "row",
    "col",
    "mask",
    "keep",
    "chosen",
    "found",
    "kept",
    "rest",
    "start",
    "stop",
    "size",
    "length",
    "width",
    "old",
    "new",
    "next_one",
    "previous",
    "output",
    "pred",
    "target",
)
# How a habit of an honest student's comes about: mostly never or nearly always, seldom in between.
_HABIT = (0.0, 0.0, 0.1, 0.5, 0.9)
HABITS = ("call", "method", "square", "augment", "turn", "keyword", "inline", "bare")


@dataclass(frozen=True)
class Class:
    """Students' files, and the pairs of them of which one was copied from the other."""

    files: Mapping[str, Files]
    copied: frozenset[frozenset[str]]


def made(
    seed: int, honest: int, copies: int, assignment: Sequence[Exercise], disguises: Sequence[str] = ()
) -> Class:
    """A class of honest students and copiers, every one of these from another student; by default all disguises are used."""
    chance = random.Random(seed)
    files = {f"honest{number:03}": alone(chance, assignment) for number in range(honest)}
    sources = chance.sample(sorted(files), copies)
    by = {f"copier{number:03}": source for number, source in enumerate(sources)}
    used = sorted(disguises or DISGUISES)
    files |= {
        name: disguised(chance, files[source], alone(chance, assignment), used) for name, source in by.items()
    }
    return Class(files, frozenset(frozenset(pair) for pair in by.items()))


@functools.cache
def ways(exercise: Exercise) -> tuple[Mapping[str, list[Definition]], Mapping[str, list[Definition]]]:
    """Of every function the ways to write it right, the reference solution's first, and those with a mistake."""
    data = tomllib.loads(variants.path(exercise).read_text(encoding="utf-8"))
    right: dict[str, list[Definition]] = {}
    wrong: dict[str, list[Definition]] = {}
    texts = [each.get("code", "") for each in data.get("correct", [])]
    for text in (exercise.solution.read_text(encoding="utf-8"), *texts):
        for node in _definitions(text):
            right.setdefault(node.name, []).append(node)
    for text in (each.get("code", "") for each in data.get("mistake", [])):
        for node in _definitions(text):
            wrong.setdefault(node.name, []).append(node)
    return right, wrong


def _definitions(text: str) -> Iterator[Definition]:
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return
    for node in body:
        if isinstance(node, Definition):
            if ast.get_docstring(node) and len(node.body) > 1:
                del node.body[0]
            yield node


def alone(chance: random.Random, assignment: Sequence[Exercise]) -> Files:
    """One student's files, written without another's."""
    habits = {habit: chance.choice(_HABIT) for habit in HABITS}
    style = chance.choice([_kept, _short, _chosen, _chosen])
    return [(f"{exercise.slug}.py", _written(chance, exercise, habits, style)) for exercise in assignment]


def _written(
    chance: random.Random,
    exercise: Exercise,
    habits: Mapping[str, float],
    style: Callable[[random.Random, str], str],
) -> str:
    right, wrong = ways(exercise)
    parts = []
    for name, known in right.items():
        mistaken = wrong.get(name) if chance.random() < MISTAKES else None
        node = copy.deepcopy(chance.choice(mistaken or known))
        node = _Habits(chance, habits).visit(node)
        renamed(node, functools.partial(style, chance))
        parts.append(_text(node))
    return "import numpy as np\n\n\n" + "\n\n\n".join(parts) + "\n"


def _kept(chance: random.Random, name: str) -> str:
    return name


def _short(chance: random.Random, name: str) -> str:
    return name[0] + chance.choice(["", "", "1", "2", name[-1]])


def _chosen(chance: random.Random, name: str) -> str:
    return chance.choice(
        [name, chance.choice(_WORDS), chance.choice(_WORDS), f"{name[:4]}_{chance.choice(_WORDS)}"]
    )


def disguised(chance: random.Random, files: Files, own: Files, disguises: Sequence[str]) -> Files:
    """Another's files so that they look like one's own, or some of them one's own."""
    kept: set[str] = set()
    if len(files) > 1 and chance.random() < ALONE:
        kept = set(chance.sample([path for path, _text in own], len(files) // chance.choice([2, 3])))
    used = chance.sample(disguises, chance.randint(min(2, len(disguises)), min(5, len(disguises))))
    effort = chance.uniform(0.2, 0.7)
    names = chance.random() < RENAMED
    mine = dict(own)
    made_ = []
    for path, text in files:
        start, *body = ast.parse(text).body
        for disguise in used:
            body = DISGUISES[disguise](chance, effort, body)
        for node in body if names else ():
            renamed(node, lambda _name: f"{chance.choice(_WORDS)}_{chance.choice(string.ascii_lowercase)}")
        made_.append((path, mine[path] if path in kept else "\n\n".join(map(_text, (start, *body))) + "\n"))
    return made_


def renamed(function: ast.AST, new: Callable[[str], str]) -> None:
    """Give the variables of a function other names, not its parameters."""
    names: dict[str, str] = {}
    own = [
        node for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    parameters = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    taken = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} | parameters
    for node in own:
        if node.id not in names and node.id not in parameters:
            name = new(node.id)
            names[node.id] = name if name not in taken and not keyword.iskeyword(name) else node.id
            taken.add(name)
    for each in ast.walk(function):
        if isinstance(each, ast.Name):
            each.id = names.get(each.id, each.id)


def _text(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(node))


def _numpy(name: str, arguments: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), arguments, [])


class _Habits(ast.NodeTransformer):
    """What one writes one way or the other without thinking, as often as the habits say."""

    def __init__(self, chance: random.Random, habits: Mapping[str, float]) -> None:
        self._chance, self._habits = chance, habits

    def _now(self, habit: str) -> bool:
        return self._chance.random() < self._habits.get(habit, 0)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if self._now("bare"):
            node.returns = None
            for each in ast.walk(node.args):
                if isinstance(each, ast.arg):
                    each.annotation = None
        place = 0
        while place < len(node.body) - 1:
            if self._now("inline"):
                _put_in(node.body, place)
            place += 1
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        two = isinstance(node.right, ast.Constant) and node.right.value == 2
        if isinstance(node.op, ast.Pow) and two and self._now("square"):
            if isinstance(node.left, ast.Name):
                return ast.BinOp(node.left, ast.Mult(), copy.deepcopy(node.left))
            return _numpy("square", [node.left])
        name = _OPERATORS.get(type(node.op))
        often = 1.0 if isinstance(node.op, ast.MatMult) else 0.2
        if name and self._now("call") and self._chance.random() < often:
            return _numpy(name, [node.left, node.right])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = node.func
        if not (isinstance(function, ast.Attribute) and function.attr in _METHODS):
            return node
        of_numpy = isinstance(function.value, ast.Name) and function.value.id == "np"
        if of_numpy and node.args and self._now("method"):
            node.func, node.args = ast.Attribute(node.args[0], function.attr, ast.Load()), node.args[1:]
        elif not of_numpy and self._now("call"):
            called = _numpy(function.attr, [function.value, *node.args])
            assert isinstance(called, ast.Call)
            node.func, node.args = called.func, called.args
        if len(node.keywords) == 1 and node.keywords[0].arg == "axis" and self._now("keyword"):
            node.args, node.keywords = [*node.args, node.keywords[0].value], []
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name) or not self._now("augment"):
            return node
        read = ast.Name(node.target.id, ast.Load())
        return ast.Assign([node.target], ast.BinOp(read, node.op, node.value), lineno=0)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if self._now("turn"):
            node.test, node.body, node.orelse = _not(node.test), node.orelse, node.body
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if node.orelse and not isinstance(node.orelse[0], ast.If) and self._now("turn"):
            node.test, node.body, node.orelse = _not(node.test), node.orelse, node.body
        return node


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _put_in(body: list[ast.stmt], place: int) -> None:
    """A value that the next statement alone uses, once, goes where it is used."""
    first, second = body[place], body[place + 1]
    if not (isinstance(first, ast.Assign) and isinstance(first.targets[0], ast.Name)):
        return
    name = first.targets[0].id
    uses = [
        sum(isinstance(n, ast.Name) and n.id == name for n in ast.walk(each)) for each in body[place + 1 :]
    ]
    if isinstance(second, ast.Assign | ast.Return) and uses[0] == 1 and not any(uses[1:]):
        body[place : place + 2] = [_Putting(name, first.value).visit(second)]


class _Putting(ast.NodeTransformer):
    """A value in place of its name."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self._name, self._value = name, value

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._value if node.id == self._name and isinstance(node.ctx, ast.Load) else node


# A disguise takes the definitions of a file and gives others; `effort` is how often it does what it does.
Body = list[ast.stmt]


def _blocks(body: Body) -> Iterator[Body]:
    for node in body:
        for each in ast.walk(node):
            for field in ("body", "orelse"):
                block = getattr(each, field, None)
                if isinstance(block, list) and block and not isinstance(each, ast.ClassDef):
                    yield block


def functions_moved(chance: random.Random, effort: float, body: Body) -> Body:
    """The functions in another order."""
    return chance.sample(body, len(body))


def statements_moved(chance: random.Random, effort: float, body: Body) -> Body:
    """Statements in another order where neither needs the other."""
    for block in list(_blocks(body)):
        for place in range(len(block) - 1):
            first, second = block[place], block[place + 1]
            free = isinstance(first, ast.Assign) and isinstance(second, ast.Assign)
            free = free and not (
                _names(first, ast.Store) & _names(second) or _names(second, ast.Store) & _names(first)
            )
            if free and chance.random() < effort:
                block[place], block[place + 1] = second, first
    return body


def sides_exchanged(chance: random.Random, effort: float, body: Body) -> Body:
    """Sides exchanged: a + b for b + a, b > a for a < b."""
    for node in (each for top in body for each in ast.walk(top)):
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Add | ast.Mult)
            and chance.random() < effort
        ):
            node.left, node.right = node.right, node.left
        turned = isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _TURNED
        if turned and isinstance(node, ast.Compare) and chance.random() < effort:
            node.left, node.comparators[0] = node.comparators[0], node.left
            node.ops[0] = _TURNED[type(node.ops[0])]()
    return body


def statements_added(chance: random.Random, effort: float, body: Body) -> Body:
    """Statements that do nothing, prints among them."""
    for block in list(_blocks(body)):
        for place in reversed(range(len(block))):
            if chance.random() < effort / 2:
                text = chance.choice(
                    ["print('here')", "unused = 0", "assert True", "pass", "done = False", "print()"]
                )
                block.insert(place, ast.parse(text).body[0])
    return body


def values_named(chance: random.Random, effort: float, body: Body) -> Body:
    """Values named on the way."""
    for block in list(_blocks(body)):
        for place in reversed(range(len(block))):
            statement = block[place]
            value = getattr(statement, "value", None)
            plain = isinstance(value, ast.Name | ast.Constant) or value is None
            if not isinstance(statement, ast.Return | ast.Assign) or plain or chance.random() > effort:
                continue
            name = f"{chance.choice(_WORDS)}{chance.randint(0, 99)}"
            part: ast.expr = value
            if isinstance(value, ast.BinOp) and not isinstance(value.left, ast.Name | ast.Constant):
                part, value.left = value.left, ast.Name(name, ast.Load())
            elif isinstance(statement, ast.Return):
                statement.value = ast.Name(name, ast.Load())
            else:
                continue
            block.insert(place, ast.Assign([ast.Name(name, ast.Store())], part, lineno=0))
    return body


def loops_exchanged(chance: random.Random, effort: float, body: Body) -> Body:
    """A loop for a comprehension, and the other way round."""
    for block in list(_blocks(body)):
        for place in reversed(range(len(block))):
            statement = block[place]
            following = block[place + 1] if place + 1 < len(block) else None
            if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
                continue
            name, value = statement.targets[0].id, statement.value
            if isinstance(value, ast.ListComp) and len(value.generators) == 1:
                [each] = value.generators
                step: ast.stmt = ast.parse(f"{name}.append(0)").body[0]
                assert isinstance(step, ast.Expr)
                assert isinstance(step.value, ast.Call)
                step.value.args = [value.elt]
                for condition in reversed(each.ifs):
                    step = ast.If(condition, [step], [])
                loop = ast.For(each.target, each.iter, [step], [], lineno=0)
                statement.value = ast.List([], ast.Load())
                block.insert(place + 1, loop)
            elif isinstance(value, ast.List) and not value.elts and isinstance(following, ast.For):
                only = following.body[0] if len(following.body) == 1 else None
                call = only.value if isinstance(only, ast.Expr) else None
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and call.func.attr == "append"
                ):
                    each = ast.comprehension(following.target, following.iter, [], 0)
                    statement.value = ast.ListComp(call.args[0], [each])
                    del block[place + 1]
    return body


def helpers_taken_out(chance: random.Random, effort: float, body: Body) -> Body:
    """Part of a function as a function of its own."""
    added: Body = []
    for function in [node for node in body if isinstance(node, ast.FunctionDef)]:
        known = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)} | _names(
            function, ast.Store
        )
        for block in list(_blocks([function])):
            for statement in block:
                value = getattr(statement, "value", None)
                long = isinstance(value, ast.expr) and sum(1 for _node in ast.walk(value)) > 12
                inner = any(isinstance(node, ast.comprehension | ast.Lambda | ast.NamedExpr | ast.Yield | ast.YieldFrom)
                            for node in ast.walk(statement))  # fmt: skip
                if (
                    not (long and isinstance(statement, ast.Assign | ast.Return))
                    or inner
                    or chance.random() > effort / 2
                ):
                    continue
                needed = sorted(_names(value, ast.Load) & known)
                name = f"_{chance.choice(_WORDS)}_{len(added)}"
                made_ = ast.parse(f"def {name}({', '.join(needed)}):\n    return 0").body[0]
                assert isinstance(made_, ast.FunctionDef)
                assert isinstance(made_.body[0], ast.Return)
                made_.body[0].value = value
                added.append(made_)
                statement.value = ast.parse(f"{name}({', '.join(needed)})", mode="eval").body
    return [*added, *body]


def notes_changed(chance: random.Random, effort: float, body: Body) -> Body:
    """Other annotations and docstrings."""
    for node in [each for each in body if isinstance(each, ast.FunctionDef)]:
        node.returns = None
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        if chance.random() < effort:
            node.body.insert(0, ast.Expr(ast.Constant(f"My own {chance.choice(_WORDS)}.")))
    return body


DISGUISES: Mapping[str, Callable[[random.Random, float, Body], Body]] = {
    "functions moved": functions_moved,
    "statements moved": statements_moved,
    "sides exchanged": sides_exchanged,
    "statements added": statements_added,
    "values named": values_named,
    "loops exchanged": loops_exchanged,
    "helpers taken out": helpers_taken_out,
    "notes changed": notes_changed,
}


def _names(node: ast.AST, context: type = ast.expr_context) -> set[str]:
    return {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, context)
    }
