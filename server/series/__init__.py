"""The series of one lane: the scalars of every step since the run began, in bounded memory."""

from server.series.store import Condensed, Mark, Reading, SeriesStore
from server.series.table import Table

__all__ = ["Condensed", "Mark", "Reading", "SeriesStore", "Table"]
