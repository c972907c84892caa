"""The airline table of day09: its schema, how it is read, and what stands in for it offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graders.data.airline import schema

if TYPE_CHECKING:
    import pandas

LABELS = {"en": {"satisfied": "satisfied"}, "ko": {"satisfied": "만족"}}


def read(content: bytes) -> pandas.DataFrame:
    """The table in a file's bytes, shape (rows, 23); raises BadData."""
    from course.content.data import tables

    wanted = tables.Schema(
        columns=schema.COLUMNS,
        categories=schema.CATEGORIES,
        limits=schema.LIMITS,
        gaps=(schema.ARRIVAL_DELAY,),
        answer=schema.TARGET,
        least=schema.FEWEST_ROWS,
    )
    return tables.read(content, wanted)


def generate() -> bytes:
    """The file of a made-up table as large as the original."""
    from graders.data.airline import generated

    return generated.csv(generated.table())


def describe(
    table: pandas.DataFrame, labels: Mapping[str, str]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """How many passengers are satisfied: for programs, and as rows to show."""
    satisfied = int((table[schema.TARGET] == schema.SATISFIED).sum())
    share = satisfied / len(table)
    facts = {"satisfied": satisfied, "satisfied_share": round(share, 6)}
    return facts, [(labels["satisfied"], f"{satisfied:,} ({share:.2%})")]
