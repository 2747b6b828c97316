"""The files around a generated document: files that it extends and includes, and the variables that they use.

Each function changes the document that it is given, or the files; `stacks.py` calls them in turn.
"""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests import strategies
from tests.strategies import Plain, some

Draw = st.DrawFn
Files = dict[str, Plain]
"""Path to document, or to the text of a file that is no YAML."""


class Merge(str):
    """The key `<<` when it is meant as YAML's merge key."""

    __slots__ = ()


def inherit(draw: Draw, document: Plain, files: Files) -> None:
    """Let services extend others: of the same file, of another one, or along a chain through folders."""
    form = draw(some("none", "none", "same", "line", "other", "chain", "far"))
    services, jobs = document.get("services"), document.get("jobs")
    if isinstance(jobs, dict) and isinstance(jobs.get("nightly"), dict) and draw(st.booleans()):
        jobs["nightly"]["extends"] = draw(
            some("init", {"service": "init"}, {"file": "base/work.yaml", "service": "base"})
        )
        files["base/work.yaml"] = {"services": {"base": draw(strategies.job_parts())}}
    if form == "none" or not isinstance(services, dict) or not isinstance(services.get("web"), dict):
        return
    if form in ("same", "line"):
        services["web"]["extends"] = draw(some("db", {"service": "db"}))
        if form == "line" and isinstance(services.get("db"), dict):
            services["db"]["extends"] = draw(some("cache", {"service": "cache", "file": "compose.yaml"}, "web"))
        return
    base: dict[str, Plain] = {"services": {"base": draw(strategies.services()), "root": draw(strategies.parts())}}
    if form == "chain":
        base["services"]["base"]["extends"] = "root"
    if form == "far":
        base["services"]["base"]["extends"] = {"file": "../far/away.yaml", "service": "last"}
        files["far/away.yaml"] = {"services": {"last": draw(strategies.parts())}}
    files["base/base.yaml"] = base
    services["web"]["extends"] = {"file": "base/base.yaml", "service": "base"}


def include(draw: Draw, document: Plain, files: Files) -> None:
    """Let the stack include another one, in the short or the long form."""
    form = draw(some("none", "none", "none", "short", "long", "two"))
    if form == "none":
        return
    clash = draw(st.integers(0, 2)) == 2
    section = {name: draw(strategies.services()) for name in draw(some(("part",), ("part", "tool")))}
    part: dict[str, Plain] = {"services": section}
    if clash:
        part |= draw(
            st.one_of(
                some({"services": {"web": {"image": "b"}}}, {"networks": {"back": {}}}, {"secrets": {"key": None}}),
                st.fixed_dictionaries({"services": st.fixed_dictionaries({"web": strategies.services()})}),
                st.fixed_dictionaries({"services": st.fixed_dictionaries({"web": strategies.services()})}),
                st.fixed_dictionaries({"jobs": st.fixed_dictionaries({"init": strategies.jobs()})}),
                st.fixed_dictionaries({"networks": st.fixed_dictionaries({"back": strategies.networks()})}),
            )
        )
    elif draw(st.booleans()):
        part |= {"networks": {"inner": draw(strategies.networks())}, "volumes": {"deep": draw(strategies.volumes())}}
        section["part"]["networks"] = ["inner"]
        section["part"].pop("network_mode", None)
        services = document.get("services")
        if isinstance(services, dict) and isinstance(services.get("web"), dict) and draw(st.booleans()):
            services["web"].setdefault("extends", "part")
    files["inc/part.yaml"] = part
    long: dict[str, Any] = {"path": "inc/part.yaml"}
    if form == "two":
        files["inc/more.yaml"] = draw(strategies.overrides())
        files["inc/more.yaml"]["services"] = {"part": draw(strategies.parts())}
        long["path"] = ["inc/part.yaml", "inc/more.yaml"]
    if draw(st.booleans()):
        long["project_directory"] = draw(some(".", "inc", "inc/../far"))
    if draw(st.booleans()):
        long["env_file"] = draw(some("inc/own.env", ["inc/own.env", "one.env"], "/dev/null"))
    document["include"] = ["inc/part.yaml"] if form == "short" else [long]
    if draw(st.integers(0, 3)) == 3:
        # A second way to the same file, or another that has the same service.
        files["inc/again.yaml"] = {"include": ["part.yaml"], "services": {"again": draw(strategies.services())}}
        document["include"].append("inc/again.yaml")
    files["inc/own.env"] = draw(strategies.env_texts())
    if draw(st.booleans()):
        files["inc/.env"] = draw(strategies.env_texts())


def share(draw: Draw, document: Plain) -> None:
    """Give some services the same anchored mapping through a merge key, or the same value through an alias."""
    services = document.get("services")
    form = draw(some("none", "none", "merge", "list", "alias"))
    if form == "none" or not isinstance(services, dict):
        return
    # A copy of its own: what is drawn may be drawn again, and tags are put into this one.
    common = deepcopy(draw(strategies.parts()))
    document["x-common"] = common
    if form == "alias":
        for service in services.values():
            if isinstance(service, dict) and "<<" not in service:
                service.update({key: value for key, value in common.items() if key != "extends"})
        return
    merged: Plain = common
    if form == "list":
        document["x-other"] = deepcopy(draw(strategies.parts()))
        merged = [common, document["x-other"]]
    for name, service in services.items():
        if isinstance(service, dict) and name in ("web", "api"):
            services[name] = {Merge("<<"): merged, **service}
