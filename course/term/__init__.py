"""A term: its file term.toml, read strictly, and what it says of dates, points, late work and single students."""
