"""When scheduled jobs start, and that no run is lost or starts twice, whenever the manager dies. Pure.

A firing is one moment of one schedule. `orchestrate.py` asks `decide` in each pass, and creates the firing's task in
the same pass, which is saved as a whole before any operation starts: the next manager finds both or neither.
`trigger.py` and `cluster/firing.py` hold the values, `due.py` finds the moments, `history.py` updates the history.
"""

from stackferry.emulator.cluster.firing import Firing, History, Run
from stackferry.emulator.orchestrator.firings.decide import Decision, Reason, Skipped, decide
from stackferry.emulator.orchestrator.firings.history import begun, ended
from stackferry.emulator.orchestrator.firings.trigger import Concurrency, Job, MissedFires, Trigger

__all__ = [
    "Concurrency",
    "Decision",
    "Firing",
    "History",
    "Job",
    "MissedFires",
    "Reason",
    "Run",
    "Skipped",
    "Trigger",
    "begun",
    "decide",
    "ended",
]
