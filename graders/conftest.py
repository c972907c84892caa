"""Lets `pytest graders/day10 --submission DIR` run by itself."""

pytest_plugins = ["course.grading.plugin", "course.grading.standalone"]
