"""Settings for all tests: how hard Hypothesis searches."""

import os

from hypothesis import HealthCheck, settings

# No deadline anywhere: a loaded machine is not a bug, and the tests read no real clock.
settings.register_profile("fast", max_examples=50, deadline=None)
settings.register_profile("ci", parent=settings.get_profile("fast"), derandomize=True, database=None, print_blob=True)
settings.register_profile("soak", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "fast"))
