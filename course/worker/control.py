"""How those that others are forked from (zygotes, graders, commands) answer a keeper's message once they have done it."""

DONE, FAILED = b"+", b"-"
