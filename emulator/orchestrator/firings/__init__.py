"""When jobs start by their schedules, and that none is lost or starts twice, whenever the manager dies. Pure.

A firing is one moment of one schedule. The order in which a manager does things is the whole safety:

1. `recover` once, with the containers that carry a firing's name as a label: what to create, to start, what ended.
2. `decide`, and save the history it gives, before anything is done: each firing to start stands in it as DECIDED.
3. Create the container, with `Firing.name` as its label, and start it; then save `created`.
4. When it has ended, save `ended`, and only then let the container be removed; `decide` again, for the queue.

Killed between any two of these, the next manager begins with 1. A container that was created is found by its label;
one that is not there and was only DECIDED never was. The manager has it simpler (`orchestrate.py`): a firing and the
task that it starts are saved in one transaction.

Files: `trigger.py` and `cluster/firing.py` are the values, `due.py` finds the moments, `decide.py` and `recover.py` do
the above.
"""

from stackferry.emulator.cluster.firing import Firing, History, Phase, Run
from stackferry.emulator.orchestrator.firings.decide import Decision, Reason, Skipped, decide
from stackferry.emulator.orchestrator.firings.history import begun, created, ended
from stackferry.emulator.orchestrator.firings.recover import Found, Recovery, recover
from stackferry.emulator.orchestrator.firings.trigger import Concurrency, Job, MissedFires, Trigger

__all__ = [
    "Concurrency",
    "Decision",
    "Firing",
    "Found",
    "History",
    "Job",
    "MissedFires",
    "Phase",
    "Reason",
    "Recovery",
    "Run",
    "Skipped",
    "Trigger",
    "begun",
    "created",
    "decide",
    "ended",
    "recover",
]
