"""`stackferry swarm …`: answers to docker's words for a swarm, of which nothing here needs one. No engine is asked.

Docker's usual options are taken and say nothing; what scripts would do next goes on without a swarm.
"""

from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.carried_click import UsageError
from stackferry.options.option_table import Arguments, Option, Verb
from stackferry.session import Session

NO_SWARM = "swarm mode is not needed here"
_NODES = "to run a stack on two nodes on this machine, use `stackferry stack deploy --nodes 2 -c FILE STACK`"
_TAKEN = "Accepted; it changes nothing."


def _valued(*words: str, metavar: str, many: bool = False) -> Option:
    return Option(_name(words), words, _TAKEN, metavar, many=many)


def _switch(*words: str) -> Option:
    return Option(_name(words), words, _TAKEN, switch=True)


def _name(words: tuple[str, ...]) -> str:
    return words[-1].strip("-").replace("-", "_")


def init(session: Session, **_options: object) -> int:
    """Answer that this engine needs no swarm mode.

    Stacks run on it as it is.
    """
    how = "deploy a stack as to a swarm with `stackferry stack deploy -c FILE STACK`, on two nodes with --nodes 2"
    session.note(f"{NO_SWARM}: {how}")
    return 0


def join_token(session: Session, role: tuple[str, ...], **_options: object) -> int:
    """Answer that no token is needed.

    --nodes creates nodes. Nothing is printed on standard output.
    """
    if len(role) != 1:
        raise UsageError('"stackferry swarm join-token" requires exactly 1 argument.')
    if role[0] not in ("worker", "manager"):
        raise StackferryError(f"unknown role {role[0]}", "use worker or manager")
    session.note(f"{NO_SWARM}: there is no token to join with; {_NODES}")
    return 0


def join(_session: Session, **_options: object) -> int:
    """Answer how a stack gets more nodes, and exit with 1."""
    raise StackferryError(f"{NO_SWARM}: there is no swarm to join", f"nodes are virtual: {_NODES}")


def leave(session: Session, **_options: object) -> int:
    """Answer that there is no swarm to leave.

    Stacks keep running.
    """
    session.note(
        f"{NO_SWARM}: there is no swarm to leave, and stacks keep running; remove one with `stackferry stack rm STACK`"
    )
    return 0


_ADDRESSES = (
    _valued("--advertise-addr", metavar="ADDRESS"),
    _valued("--availability", metavar="active|pause|drain"),
    _valued("--data-path-addr", metavar="ADDRESS"),
    _valued("--listen-addr", metavar="ADDRESS"),
)
INIT = Verb(
    init,
    None,
    (
        *_ADDRESSES,
        _switch("--autolock"),
        _valued("--cert-expiry", metavar="TIME"),
        _valued("--data-path-port", metavar="PORT"),
        _valued("--default-addr-pool", metavar="SUBNET", many=True),
        _valued("--default-addr-pool-mask-length", metavar="BITS"),
        _valued("--dispatcher-heartbeat", metavar="TIME"),
        _valued("--external-ca", metavar="CA", many=True),
        _switch("--force-new-cluster"),
        _valued("--max-snapshots", metavar="N"),
        _valued("--snapshot-interval", metavar="N"),
        _valued("--task-history-limit", metavar="N"),
    ),
)
JOIN = Verb(join, Arguments("address", "[HOST:PORT]", "Accepted."), (*_ADDRESSES, _valued("--token", metavar="TOKEN")))
JOIN_TOKEN = Verb(
    join_token,
    Arguments("role", "worker|manager", "Role of the node that would join."),
    (_switch("-q", "--quiet"), _switch("--rotate")),
)
LEAVE = Verb(leave, None, (_switch("-f", "--force"),))
