"""Benchmarks. One thread: set before anything brings NumPy in, which reads it once."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
