"""How scripts are handed to ShellCheck: as they really run, or as hadolint does it. The set of rules chooses.

Measured on the 282 files of our corpus (1,210 scripts; 254 files that hadolint 2.15.1 reads), ShellCheck 0.11.0:

    OWN       @OWN@
    HADOLINT  @HADOLINT@
"""

from typing import NamedTuple


class Manner(NamedTuple):
    """What is taken as it is (true), and what as hadolint has it (false).

    `values`: the values of ARG and ENV; for hadolint each is 1, which splits into no words and so hides SC2086.
    `shells`: busybox's ash as itself and `-e` of SHELL; for hadolint both are a plain sh.
    `every`: every finding; hadolint shows one of each RUN, the last (its set of findings is ordered by line alone).
    """

    values: bool = True
    shells: bool = True
    every: bool = True


OWN = Manner()
HADOLINT = Manner(values=False, shells=False, every=False)
