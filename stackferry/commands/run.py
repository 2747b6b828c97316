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
    command: Annotated[Many, Argument(metavar="[COMMAND]...", help="Command to run instead of the service's.")] = None,
    entrypoint: Annotated[
        str | None, Option("--entrypoint", metavar="COMMAND", help="Override the entrypoint.")
    ] = None,
    env: Annotated[Many, Option("-e", "--env", metavar="KEY[=VALUE]", help="Set an environment variable.")] = None,
    env_from_file: Annotated[
        Many,
        Option("--env-from-file", metavar="FILE", help="Read environment variables from a file; -e overrides them."),
    ] = None,
    label: Annotated[Many, Option("-l", "--label", metavar="KEY=VALUE", help="Add a label.")] = None,
    user: Annotated[str, Option("-u", "--user", metavar="USER", help="Run as this user.")] = "",
    workdir: Annotated[str, Option("-w", "--workdir", metavar="DIR", help="Run in this directory.")] = "",
    build: Annotated[bool, Option("--build", help="Build the image even if it exists.")] = False,
    pull: Annotated[Pull, Option("--pull", help="When to pull the image.")] = "missing",
    cap_add: Annotated[Many, Option("--cap-add", metavar="NAME", help="Add a Linux capability.")] = None,
    cap_drop: Annotated[Many, Option("--cap-drop", metavar="NAME", help="Drop a Linux capability.")] = None,
    use_aliases: Annotated[
        bool, Option("--use-aliases", help="Use the service's network names; none of its tasks may run.")
    ] = False,
    no_tty: Annotated[
        bool,
        Option("-T", "--no-tty", "--no-TTY", help="Do not allocate a terminal. Default: allocate one if you use one."),
    ] = False,
    detach: Annotated[
        bool, Option("-d", "--detach", help="Run in the background and print the container's id; `down` removes it.")
    ] = False,
    name: Annotated[str, Option("--name", metavar="NAME", help="Name of the container.")] = "",
    publish: Annotated[
        Many, Option("-p", "--publish", metavar="PORT", help="Publish a port: 8080:80, 127.0.0.1:53:53/udp.")
    ] = None,
    service_ports: Annotated[bool, Option("-P", "--service-ports", help="Publish the service's ports.")] = False,
    volume: Annotated[
        Many, Option("-v", "--volume", metavar="VOLUME", help="Mount a volume: ./src:/app:ro, data:/data.")
    ] = None,
    _interactive: Annotated[bool, Option("-i", "--interactive", hidden=True)] = True,
    _tty: Annotated[bool, Option("-t", "--tty", hidden=True)] = False,
    rm: Annotated[bool, Option("--rm", help="Remove the container when it ends; always done without -d.")] = False,
    quiet: Annotated[bool, Option("-q", "--quiet", help="Hide progress.")] = False,
    quiet_build: Annotated[bool, Option("--quiet-build", help="Hide the output of the builder.")] = False,
    quiet_pull: Annotated[bool, Option("--quiet-pull", help="Hide the progress of pulls.")] = False,
    no_deps: Annotated[bool, Option("--no-deps", help="Do not start dependencies.")] = False,
    detach_keys: DetachKeys = DEFAULT,
) -> int:
    """Run a one-off command in a new container of a service.

    The container is removed when the command ends, and the exit code is the command's. Services that it depends on
    are started first and keep running. A name that is no service of the stack is taken for an image, and the line
    is handed to docker: `stackferry run --rm alpine date`.

    In a terminal, press ctrl-p ctrl-q to detach.
    """
    from stackferry.containers.one_off_request import Attachment, ContainerChanges, OneOffRequest
    from stackferry.containers.terminal import is_terminal
    from stackferry.deploy.request import ImagePolicy
    from stackferry.options.run_values import entrypoint_words
    from stackferry.up.one_off import run_one_off

    said, typed = read_keys(detach_keys)
    tty = not no_tty and not detach and is_terminal()
    changes = ContainerChanges(
        command=tuple(command or ()),
        entrypoint=None if entrypoint is None else entrypoint_words(entrypoint),
        environment=tuple(env or ()),
        environment_files=tuple(env_from_file or ()),
        labels={key: value for key, _, value in (one.partition("=") for one in label or ())},
        user=user,
        working_dir=workdir,
        add_capabilities=tuple(cap_add or ()),
        drop_capabilities=tuple(cap_drop or ()),
        publish=tuple(publish or ()),
        service_ports=service_ports,
        volumes=tuple(volume or ()),
    )
    request = OneOffRequest(
        service,
        changes,
        None if detach else Attachment(tty, said if tty else "", typed if tty else b""),
        ImagePolicy(
            build="always" if build else "missing",
            pull=pull,
            quiet_build=quiet or quiet_build,
            quiet_pull=quiet or quiet_pull,
        ),
        name=name,
        removes_itself=rm,
        aliases=use_aliases,
        dependencies=not no_deps,
        quiet=quiet,
    )
    done = run_one_off(session, request)
    if done.running:
        print(done.running)
    return done.code
