"""Lets `pytest graders/day01 --submission DIR` run by itself."""

pytest_plugins = ["course.grading.plugin", "course.grading.standalone"]
