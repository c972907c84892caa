"""What a learner has done, in one SQLite file that survives two commands at once and a kill at any moment."""
