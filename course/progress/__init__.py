"""Where a learner stands and what comes next: pure functions over what the store holds."""
