"""A worker in a process of its own, for systems without fork: the same protocol over standard input and output."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from course.worker import sandbox, zygote


def main() -> None:
    """Serve the requests on standard input; standard error carries the learner's output."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--secret", type=Path, action="append", required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--request", type=json.loads, required=True)
    parser.add_argument("--unconfined", action="store_true")
    options = parser.parse_args()
    readable = None if options.unconfined else sandbox.readable_paths(options.secret)
    channel_fds = [os.dup(0), os.dup(1)]
    zygote.start_worker(
        options.parent, channel_fds, os.dup(2), Path(options.request["scratch"]), options.request, readable
    )


if __name__ == "__main__":
    main()
