"""Markdown as texts have it, and equations as plain text: for every face and every export."""
