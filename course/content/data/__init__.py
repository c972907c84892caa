"""The data sets that a course declares: which file is used, fetching the original, reading tables, and what stands in offline.

Nothing is imported here: NumPy and pandas load with the module that needs them.
"""
