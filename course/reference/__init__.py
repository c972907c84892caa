"""Reference mathematics in NumPy, shared by the graders and checked against the libraries in tests/."""
