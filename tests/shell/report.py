"""How far our shell parser agrees with two others, in numbers: `python tests/shell/report.py [scripts] [seed]`."""

import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from stackferry.grammar.shell import parse
from tests.shell.agreement import BOTH_REFUSE, SAME, compared
from tests.shell.bodies import bodies
from tests.shell.generated import Maker, broken
from tests.shell.peer import bash_accepts


def shown(title: str, counts: Counter[str]) -> None:
    """A table, and the share of the scripts that both take or both refuse."""
    total = sum(counts.values())
    agreed = counts[SAME] + counts[BOTH_REFUSE]
    print(f"{title}: {total} scripts, {100 * agreed / total:.2f} % agree")
    for kind, count in counts.most_common():
        print(f"  {count:6} {kind}")


def main(count: int = 3000, seed: int = 0) -> None:
    """The corpus, scripts by a grammar, broken scripts; then `bash -n` on the latter."""
    chance = random.Random(seed)
    corpus = bodies()
    made = [Maker(chance).script() for _ in range(count)]
    bad = [broken(chance, chance.choice((*corpus, *made))) for _ in range(count)]
    shown("corpus", compared(corpus))
    shown("by grammar", compared(made))
    shown("broken", compared(bad))
    plain = [script for script in bad if "`" not in script]
    told = Counter((parse(script).complete, bash_accepts(script)) for script in plain)
    print(f"broken, without backquotes: {len(plain)} scripts")
    for (complete, accepted), number in told.most_common():
        print(
            f"  {number:6} {'complete' if complete else 'not complete'}, bash {'takes' if accepted else 'refuses'} it"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
