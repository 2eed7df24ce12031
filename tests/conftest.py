"""What holds for all tests: drawn examples are the same each time, and may take their time on a busy machine."""

import os

from hypothesis import settings

# Servers that are started by tests keep no sessions in the home of whoever runs them.
os.environ["BACKFLOW_DATA_DIR"] = "none"

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
