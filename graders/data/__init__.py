"""The course's data sets: `course data NAME` and projects read them by these modules."""
