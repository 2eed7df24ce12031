"""Data sets: seeded generators, and real data that ship with the package."""

from engine.data.dataset import Dataset
from engine.data.features import FEATURES
from engine.data.load import load_dataset
from engine.data.table import DATASETS

__all__ = ["DATASETS", "FEATURES", "Dataset", "load_dataset"]
