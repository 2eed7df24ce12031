"""A step from −1 to +1 at 0."""

import numpy as np

from engine.data.curves import curve_set

STEP = curve_set(
    "Step", "A jump from -1 to +1 at 0: to come close, weights must grow.", lambda x: np.where(x < 0, -1.0, 1.0)
)
