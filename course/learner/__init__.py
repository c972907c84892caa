"""What a learner owns and hands in: the workspace, its files and notebooks, edits, upgrades; the progress store."""
