"""The seccomp filter made from the table of calls. See seccomp(2)."""

from __future__ import annotations

import ctypes
import functools
import os
import struct

from course.worker.sandbox import kernel
from course.worker.sandbox.calls import CALLS, ENOSYS, NEWEST, OWN_PROCESS, Call, Check

_Step = tuple[int, int, int, int]

_STEP = struct.Struct("=HBBI")
_SECCOMP = (317, 277)
_AUDIT_ARCH = (0xC000003E, 0xC00000B7)
_X32 = 0x40000000
_LOAD, _AND, _JUMP_EQ, _JUMP_GE, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_EPERM = 1
_ERROR = 0x00050000
_ALLOWED = (_RETURN, 0, 0, 0x7FFF0000)


def install() -> None:
    """Put it on every thread of this process for good; raises SandboxError."""
    code, places = prepared()
    buffer = ctypes.create_string_buffer(code, len(code))
    for place in places:
        struct.pack_into("=I", buffer, place, os.getpid())
    description = struct.pack("=H6xQ", len(code) // _STEP.size, ctypes.addressof(buffer))
    if kernel.syscall(_SECCOMP[kernel.machine()], 1, 1, description):  # SET_MODE_FILTER, TSYNC
        raise kernel.SandboxError("seccomp refused the filter")


@functools.cache
def prepared() -> tuple[bytes, list[int]]:
    """The program's bytes, and at which of them the worker's process id belongs; made once, where workers are forked."""
    one, other = (program(kernel.machine(), pid) for pid in (1, 2))
    places = [
        _STEP.size * number + _STEP.size - 4
        for number, (step, same) in enumerate(zip(one, other, strict=True))
        if step != same
    ]
    return b"".join(_STEP.pack(*step) for step in one), places


def available() -> bool:
    """Whether this system can have one: the kernel is asked whether it knows the answer that a denied call gets."""
    return kernel.syscall(_SECCOMP[kernel.machine()], 2, 0, struct.pack("=I", _ERROR)) == 0


def program(machine: int, pid: int) -> list[_Step]:
    """The BPF program for a column of the table and the worker's process id."""
    denied = _answered(_EPERM)
    steps = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQ, 1, 0, _AUDIT_ARCH[machine]),
        denied,
        (_LOAD, 0, 0, 0),
        (_JUMP_GE, 0, 1, _X32),
        denied,
        (_JUMP_GE, 0, 1, NEWEST + 1),
        _answered(ENOSYS),
    ]
    for call in CALLS:
        number = (call.x86_64, call.aarch64)[machine]
        if number >= 0:
            body = _body(call, pid)
            steps += [(_JUMP_EQ, 0, len(body), number), *body]
    return [*steps, denied]


def _body(call: Call, pid: int) -> list[_Step]:
    if call.answer is not None:
        return [_answered(call.answer)]
    steps = []
    for check in call.pretended:
        steps += _unless(check._replace(among=not check.among), pid, _answered(0))
    for check in call.checks:
        steps += _unless(check, pid, _answered(_EPERM))
    return [*steps, _ALLOWED]


def _unless(check: Check, pid: int, otherwise: _Step) -> list[_Step]:
    """Go on behind these steps where the check holds; else `otherwise`."""
    steps = [(_LOAD, 0, 0, 16 + 8 * check.argument + 4 * check.upper)]
    if check.mask != 0xFFFFFFFF:
        steps.append((_AND, 0, 0, check.mask))
    values = [pid if value == OWN_PROCESS else value for value in check.values]
    for left, value in zip(range(len(values) - 1, -1, -1), values, strict=True):
        found, missed = (left + 1, 0) if check.among else (left, int(left == 0))
        steps.append((_JUMP_EQ, found, missed, value))
    return [*steps, otherwise]


def _answered(error: int) -> _Step:
    return (_RETURN, 0, 0, _ERROR | error)
