"""`stackferry run SERVICE COMMAND`: one container of a service's making, with its networks, secrets and volumes."""

from typing import Annotated

from stackferry.options.common import Pull
from stackferry.options.declaration import Argument, Option
from stackferry.options.detach_keys import DEFAULT, DetachKeys
from stackferry.options.detach_keys import detach_keys as read_keys
from stackferry.options.own_letters import file_verb
from stackferry.session import Session

Many = list[str] | None


@file_verb
def run(
    session: Session,
    service: Annotated[str, Argument(metavar="SERVICE")],
    command: Annotated[Many, Argument(metavar="[COMMAND]...", help="Instead of its own.")] = None,
    entrypoint: Annotated[str | None, Option("--entrypoint", metavar="COMMAND", help="Another entrypoint.")] = None,
    env: Annotated[Many, Option("-e", "--env", metavar="KEY[=VALUE]", help="One more variable.")] = None,
    env_from_file: Annotated[
        Many, Option("--env-from-file", metavar="FILE", help="The variables of a file; -e wins.")
    ] = None,
    label: Annotated[Many, Option("-l", "--label", metavar="KEY=VALUE", help="One more label.")] = None,
    user: Annotated[str, Option("-u", "--user", metavar="USER", help="Another user.")] = "",
    workdir: Annotated[str, Option("-w", "--workdir", metavar="DIR", help="Another working directory.")] = "",
    build: Annotated[bool, Option("--build", help="Build its image even if it is there.")] = False,
    pull: Annotated[
        Pull, Option("--pull", help="Fetch its image, unless it is built: even if it is here, if not, never.")
    ] = "missing",
    cap_add: Annotated[Many, Option("--cap-add", metavar="NAME", help="One more capability.")] = None,
    cap_drop: Annotated[Many, Option("--cap-drop", metavar="NAME", help="One capability less.")] = None,
    use_aliases: Annotated[
        bool, Option("--use-aliases", help="Answer to the names of the service, of which no task may run.")
    ] = False,
    no_tty: Annotated[
        bool, Option("-T", "--no-tty", "--no-TTY", help="No terminal: the default unless a person is there.")
    ] = False,
    detach: Annotated[bool, Option("-d", "--detach", help="Let it run, and print its id; `down` ends it.")] = False,
    name: Annotated[str, Option("--name", metavar="NAME", help="Call the container so.")] = "",
    publish: Annotated[
        Many, Option("-p", "--publish", metavar="PORT", help="Publish a port: 8080:80, 127.0.0.1:53:53/udp.")
    ] = None,
    service_ports: Annotated[
        bool, Option("-P", "--service-ports", help="Publish the ports of the service too.")
    ] = False,
    volume: Annotated[
        Many, Option("-v", "--volume", metavar="VOLUME", help="One more mount: ./src:/app:ro, data:/data.")
    ] = None,
    _interactive: Annotated[bool, Option("-i", "--interactive", hidden=True)] = True,
    _tty: Annotated[bool, Option("-t", "--tty", hidden=True)] = False,
    rm: Annotated[bool, Option("--rm", help="Remove it when it has ended: always done without -d.")] = False,
    quiet: Annotated[bool, Option("-q", "--quiet", help="Tell nothing of what comes before.")] = False,
    quiet_build: Annotated[bool, Option("--quiet-build", help="No output of the builder.")] = False,
    quiet_pull: Annotated[bool, Option("--quiet-pull", help="Do not tell what is fetched.")] = False,
    no_deps: Annotated[bool, Option("--no-deps", help="Do not start what the service depends on.")] = False,
    detach_keys: DetachKeys = DEFAULT,
) -> int:
    """Run a one-off command in a container like those of a service, and remove it. Its exit code is ours.

    What the service depends on is brought up first, and stays. A name that is no service of the stack is an image, and
    the line docker's own: `stackferry run --rm alpine date`.

    With a terminal, ctrl-p ctrl-q leaves it running, as -d does from the beginning.
    """
    import shlex
    from dataclasses import replace
    from functools import partial

    from stackferry.containers.one_off import Manner, run_once
    from stackferry.containers.terminal import converse, is_terminal
    from stackferry.deploy.deploy import Wish, wanted
    from stackferry.deploy.present import Present
    from stackferry.deploy.surroundings import meet, warnings
    from stackferry.engine import connect
    from stackferry.images.namesakes import tell_namesakes
    from stackferry.options.run_values import capabilities, mounts, ports, variables
    from stackferry.up.dependencies import bring_up_first

    said, leave = read_keys(detach_keys)
    loaded, stack = wanted(session, Wish(only=(service,), job=True))
    spec = next(one for one in stack.services if one.name == stack.names[service])
    engine = connect(session)
    if not quiet:
        tell_namesakes(session, engine, [service])
    alone = replace(stack, services=(spec,))
    session.report(warnings(meet(session, Present(engine), alone, loaded.origin, publishes=False), loaded.origin))
    # What it depends on may get a manager by a fork, and no connection may be open then.
    engine.close()
    others = tuple(key for key in stack.names if key != service)
    if others and not no_deps and (code := bring_up_first(session, others, spec.depends_on, quiet=quiet)):
        return code
    container = spec.task.container
    assert container is not None
    # As docker compose: with another entrypoint, the service's own command means nothing.
    own = container.args if entrypoint is None else ()
    tty = not no_tty and not detach and is_terminal()
    endpoint = ports(spec.endpoint.ports if service_ports else (), publish or ())
    changed = replace(
        container,
        # The engine publishes only what is exposed.
        exposed=(*container.exposed, *(f"{one.target}/{one.protocol}" for one in endpoint.ports)),
        command=container.command if entrypoint is None else tuple(shlex.split(entrypoint)),
        args=tuple(command) if command else own,
        env=variables(session, container.env, env_from_file or (), env or ()),
        options=capabilities(container.options, cap_add or (), cap_drop or ()),
        labels={**container.labels, **{key: value for key, _, value in (one.partition("=") for one in label or ())}},
        user=user or container.user,
        working_dir=workdir or container.working_dir,
        container_name="",
        health=None,
        mounts=mounts(container.mounts, volume or (), stack, session.files.cwd),
        tty=tty,
        stdin_open=True,
    )
    task = replace(spec.task, container=changed, has_healthcheck=False)
    talk = None if detach else partial(converse, tty=tty, detach=leave if tty else b"")
    manner = Manner(
        talk,
        name,
        build=build,
        pull=pull,
        removes_itself=rm,
        keys=said if tty else "",
        aliases=use_aliases,
        quiet_build=quiet or quiet_build,
        quiet_pull=quiet or quiet_pull,
    )
    return run_once(session, engine, stack, replace(spec, task=task, endpoint=endpoint), manner)
