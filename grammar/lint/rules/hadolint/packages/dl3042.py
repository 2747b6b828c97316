"""DL3042: Use --no-cache-dir in pip install.

The packages that pip downloads stay in the image beside those that it installs.

    RUN pip install flask==3.0.3

    RUN pip install --no-cache-dir flask==3.0.3

PIP_NO_CACHE_DIR, or a cache mount over the folder that PIP_CACHE_DIR names (~/.cache/pip by default) or one above it,
is as good (hadolint #497, #983), and so is removing it in the same RUN. A stage whose files do not get into the image
is left alone.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.cleaning import is_kept, mounted, removed
from stackferry.grammar.dockerfile.facts.packages import package_calls
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.packages._missing import plain_hit
from stackferry.grammar.lint.rules.hadolint.packages._plain_pip import caching_installs

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings


_ON = frozenset(("1", "y", "yes", "t", "true", "on"))


_MESSAGE = "{program} install leaves its downloads in the image"
_HINT = "write {program} install --no-cache-dir"


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Installs whose downloads get into the image."""
    if settings.hadolint:
        yield from (plain_hit(call, ("install",), _MESSAGE, _HINT) for call in caching_installs(file))
        return
    for step in file.steps("RUN"):
        if not is_kept(step.stage) or removed(step, "/root/.cache/pip"):
            continue
        calls = list(package_calls(step, "pip"))
        if any(call.action == "cache" for call in calls):
            continue
        for call in calls:
            if call.action == "install" and not call.has("--no-cache-dir", "--no-cache") and not _kept_out(call):
                start, end = call.invocation.unwrapped.first.start, call.action_argument.end
                program = call.program
                yield Hit(start, end, _MESSAGE.format(program=program), _HINT.format(program=program))


def _kept_out(call: "PackageCall") -> bool:
    script = call.invocation.script
    variables = script.variables(call.invocation.command)
    own = {assignment.name: assignment.value.literal for assignment in call.invocation.command.assignments}
    off = own.get("PIP_NO_CACHE_DIR", variables.get("PIP_NO_CACHE_DIR", ""))
    if off is None or off.lower() in _ON:
        return True
    folder = call.options.get("--cache-dir") or own.get("PIP_CACHE_DIR") or variables.get("PIP_CACHE_DIR", "")
    if folder is None:
        return True
    home = variables.get("HOME") or "/root"
    places = (folder or f"{home}/.cache/pip", "/root/.cache/pip")
    return any(mounted(script.step, place) for place in places) or (not folder and _in_a_home(script.step))


def _in_a_home(step: "Step") -> bool:
    """Whether the cache in the home of another user is a mount: only the image knows where a user's home is."""
    targets = (mount.target or "" for mount in step.mounts if mount.type in ("cache", "tmpfs"))
    return step.user != "" and any(re.search(r"/\.cache(/pip)?/?\Z", target) for target in targets)
