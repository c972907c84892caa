"""Reference mathematics in NumPy, checked against the libraries in tests/, and checks, that several graders share."""
