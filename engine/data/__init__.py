"""Data sets: seeded generators, real data that ship with the package, and what users bring themselves."""

from engine.data.dataset import Dataset, DataShape
from engine.data.features import FEATURES
from engine.data.load import load_dataset
from engine.data.own import OwnData, OwnShape
from engine.data.table import DATASETS

__all__ = ["DATASETS", "FEATURES", "DataShape", "Dataset", "OwnData", "OwnShape", "load_dataset"]
