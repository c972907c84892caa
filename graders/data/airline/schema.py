"""What the airline table holds: its columns in the file's order, their categories and ranges, the features after preprocessing.

Imports neither NumPy nor pandas. Source: the lecture's table of columns and the public file's description.
"""

from __future__ import annotations

from typing import Final

TARGET: Final = "satisfaction"
SATISFIED: Final = "satisfied"
ARRIVAL_DELAY: Final = "Arrival Delay in Minutes"
DEPARTURE_DELAY: Final = "Departure Delay in Minutes"

# The 14 questions of the survey, answered 0 (not applicable) to 5, in the file's order.
RATINGS: Final = (
    "Seat comfort",
    "Departure/Arrival time convenient",
    "Food and drink",
    "Gate location",
    "Inflight wifi service",
    "Inflight entertainment",
    "Online support",
    "Ease of Online booking",
    "On-board service",
    "Leg room service",
    "Baggage handling",
    "Checkin service",
    "Cleanliness",
    "Online boarding",
)
# The public file spells "disloyal Customer" with a small d, and so sorts it last.
CATEGORIES: Final[dict[str, tuple[str, ...]]] = {
    TARGET: ("dissatisfied", SATISFIED),
    "Gender": ("Female", "Male"),
    "Customer Type": ("Loyal Customer", "disloyal Customer"),
    "Type of Travel": ("Business travel", "Personal Travel"),
    "Class": ("Eco", "Eco Plus", "Business"),  # in the order of the ordinal code 0, 1, 2
}
COLUMNS: Final = (
    TARGET,
    "Gender",
    "Customer Type",
    "Age",
    "Type of Travel",
    "Class",
    "Flight Distance",
    *RATINGS,
    DEPARTURE_DELAY,
    ARRIVAL_DELAY,
)
# Smallest and largest value of the public file.
RANGES: Final[dict[str, tuple[int, int]]] = {
    "Age": (7, 85),
    "Flight Distance": (50, 6951),
    **dict.fromkeys(RATINGS, (0, 5)),
    DEPARTURE_DELAY: (0, 1592),
    ARRIVAL_DELAY: (0, 1584),
}
# What a reader lets pass: another copy may hold a passenger of 90, but none of 900.
LIMITS: Final[dict[str, tuple[int, int]]] = {
    **RANGES,
    "Age": (0, 120),
    "Flight Distance": (0, 20_000),
    DEPARTURE_DELAY: (0, 10_000),
    ARRIVAL_DELAY: (0, 10_000),
}
# pandas' dtypes: text is object or str by its version; Arrival Delay has gaps, so it is a float.
DTYPES: Final[dict[str, str]] = {
    column: "text" if column in CATEGORIES else "float64" if column == ARRIVAL_DELAY else "int64"
    for column in COLUMNS
}

ORDINAL: Final = ("Class",)
ONE_HOT: Final = ("Gender", "Customer Type", "Type of Travel")
NUMERIC: Final = tuple(RANGES)
# What preprocessing gives: every column but the target, in the file's order, the one-hot columns behind them as
# pandas.get_dummies(columns=ONE_HOT) appends them.
FEATURES: Final = (
    *(column for column in COLUMNS if column != TARGET and column not in ONE_HOT),
    *(f"{column}_{category}" for column in ONE_HOT for category in CATEGORIES[column]),
)

# Fewer can't be split, trained on and judged.
FEWEST_ROWS: Final = 500
# Of the public file.
ROWS: Final = 129_880
SATISFIED_ROWS: Final = 71_087
MISSING_ARRIVAL: Final = 393
# The lecture's 0.15, then 0.2 of the rest: training, validation, test.
SPLIT_SIZES: Final = (88_318, 22_080, 19_482)
