"""Watching the learner's files: what changed, grading it at once in processes that stay warm, and what to show."""
