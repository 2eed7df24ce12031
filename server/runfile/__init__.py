"""A run as a file: journal, state of now, some of its past, its branches. JSON and plain arrays, no pickle."""

from server.runfile.container import LARGEST_FILE, RunFileError
from server.runfile.content import Content, Saved
from server.runfile.file import read, write

__all__ = ["LARGEST_FILE", "Content", "RunFileError", "Saved", "read", "write"]
