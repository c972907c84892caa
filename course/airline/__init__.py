"""The airline table of day09: its schema, where it comes from, how it is read, and what stands in for it offline.

Nothing is imported here: NumPy and pandas load with the module that needs them.
"""
