"""`course serve`: the learner's progress, texts and quizzes as pages on this machine and for this machine alone."""
