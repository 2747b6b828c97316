"""What a deployment meets on this machine that is somebody else's, looked at before anything is built or written."""

from collections.abc import Iterable

from stackferry.emulator.agent.secret_files import refuse_foreign, runtime_root
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.session import Session


def refuse_foreign_folder(session: Session, services: Iterable[ServiceSpec]) -> None:
    """Raises StackferryError where services have secrets or configs, whose files would lie in another's folder."""
    if any(spec.task.container and spec.task.container.files for spec in services):
        refuse_foreign(runtime_root(session.environment))
