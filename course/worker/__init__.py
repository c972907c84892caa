"""The learner's side of a check: the process that runs their code and holds nothing worth stealing.

Nothing in this package may import course.grading or the content folders.
"""
