"""Wrappers compiled with the exact signature of what they wrap: as right as the generic ones, and faster.

Parameters are passed on one by one, so nothing is packed and unpacked, and a wrong call fails outside the watched
body with Python's own message. One source is compiled for each shape and kept; it stands in ``linecache``, so that
debuggers and tracebacks show it. Only parameter names enter the source, and only ones that are identifiers.

This is the only place of the library that compiles source.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import keyword
import linecache
from collections.abc import Callable, Iterator
from types import CodeType, CoroutineType, FunctionType
from typing import Any

from attrs import frozen

from ._generic import Kind, follow, from_async, from_sync, settle
from ._hook import GO, Plan

__all__ = ["compiled"]

_OURS = "_asi_"
_SHAPES = 4_096


@frozen
class _Shape:
    """What a source depends on: kind, parameters, number of doors, and whether anybody looks at what comes out."""

    kind: Kind
    before_slash: tuple[str, ...]
    positional: tuple[str, ...]
    rest: str | None
    named: tuple[str, ...]
    named_rest: str | None
    doors: int
    watches: bool
    looks: bool

    @property
    def parameters(self) -> str:
        """The parameters, without defaults: those are shared with the function itself."""
        parts = [*self.before_slash, *(["/"] if self.before_slash else []), *self.positional]
        parts += [f"*{self.rest}"] if self.rest else ["*"] if self.named else []
        parts += [*self.named, *([f"**{self.named_rest}"] if self.named_rest else [])]
        return ", ".join(parts)

    @property
    def passed(self) -> str:
        """The arguments as they are passed on."""
        parts = [*self.before_slash, *self.positional, *([f"*{self.rest}"] if self.rest else [])]
        parts += [f"{name}={name}" for name in self.named]
        return ", ".join([*parts, *([f"**{self.named_rest}"] if self.named_rest else [])])

    @property
    def packed(self) -> str:
        """The arguments as a tuple and a dict, for the slow path."""
        values = "".join(f"{name}, " for name in (*self.before_slash, *self.positional))
        values += f"*{self.rest}, " if self.rest else ""
        names = ", ".join(
            [f'"{name}": {name}' for name in self.named] + ([f"**{self.named_rest}"] if self.named_rest else [])
        )
        return f"({values}), {{{names}}}"


def compiled(plan: Plan, kind: Kind) -> Callable[..., Any] | None:
    """Return the wrapper with the exact signature; None where the signature cannot be read or a name collides."""
    function = plan.function
    shape = _shape_of(function, plan, kind) if isinstance(function, FunctionType) else None
    if shape is None or not isinstance(function, FunctionType):
        return None
    # Globals of its own, because the interpreter reads a global faster than a variable of an enclosing function.
    space: dict[str, Any] = {
        "__name__": __name__,
        "__builtins__": builtins,
        "_asi_f": function,
        "_asi_enter": plan.enter,
        "_asi_failed": plan.seer,
        "_asi_returned": plan.returned,
        "_asi_plan": plan,
        "_asi_w": plan.wanted,
        "_asi_go": GO,
        "_asi_type": type,
        "_asi_co": CoroutineType,
        "_asi_follow": follow,
        "_asi_settle": settle,
        "_asi_from_sync": from_sync,
        "_asi_from_async": from_async,
        "_asi_errors": (StopAsyncIteration, GeneratorExit, BaseException),
    }
    space.update((f"{_OURS}d{number}", door.slot) for number, door in enumerate(plan.doors))
    exec(_code_of(shape), space)  # noqa: S102  # the one place; see the module's docstring
    wrapper: FunctionType = space.pop("wrapper")
    wrapper.__defaults__ = function.__defaults__
    wrapper.__kwdefaults__ = function.__kwdefaults__
    return wrapper


def _shape_of(function: FunctionType, plan: Plan, kind: Kind) -> _Shape | None:
    code = function.__code__
    names = iter(code.co_varnames)
    count, slash = code.co_argcount, code.co_posonlyargcount
    before = tuple(_take(names, slash))
    positional = tuple(_take(names, count - slash))
    named = tuple(_take(names, code.co_kwonlyargcount))
    rest = next(names) if code.co_flags & inspect.CO_VARARGS else None
    named_rest = next(names) if code.co_flags & inspect.CO_VARKEYWORDS else None
    everything = [*before, *positional, *named, *(one for one in (rest, named_rest) if one is not None)]
    if not all(one.isidentifier() and not keyword.iskeyword(one) and not one.startswith(_OURS) for one in everything):
        return None
    return _Shape(kind, before, positional, rest, named, named_rest, len(plan.doors), bool(plan.wanted), plan.looks)


def _take(names: Iterator[str], count: int) -> Iterator[str]:
    for _ in range(count):
        yield next(names)


@functools.lru_cache(maxsize=_SHAPES)
def _code_of(shape: _Shape) -> CodeType:
    source = _source_of(shape)
    name = f"<kakao_asi wrapper of ({shape.parameters}), {shape.kind}, {shape.doors}{shape.watches:d}{shape.looks:d}>"
    # Without a time of change linecache keeps an entry for good.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return compile(source, name, "exec", dont_inherit=True)


def _source_of(shape: _Shape) -> str:
    lines = [
        f"{'async def' if shape.kind in _ASYNC else 'def'} wrapper({shape.parameters}):",
        *(f"    {line}" for line in _BODIES[shape.kind](shape)),
    ]
    return "\n".join(lines) + "\n"


_ASYNC = ("coroutine", "async_generator")


def _door(shape: _Shape, *instead: str) -> list[str]:
    if not shape.doors:
        return []
    full = " or ".join(f"_asi_d{number}.full" for number in range(shape.doors))
    return [
        f"if {full}:",
        f"    _asi_r = _asi_enter({shape.packed})",
        "    if _asi_r is not _asi_go:",
        *(f"        {line}" for line in instead),
    ]


def _watched(shape: _Shape, *body: str) -> list[str]:
    if not shape.watches:
        return list(body)
    return [
        "try:",
        *(f"    {line}" for line in body),
        "except _asi_w as _asi_e:",
        "    _asi_failed(_asi_e)",
        "    raise",
    ]


def _looked(shape: _Shape, result: str = "_asi_r") -> list[str]:
    return [f"_asi_returned({result}, {shape.packed})"] if shape.looks else []


def _plain(shape: _Shape) -> list[str]:
    following = shape.watches or shape.looks
    return [
        *_door(shape, "return _asi_r"),
        *_watched(shape, f"_asi_r = _asi_f({shape.passed})"),
        *(
            ["if _asi_type(_asi_r) is _asi_co:", f"    return _asi_follow(_asi_plan, _asi_r, {shape.packed})"]
            if following
            else []
        ),
        *_looked(shape),
        "return _asi_r",
    ]


def _coroutine(shape: _Shape) -> list[str]:
    return [
        *_door(shape, "return await _asi_settle(_asi_r)"),
        *_watched(shape, f"_asi_r = await _asi_f({shape.passed})"),
        *_looked(shape),
        "return _asi_r",
    ]


def _generator(shape: _Shape) -> list[str]:
    return [
        *_door(shape, "return (yield from _asi_from_sync(_asi_r))"),
        *_watched(shape, f"_asi_r = yield from _asi_f({shape.passed})"),
        *_looked(shape),
        "return _asi_r",
    ]


_STEPS = """\
_asi_step = _asi_source.asend
try:
    _asi_r = await _asi_step(None)
    while True:
        _asi_t = None
        try:
            _asi_r = yield _asi_r
        except _asi_errors[1]:
            await _asi_source.aclose()
            raise
        except _asi_errors[2] as _asi_e:
            _asi_t = _asi_e
        if _asi_t is None:
            _asi_r = await _asi_step(_asi_r)
            continue
        _asi_b = _asi_t.__traceback__
        _asi_t.__traceback__ = None if _asi_b is None else _asi_b.tb_next
        try:
            _asi_r = await _asi_source.athrow(_asi_t)
        finally:
            del _asi_t, _asi_b
except _asi_errors[0]:
    pass"""


def _async_generator(shape: _Shape) -> list[str]:
    opened = f"_asi_source = _asi_f({shape.passed})"
    door = _door(shape, "_asi_source = _asi_from_async(_asi_r)")
    watched = ["except _asi_w as _asi_e:", "    _asi_failed(_asi_e)", "    raise"] if shape.watches else []
    start = ["_asi_source = None", *door, "if _asi_source is None:", f"    {opened}"] if door else [opened]
    return [*start, *_STEPS.splitlines(), *watched, *_looked(shape, "None")]


_BODIES: dict[Kind, Callable[[_Shape], list[str]]] = {
    "plain": _plain,
    "coroutine": _coroutine,
    "generator": _generator,
    "async_generator": _async_generator,
}
