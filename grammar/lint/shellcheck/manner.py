"""How scripts are submitted to ShellCheck: as they really run, or as hadolint does it. The rule set decides.

Measured on the 282 files of our corpus (1,210 scripts) with ShellCheck 0.11.0, beside hadolint 2.15.1, which reads 254
of them and finds something in 313 RUN, 23 of which are for cmd or PowerShell. A finding is a code in a RUN:

                                        different texts    findings    hadolint's 290
    OWN                                             521         489               285
    OWN, with the shells of hadolint                505         494               290
    HADOLINT, with values                           505         320               288
    HADOLINT                                        491         290               290

The five of hadolint's that OWN lacks are SC3010, SC3037 and SC3040 on Alpine, whose ash supports what they warn of.
With values there are 32 more SC2086: the set hadolint would be 90 % the same, not 99 %.
"""

from typing import NamedTuple


class Manner(NamedTuple):
    """What is submitted as it really is (true), and what as hadolint does it (false).

    `values`: the values of ARG and ENV; hadolint uses 1 for each, which splits into no words and so hides SC2086.
    `shells`: busybox's ash as itself and `-e` of SHELL; hadolint uses plain sh for both.
    `every`: every finding; hadolint shows the last one of each RUN (it keeps them in a set that compares only
    lines), and
    none on carriage returns.
    """

    values: bool = True
    shells: bool = True
    every: bool = True


OWN = Manner()
HADOLINT = Manner(values=False, shells=False, every=False)
