"""Processes, files and output inside containers of the real engine: a part of `engine.DockerEngine`."""

import base64
import json
import threading
import time
from collections.abc import Iterable, Iterator, Sequence

from stackferry.emulator.engine import decode as answer
from stackferry.emulator.engine.api import Api, quoted
from stackferry.emulator.engine.protocol import EngineError, ExecResult
from stackferry.emulator.engine.streams import Connection, LineStream, LiveSession
from stackferry.emulator.engine.transport import PATIENT
from stackferry.emulator.engine.usage import Usage

_DIRECTORY, _LINK = 1 << 31, 1 << 27
"""Bits of a file mode in Go's representation."""
_LINKS = 40
_NOBODY = "unable to find user"


class ProcessCalls(Api):
    """The calls of `protocol.Engine` about what is inside a container."""

    def exec(
        self,
        container: str,
        command: Sequence[str],
        *,
        user: str = "",
        workdir: str = "",
        env: Sequence[str] = (),
        tty: bool = False,
        stdin: bytes = b"",
    ) -> ExecResult:
        """Run a command inside and wait for it."""
        try:
            session = self._exec(container, command, user, workdir, env, tty, bool(stdin), False)
        except EngineError as error:
            if _NOBODY not in error.message:
                raise
            # Newer engines report an error where older ones return the message as the command's output.
            return ExecResult(126, f"{error.message}\r\n".encode())
        try:
            if stdin:
                threading.Thread(target=_feed, args=(session, stdin), daemon=True).start()
            said: dict[str, list[bytes]] = {"stdout": [], "stderr": []}
            while (piece := session.read()) is not None:
                said[piece[0]].append(piece[1])
            return ExecResult(session.exit_code(), b"".join(said["stdout"]), b"".join(said["stderr"]))
        finally:
            session.close()

    def exec_stream(
        self,
        container: str,
        command: Sequence[str],
        *,
        user: str = "",
        workdir: str = "",
        env: Sequence[str] = (),
        tty: bool = False,
        privileged: bool = False,
        keys: str = "",
    ) -> LiveSession:
        """Run a command inside and stay connected to it. `keys`: the key sequence that detaches a terminal."""
        return self._exec(container, command, user, workdir, env, tty, True, privileged, keys)

    def _exec(
        self,
        container: str,
        command: Sequence[str],
        user: str,
        workdir: str,
        env: Sequence[str],
        tty: bool,
        stdin: bool,
        privileged: bool,
        keys: str = "",
    ) -> LiveSession:
        body = {"Cmd": list(command), "User": user, "WorkingDir": workdir, "Env": list(env), "Tty": tty}
        body |= {"AttachStdin": stdin, "AttachStdout": True, "AttachStderr": True, "Privileged": privileged}
        body |= {"DetachKeys": keys} if keys else {}
        path = f"/exec/{self.json('POST', f'/containers/{quoted(container)}/exec', body=body)['Id']}"
        return LiveSession(
            self.open("POST", f"{path}/start", body={"Detach": False, "Tty": tty}),
            tty,
            lambda: self._exec_code(path),
            lambda rows, columns: self._resize(path, rows, columns),
        )

    def _exec_code(self, path: str) -> int:
        # The output may end a moment before the engine has recorded the exit.
        while (state := self.json("GET", f"{path}/json"))["Running"]:
            time.sleep(0.005)
        return int(state["ExitCode"] or 0)

    def attach(self, container: str, *, stdin: bool = True, keys: str = "") -> LiveSession:
        """Connect to the container's own process, which may not have started."""
        info = answer.container(self.json("GET", f"/containers/{quoted(container)}/json"))
        path = f"/containers/{info.id}"
        params = {"stream": 1, "stdout": 1, "stderr": 1, "stdin": int(stdin), **({"detachKeys": keys} if keys else {})}
        session = self.open("POST", f"{path}/attach", params)
        # Now, not later: a container and its exit code may be gone as soon as it has ended.
        condition = "next-exit" if info.status == "created" else "not-running"
        waiting = self.open("POST", f"{path}/wait", {"condition": condition})
        return LiveSession(
            session,
            info.tty,
            lambda: _status(waiting),
            lambda rows, columns: self._resize(path, rows, columns),
            waiting,
        )

    def _resize(self, path: str, rows: int, columns: int) -> None:
        self.call("POST", f"{path}/resize", {"h": rows, "w": columns})

    def put_archive(self, container: str, path: str, archive: Iterable[bytes]) -> None:
        """Unpack a tar inside."""
        failed: list[Exception] = []

        def blocks() -> Iterator[bytes]:
            try:
                yield from archive
            except Exception as error:
                # The engine closes the connection then, and that error would be all that is reported.
                failed.append(error)
                raise

        try:
            self.call("PUT", f"/containers/{quoted(container)}/archive", {"path": path}, blocks(), PATIENT)
        except EngineError:
            if failed:
                raise failed[0] from None
            raise

    def is_directory(self, container: str, path: str) -> bool | None:
        """Whether a path is a directory. The engine's answer is in a header: a mode of Go's, and a link's target."""
        for _ in range(_LINKS):
            try:
                said = self.call("HEAD", f"/containers/{quoted(container)}/archive", {"path": path})
            except EngineError as error:
                # A HEAD response has no message: 500 means a path below a file, 404 may mean the container.
                if error.status not in (404, 500) or self.find(f"/containers/{quoted(container)}/json") is None:
                    raise
                return None
            stat = json.loads(base64.b64decode(said.headers["X-Docker-Container-Path-Stat"]))
            if not stat["mode"] & _LINK:
                return bool(stat["mode"] & _DIRECTORY)
            path = stat["linkTarget"]
        return None

    def get_archive(self, container: str, path: str) -> Connection:
        """A tar of what is inside."""
        return self.open("GET", f"/containers/{quoted(container)}/archive", {"path": path})

    def logs(
        self,
        container: str,
        *,
        follow: bool = False,
        since: float = 0.0,
        until: float = 0.0,
        tail: int | None = None,
        timestamps: bool = False,
        stdout: bool = True,
        stderr: bool = True,
        details: bool = False,
    ) -> LineStream:
        """Its output, line by line."""
        info = answer.container(self.json("GET", f"/containers/{quoted(container)}/json"))
        flags = {"follow": follow, "timestamps": timestamps, "stdout": stdout, "stderr": stderr, "details": details}
        times = {"since": since, "until": until}
        params: dict[str, object] = {flag: int(value) for flag, value in flags.items()}
        params |= {name: f"{at:.9f}" for name, at in times.items() if at}
        params["tail"] = "all" if tail is None else tail
        return LineStream(self.open("GET", f"/containers/{info.id}/logs", params), info.tty)

    def stats(self, container: str) -> Usage:
        """Its current resource usage."""
        return answer.usage(
            self.json("GET", f"/containers/{quoted(container)}/stats", {"stream": "false", "one-shot": "true"})
        )

    def top(self, container: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Its process table."""
        table = self.json("GET", f"/containers/{quoted(container)}/top")
        return tuple(table["Titles"]), tuple(tuple(row) for row in table["Processes"] or ())


def _status(waiting: Connection) -> int:
    said = waiting.line()
    if not said:
        raise EngineError("lost the connection to the engine", "the engine was stopped or restarted: check its log")
    return int(json.loads(said)["StatusCode"])


def _feed(session: LiveSession, data: bytes) -> None:
    session.write(data)
    session.end_input()
