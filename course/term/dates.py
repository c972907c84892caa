"""Times of a term: each has a zone, or it is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_UNITS = {"min": "minutes", "minute": "minutes", "minutes": "minutes", "h": "hours", "hour": "hours", "hours": "hours",
          "d": "days", "day": "days", "days": "days"}  # fmt: skip
_DURATION = re.compile(r"\s*(\d+)\s*([a-z]+)\s*")
_NOTED = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s*(.*)")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d):?(\d\d)")


class NoTime(ValueError):
    """A text that is no time, or one without a zone."""


def zone(name: str) -> ZoneInfo:
    """The time zone of this name, such as Asia/Seoul; raises NoTime."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise NoTime(name) from error


def duration(text: str) -> timedelta:
    """A time such as "15 min", "2 hours" or "3 days"; raises NoTime."""
    match = _DURATION.fullmatch(text.casefold())
    if match is None or match[2] not in _UNITS:
        raise NoTime(text)
    try:
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    except OverflowError as error:
        raise NoTime(text) from error


def aware(time: datetime, own: ZoneInfo | None) -> datetime:
    """A time with its zone, the term's where it names none; raises NoTime where neither is there.

    Of an hour that a change of clocks makes come twice the later one is meant.
    """
    if time.tzinfo is not None:
        return time
    if own is None:
        raise NoTime(str(time))
    return time.replace(tzinfo=own, fold=1)


def noted(text: str, own: ZoneInfo | None) -> datetime:
    """The time in a note such as nbgrader's, "2026-03-02 10:00:00 UTC"; one without a zone is UTC, as nbgrader has it.

    Raises:
        NoTime: it is none, or its zone is an abbreviation that is not the term's own.
    """
    match = _NOTED.fullmatch(text.strip())
    try:
        if match is None:
            raise NoTime(text)
        time = datetime.fromisoformat(f"{match[1]} {match[2]}")
        return time.replace(tzinfo=_zone(match[3], time, own)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NoTime(text) from error


def _zone(name: str, time: datetime, own: ZoneInfo | None) -> timezone | ZoneInfo:
    offset = _OFFSET.fullmatch(name)
    if name in ("", "Z", "UTC", "GMT"):
        return UTC
    if offset is not None:
        value = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-value if offset[1] == "-" else value)
    if own is not None and own.tzname(time) == name:
        return own
    return zone(name)


def shown(time: datetime | None, own: ZoneInfo | None = None) -> str:
    """A time as people read it, in the term's zone."""
    if time is None:
        return ""
    local = time.astimezone(own) if own is not None else time
    return f"{local:%Y-%m-%d %H:%M} {getattr(local.tzinfo, 'key', None) or local.tzname() or ''}".strip()
