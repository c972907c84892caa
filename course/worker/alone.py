"""A worker in a process of its own, for systems without fork: the same protocol over standard input and output."""

from __future__ import annotations

import argparse
import json
import os
import signal
import threading
import time
from pathlib import Path

from course.worker import sandbox, zygote


def main() -> None:
    """Serve the requests on standard input; standard error carries the learner's output."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--secret", type=Path, action="append", required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--request", type=json.loads, required=True)
    parser.add_argument("--confine", choices=zygote.CONFINE, required=True)
    options = parser.parse_args()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a terminal's Ctrl-C is for the command, which ends its graders
    confinement = zygote.Confinement(options.confine, sandbox.readable_paths(options.secret))
    zygote.preload(options.request["imports"])
    channel_fds = [os.dup(0), os.dup(1)]
    zygote.start_worker(
        options.parent,
        channel_fds,
        os.dup(2),
        Path(options.request["scratch"]),
        options.request,
        confinement,
        once_confined=lambda: _end_with(options.parent),
    )


def _end_with(parent: int) -> None:
    """Let a thread leave once the grader has gone, whatever a learner's code is doing."""

    def leave() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    if os.name == "posix":
        threading.Thread(target=leave, daemon=True).start()


if __name__ == "__main__":
    main()
