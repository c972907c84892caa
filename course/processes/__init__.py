"""The processes of a check: zygotes and graders, the keeper that keeps them warm, and their seeds."""
