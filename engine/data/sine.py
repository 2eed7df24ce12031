"""Nearly two waves of a sine."""

import numpy as np

from engine.data.curves import curve_set

SINE = curve_set("Sine", "Nearly two waves to fit, over one input: each bend takes units.", np.sin)
