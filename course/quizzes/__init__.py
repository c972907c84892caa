"""The quiz: a bank of questions, drawn, judged, released without its key, taken and reviewed."""
