"""Pages: what every HTML face of the course shares."""
