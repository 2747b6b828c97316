"""`doctor --target engine`: queries the engine and this machine. The verdicts are made in `engine_checks`."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackferry.doctor.asked import Asked
    from stackferry.doctor.check import Check
    from stackferry.emulator.engine.protocol import Engine, EngineVersion
    from stackferry.session import Session


def checks(session: "Session", _asked: "Asked") -> "Iterator[Check]":
    """Yield each check as it is made: the engine, its networks, and our folders."""
    from stackferry.doctor.engine_checks import engine_checks, no_engine
    from stackferry.emulator.engine.protocol import EngineError
    from stackferry.engine import connect

    try:
        engine = connect(session)
        version = engine.version()
    except EngineError as error:
        yield no_engine(str(error), error.hint)
    else:
        yield from engine_checks(version)
        yield from _network(session, engine, version)
        yield from _room("images", version.root)
    yield from _state(session)
    yield _secrets(session)
    yield from _managers(session)


def _network(session: "Session", engine: "Engine", version: "EngineVersion") -> "Iterator[Check]":
    from stackferry.doctor.engine_checks import (
        programs,
        published_ports,
        webnet,
        webnet_off,
        webnet_plain,
        webnet_unknown,
    )
    from stackferry.emulator.store.directories import gate_memo
    from stackferry.emulator.webnet.image import ensure_image, missing_programs
    from stackferry.emulator.webnet.probe import Probe, probe
    from stackferry.grammar.diagnostics import StackferryError

    asked = session.environment.get("STACKFERRY_WEBNET")
    if asked == "off":
        yield webnet_off()
        return
    missing = missing_programs()
    yield programs(missing)
    if missing:
        yield webnet_unknown("programs are missing")
        return
    try:
        image = ensure_image(engine, gate_memo(session.environment))
    except StackferryError as error:
        yield webnet_unknown(str(error))
        return
    plain = asked == "plain"
    found = Probe() if plain else probe(engine, image)
    yield webnet_plain() if plain else webnet(found)
    if found.missing not in ("container", "conntrack", "dnsmasq"):
        yield published_ports(version, found, plain=plain, strict_filter=_strict_filter())


def _strict_filter() -> bool:
    """Whether this host's `rp_filter` is strict; network namespaces of containers start with the host's value."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/net/ipv4/conf/all/rp_filter").read_text(encoding="ascii").strip() == "1"
    return False


def _state(session: "Session") -> "Iterator[Check]":
    import tempfile

    from stackferry.doctor.engine_checks import state_directory
    from stackferry.emulator.store.directories import state_root

    root = state_root(session.environment)
    # The first stack creates the directory; until then its nearest existing parent must be writable.
    there = next(one for one in (root, *root.parents) if one.exists())
    problem = ""
    try:
        with tempfile.TemporaryFile(dir=there) as trial:
            trial.write(b"?")
            trial.flush()
    except OSError as error:
        problem = error.strerror or str(error)
    yield state_directory(str(root), problem)
    if not problem:
        yield from _room("disk", str(there))


def _secrets(session: "Session") -> "Check":
    from stackferry.doctor.engine_checks import secrets_folder
    from stackferry.emulator.agent.secret_files import refuse_foreign, runtime_root
    from stackferry.grammar.diagnostics import StackferryError

    root = runtime_root(session.environment)
    try:
        refuse_foreign(root)
    except StackferryError as error:
        return secrets_folder(str(root), str(error), error.hint)
    return secrets_folder(str(root), "", "")


def _managers(session: "Session") -> "Iterator[Check]":
    from stackferry.doctor.engine_checks import Keeping, keeping, supervision
    from stackferry.emulator.manager.lock import manager_pid
    from stackferry.emulator.manager.supervision import answers, keeper, lingers, restarting, unit_name
    from stackferry.emulator.store.directories import home, stacks

    environment = session.environment
    asked = environment.get("STACKFERRY_SUPERVISOR")
    way = asked if asked in ("off", "process") else "systemd" if answers(environment) else "process"
    yield supervision(way, lingers=lingers())
    for stack in stacks(environment):
        place = home(environment, stack)
        manager, there = manager_pid(place), keeper(place)
        yield keeping(
            Keeping(
                stack,
                manager or 0,
                there.pid if there else 0,
                unit_name(place, stack) if there and there.unit else "",
                restarting=manager is None and restarting(place, stack, environment),
                lost=there is None and place.supervisor.exists(),
            )
        )


def _room(name: str, path: str) -> "Iterator[Check]":
    import shutil

    from stackferry.doctor.engine_checks import disk

    # The disk of an engine on another machine cannot be checked from here.
    if path and Path(path).exists():
        yield disk(name, path, shutil.disk_usage(path).free)
