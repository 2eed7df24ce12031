"""Backflow's engine: networks whose every forward and backward pass can be looked at."""

from engine.activations import ACTIVATIONS
from engine.checks import SpecError
from engine.data import DATASETS, Dataset, OwnData, load_dataset
from engine.evaluation import Evaluation, Score
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.network import Network
from engine.normalizations import NORMALIZATIONS
from engine.optimizers import OPTIMIZERS
from engine.options import Option
from engine.records import LayerView, NonFiniteError, StepRecord
from engine.schedules import SCHEDULES
from engine.spec import DataSpec, DenseSpec, NetworkSpec, RunSpec, TrainingSpec
from engine.trainer import Trainer

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "INITIALIZERS",
    "LOSSES",
    "NORMALIZATIONS",
    "OPTIMIZERS",
    "SCHEDULES",
    "DataSpec",
    "Dataset",
    "DenseSpec",
    "Evaluation",
    "LayerView",
    "Network",
    "NetworkSpec",
    "NonFiniteError",
    "Option",
    "OwnData",
    "RunSpec",
    "Score",
    "SpecError",
    "StepRecord",
    "Trainer",
    "TrainingSpec",
    "load_dataset",
]
