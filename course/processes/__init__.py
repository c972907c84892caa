"""The processes of a check: zygotes and graders, their seeds, and what protection they run under."""
