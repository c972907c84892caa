"""The airline table of day09: its schema, where it comes from, how it is read, and what stands in for it offline.

Nothing is imported here: NumPy and pandas load with the module that needs them.
"""

from typing import Final

# The four exercises that together go from the raw rows to the report, in the order of the lecture's procedure.
EXERCISES: Final = ("airline_preprocess", "airline_model", "airline_train", "airline_evaluate")
