"""What holds for all tests: drawn examples are the same each time, and may take their time on a busy machine."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
