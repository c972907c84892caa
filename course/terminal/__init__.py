"""How things look in a terminal, and how one answers there."""
