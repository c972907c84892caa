"""Notebooks: what the graders get of them, checks inside them, and nbgrader."""
