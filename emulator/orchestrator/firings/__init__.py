"""When jobs start by their schedules, and that none is lost or starts twice, whenever the manager dies. Pure.

A firing is one moment of one schedule. `orchestrate.py` asks `decide` in each pass, and makes the task of a firing in
the same pass, which is saved as a whole before anything is done: the next manager finds both or neither.
`trigger.py` and `cluster/firing.py` are the values, `due.py` finds the moments, `history.py` says how it goes on.
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
