"""One chat service, from the drawing board to its second version, told as a risk officer would follow it.

    python -m examples.story --lang en --out demo-output

A made-up Korean company prepares a chat service for the public. Between March and November 2026 it passes through the
six stages of an AI system's life: design, development, test, deployment, monitoring, update. At each stage the risks
are identified, assessed and answered; three bodies decide; and a gate stays shut until what is missing has been done.
The chapters below are the whole story. Then twelve public incidents are read with the same eyes.

Nothing here waits or looks at a real clock: the story moves its own. Everything that happens is written to a register,
``asi.db``, from which both reports are made.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from . import design, development, monitoring, public, release, repair, trial, update
from .desk import tell
from .scene import Scene

CHAPTERS: tuple[Callable[[Scene], None], ...] = (
    design.four_risks_are_found,
    development.the_parts_are_built_and_pinned,
    trial.everything_is_measured,
    trial.the_agent_oversteps_and_is_stopped,
    trial.the_release_is_refused,
    repair.the_missing_work_is_done,
    release.three_bodies_approve,
    release.the_first_weeks_are_watched,
    monitoring.an_incident_is_contained_first,
    update.the_next_cycle_begins,
    update.the_candidate_is_gated_again,
    public.public_incidents_are_read,
)


def main() -> None:
    """Tell the story and leave the register and both reports in a folder."""
    asked = argparse.ArgumentParser(prog="python -m examples.story", description=__doc__)
    asked.add_argument("--lang", choices=("ko", "en"), default="ko", help="language of the account")
    asked.add_argument("--out", type=Path, default=Path("demo-output"), help="folder for the register and the reports")
    chosen = asked.parse_args()
    tell(CHAPTERS, lang=chosen.lang, out=chosen.out)


if __name__ == "__main__":
    main()
