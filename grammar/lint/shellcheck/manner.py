"""How scripts are handed to ShellCheck: as they really run, or as hadolint does it. The set of rules chooses.

Measured on the 282 files of our corpus (1,210 scripts) with ShellCheck 0.11.0, beside hadolint 2.15.1, which reads 254
of them and finds something in 313 RUN, 23 of which are for cmd or PowerShell. A finding is a code in a RUN:

                                        different texts    findings    hadolint's 290
    OWN                                             521         489               285
    OWN, with the shells of hadolint                505         494               290
    HADOLINT, with values                           505         320               288
    HADOLINT                                        491         290               290

The five of hadolint's that OWN lacks are SC3010, SC3037 and SC3040 on Alpine, whose ash knows what they warn of. With
values there are 32 SC2086 more: the set hadolint would be 90 % the same, not 99 %.
"""

from typing import NamedTuple


class Manner(NamedTuple):
    """What is taken as it is (true), and what as hadolint has it (false).

    `values`: the values of ARG and ENV; for hadolint each is 1, which splits into no words and so hides SC2086.
    `shells`: busybox's ash as itself and `-e` of SHELL; for hadolint both are a plain sh.
    `every`: every finding; hadolint shows one of each RUN, the last (it keeps them in a set that knows lines only), and
    none on carriage returns.
    """

    values: bool = True
    shells: bool = True
    every: bool = True


OWN = Manner()
HADOLINT = Manner(values=False, shells=False, every=False)
