"""For those who write exercises: scaffolding, generated files, and the proof that nothing has drifted."""
