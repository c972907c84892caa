"""What the generated table assumes about passengers, as plain numbers.

Three kinds of figures stand here. *Known*: counts of the public file (gender, loyalty, travel, class). *Estimated*: shares,
quantiles and factor loadings of loyal customers on personal travel, rounded, from the real part of the table the tests
compare with. *Assumed*: how the others differ, chosen so that the whole keeps the means of the public description.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Group:
    """Passengers of one loyalty and one type of travel. Quantiles are (probability, value) pairs."""

    loyal: bool
    business: bool
    count: int  # of the public file's 129,880
    female: float
    eco: float
    eco_plus: float  # the rest fly Business
    age: tuple[tuple[float, float], ...]
    distance: tuple[tuple[float, float], ...]
    age_distance: float  # correlation of age and distance on the normal scale
    mood: float  # shift of every rating on the normal scale


_PERSONAL_DISTANCE = (
    (0.0, 50), (0.01, 99), (0.05, 350), (0.1, 554), (0.25, 1261), (0.5, 1812), (0.75, 2287), (0.9, 2822),
    (0.95, 3289), (0.99, 4023), (0.9999, 6000), (1.0, 6951),
)  # fmt: skip
_BUSINESS_DISTANCE = (
    (0.0, 50), (0.01, 120), (0.05, 370), (0.1, 640), (0.25, 1420), (0.5, 1990), (0.75, 2680), (0.9, 3420),
    (0.95, 3900), (0.99, 4700), (0.9999, 6500), (1.0, 6951),
)  # fmt: skip
_DISLOYAL_AGE = (
    (0.0, 7), (0.01, 13), (0.05, 20), (0.25, 24), (0.5, 27), (0.75, 37), (0.95, 50), (0.99, 61), (1.0, 85),
)  # fmt: skip

GROUPS: Final = (
    Group(
        loyal=True, business=False, count=37_956, female=0.5008, eco=0.820, eco_plus=0.113,
        age=((0.0, 7), (0.97, 69), (1.0, 71)), distance=_PERSONAL_DISTANCE, age_distance=-0.35, mood=0.0,
    ),
    Group(
        loyal=True, business=True, count=68_144, female=0.512, eco=0.203, eco_plus=0.054,
        age=((0.0, 7), (0.01, 18), (0.05, 25), (0.25, 36), (0.5, 44), (0.75, 52), (0.95, 61), (0.99, 70), (1.0, 85.9)),
        distance=_BUSINESS_DISTANCE, age_distance=-0.15, mood=0.0,
    ),
    Group(
        loyal=False, business=True, count=21_549, female=0.505, eco=0.560, eco_plus=0.060,
        age=_DISLOYAL_AGE, distance=_BUSINESS_DISTANCE, age_distance=-0.15, mood=-0.15,
    ),
    Group(
        loyal=False, business=False, count=2_231, female=0.505, eco=0.780, eco_plus=0.100,
        age=_DISLOYAL_AGE, distance=_PERSONAL_DISTANCE, age_distance=-0.15, mood=-0.15,
    ),
)  # fmt: skip

# How often each question is answered 0, 1, 2, 3, 4, 5, on personal and on business travel; in the file's order.
PERSONAL_RATINGS: Final = (
    (0.044, 0.155, 0.219, 0.239, 0.252, 0.091),
    (0.026, 0.124, 0.131, 0.140, 0.299, 0.280),
    (0.065, 0.156, 0.219, 0.240, 0.228, 0.092),
    (0.000, 0.164, 0.187, 0.295, 0.240, 0.114),
    (0.002, 0.124, 0.207, 0.212, 0.234, 0.221),
    (0.040, 0.110, 0.167, 0.195, 0.303, 0.185),
    (0.000, 0.131, 0.139, 0.152, 0.296, 0.282),
    (0.000, 0.117, 0.151, 0.171, 0.292, 0.269),
    (0.000, 0.092, 0.111, 0.220, 0.313, 0.264),
    (0.009, 0.071, 0.164, 0.175, 0.316, 0.265),
    (0.000, 0.059, 0.090, 0.164, 0.378, 0.309),
    (0.000, 0.100, 0.102, 0.278, 0.288, 0.232),
    (0.000, 0.055, 0.087, 0.159, 0.387, 0.312),
    (0.000, 0.126, 0.144, 0.229, 0.259, 0.242),
)
BUSINESS_RATINGS: Final = (
    (0.030, 0.155, 0.215, 0.250, 0.220, 0.130),
    (0.065, 0.170, 0.190, 0.190, 0.220, 0.165),
    (0.045, 0.150, 0.195, 0.220, 0.230, 0.160),
    (0.000, 0.175, 0.190, 0.255, 0.225, 0.155),
    (0.001, 0.110, 0.205, 0.211, 0.248, 0.225),
    (0.015, 0.085, 0.140, 0.175, 0.335, 0.250),
    (0.000, 0.100, 0.130, 0.170, 0.325, 0.275),
    (0.000, 0.105, 0.150, 0.175, 0.300, 0.270),
    (0.000, 0.100, 0.140, 0.210, 0.325, 0.225),
    (0.002, 0.090, 0.165, 0.175, 0.310, 0.258),
    (0.000, 0.060, 0.110, 0.200, 0.375, 0.255),
    (0.000, 0.125, 0.125, 0.275, 0.275, 0.200),
    (0.000, 0.060, 0.110, 0.200, 0.370, 0.260),
    (0.000, 0.115, 0.145, 0.235, 0.280, 0.225),
)
# How strongly each question follows the five things people judge: seat, online, crew, attention, punctuality.
PERSONAL_LOADINGS: Final = (
    (0.82, 0.02, 0.02, 0.00, 0.00),
    (0.33, -0.03, 0.18, 0.00, 0.50),
    (0.91, 0.00, 0.02, 0.10, 0.00),
    (0.42, 0.01, -0.03, -0.15, 0.30),
    (0.02, 0.79, -0.06, 0.00, 0.00),
    (0.36, 0.14, 0.02, 0.50, -0.20),
    (0.00, 0.69, 0.00, 0.20, 0.00),
    (0.03, 0.85, 0.38, -0.10, -0.08),
    (0.02, 0.07, 0.68, 0.02, 0.00),
    (0.10, 0.03, 0.40, 0.03, -0.08),
    (0.01, 0.04, 0.73, 0.00, 0.05),
    (-0.04, 0.05, 0.25, 0.35, 0.30),
    (0.01, 0.05, 0.76, 0.00, 0.05),
    (0.00, 0.86, -0.04, 0.12, 0.05),
)
BUSINESS_LOADINGS: Final = (
    (0.75, 0.08, 0.08, 0.15, 0.00),
    (0.62, 0.00, 0.06, 0.00, 0.30),
    (0.85, 0.04, 0.02, 0.05, 0.00),
    (0.60, 0.02, 0.00, -0.10, 0.30),
    (0.05, 0.74, 0.05, 0.05, 0.00),
    (0.30, 0.25, 0.12, 0.50, -0.10),
    (0.03, 0.72, 0.10, 0.20, 0.00),
    (0.04, 0.78, 0.38, 0.00, 0.00),
    (0.03, 0.12, 0.68, 0.15, 0.00),
    (0.08, 0.12, 0.48, 0.15, 0.00),
    (0.02, 0.06, 0.74, 0.05, 0.00),
    (-0.02, 0.15, 0.28, 0.30, 0.20),
    (0.02, 0.06, 0.77, 0.02, 0.00),
    (0.02, 0.82, 0.06, 0.10, 0.00),
)
# How much higher women rate than men on personal travel, on the normal scale; on business travel they do not.
PERSONAL_FEMALE: Final = (
    0.56, -0.29, 0.48, 0.08, 0.28, 1.04, 0.60, 0.56, 0.36, 0.42, 0.15, 0.18, 0.13, 0.41,
)  # fmt: skip
# What a seat in Business adds on business travel, on the normal scale; Eco passengers lack it.
BUSINESS_CLASS: Final = (
    0.25, 0.00, 0.10, 0.00, 0.10, 0.40, 0.30, 0.30, 0.35, 0.40, 0.25, 0.25, 0.25, 0.25,
)  # fmt: skip

# Minutes late at departure: nothing for this share, otherwise exp(a + b·z + c·z²) with z standard normal, heavy-tailed.
ON_TIME: Final = 0.561
DELAY_CURVE: Final = (2.80, 1.36, -0.09)
# Minutes gained or lost in the air (probability, minutes), and for those who left on time: how often, and exp(a + b·z).
IN_THE_AIR: Final = (
    (0.0, -35), (0.05, -21), (0.25, -12), (0.5, -5), (0.75, 2), (0.95, 20), (0.99, 45), (1.0, 90),
)  # fmt: skip
LATE_IN_THE_AIR: Final = 0.192
LATE_CURVE: Final = (1.79, 1.05)
