"""`python -m benchmarks`: ratios, each of two things measured side by side in this run. See benchmarks/README.md."""

from __future__ import annotations

import argparse
import os
import statistics
import sys

from benchmarks import measures


def main() -> None:
    """Run the benchmarks named, by default all; exit status 1 where a ratio is above its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(measures.ALL))
    parser.add_argument(
        "--runs", type=int, default=5, help="runs of the quick ones; the lecture's scripts run once"
    )
    options = parser.parse_args()
    os.environ["COURSE_KEEP"] = "0"  # whatever runs here starts cold; only `keeper` asks for one
    failed = False
    print(f"{'benchmark':<48} {'ours':>9} {'beside':>9} {'ratio':>8} {'bound':>7}")
    for name in options.names or measures.ALL:
        for row in measures.ALL[name](options.runs):
            ours, beside = statistics.median(row.ours), statistics.median(row.beside)
            ratio = ours / beside
            bound = "" if row.bound is None else f"{row.bound:g}"
            print(
                f"{row.title:<48} {_shown(ours, row.unit):>9} {_shown(beside, row.unit):>9} {ratio:>8.3g} {bound:>7}",
                flush=True,
            )
            failed |= row.bound is not None and ratio > row.bound
    sys.exit(1 if failed else 0)


def _shown(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.0f} {unit}"
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1e6:.0f} us"


if __name__ == "__main__":
    main()
