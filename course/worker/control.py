"""How those that others are forked from (zygotes, graders, commands) answer a keeper's message, and what a worker's end says."""

DONE, FAILED = b"+", b"-"
# The exit status of a worker that could not go on: what it runs on was exchanged under it.
BROKEN = 70
