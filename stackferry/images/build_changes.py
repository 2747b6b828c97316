"""The changes that the options of `build` make to every build of a stack. Pure; used by `build.py`."""

from collections.abc import Mapping
from dataclasses import field, replace

from stackferry.emulator.engine.image import BuildOptions
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class BuildChanges:
    """Empty fields change nothing. `memory`: bytes, 0 for no limit. `ssh`: keys or sockets by ids, None: the agent."""

    no_cache: bool = False
    pull: bool = False
    """Pull base images even if they exist here."""
    args: Mapping[str, str] = field(default_factory=dict)
    memory: int = 0
    ssh: Mapping[str, str | None] = field(default_factory=dict)
    provenance: str = ""
    sbom: str = ""

    def applied(self, options: BuildOptions) -> BuildOptions:
        """The options of one build with these changes."""
        return replace(
            options,
            no_cache=options.no_cache or self.no_cache,
            pull=options.pull or self.pull,
            args={**options.args, **self.args},
            memory=self.memory,
            ssh={**options.ssh, **self.ssh},
            provenance=self.provenance or options.provenance,
            sbom=self.sbom or options.sbom,
        )
