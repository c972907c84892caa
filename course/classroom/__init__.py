"""A whole class: its submissions found and graded, its results as tables, pages and gradebooks."""
