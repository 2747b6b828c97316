# ruff: noqa: ARG002 (the protocol has arguments that make no difference to a fake)
"""Processes, files and output inside containers of the fake engine: a part of `fake.FakeEngine`."""

import io
import tarfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from stackferry.emulator.engine.protocol import (
    EngineError,
    ExecResult,
)
from stackferry.emulator.engine.usage import Usage
from stackferry.emulator.fake.core import FakeCore
from stackferry.emulator.fake.streams import FakeSession, FedStream


class FakeProcesses(FakeCore):
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
        """The answer of the container's behaviour to the command; else no output and exit code 0."""
        with self._call("exec", container):
            return self._exec(container, command)

    def _exec(self, container: str, command: Sequence[str]) -> ExecResult:
        box = self._up(container)
        if box.status == "paused":
            raise EngineError(f"Container {container} is paused, unpause the container before exec", status=409)
        return box.behaviour.answers.get(" ".join(command), ExecResult(0))

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
    ) -> FakeSession:
        """The same as a session."""
        result = self.exec(container, command)
        says = (("stdout", result.stdout), ("stderr", result.stderr))
        return FakeSession((piece for piece in says if piece[1]), result.exit_code)

    def attach(self, container: str, *, stdin: bool = True, keys: str = "") -> FakeSession:
        """A session that repeats the container's output; if it has not started yet, one that gets its output later."""
        with self._call("attach", container):
            box = self._box(container)
            if box.status == "created":
                flow: FedStream[tuple[str, bytes]] = FedStream()
                box.listeners.append(flow)
                return FakeSession(((stream, line + b"\n") for stream, line in flow), lambda: box.exit_code)
            return FakeSession(((stream, line + b"\n") for _, stream, line in box.said), box.exit_code)

    def put_archive(self, container: str, path: str, archive: Iterable[bytes]) -> None:
        """Keep the files of a tar."""
        whole = io.BytesIO(b"".join(archive))
        with self._call("put_archive", container), tarfile.open(fileobj=whole) as tar:
            box = self._box(container)
            for member in tar:
                content = tar.extractfile(member)
                if content is not None:
                    box.files[str(PurePosixPath(path) / member.name)] = content.read()

    def is_directory(self, container: str, path: str) -> bool | None:
        """Whether files were put below the path."""
        with self._call("is_directory", container):
            files, base = self._box(container).files, PurePosixPath(path)
            if str(base) in files:
                return False
            return True if any(PurePosixPath(name).is_relative_to(base) for name in files) else None

    def get_archive(self, container: str, path: str) -> io.BytesIO:
        """A tar of the files that were put there."""
        with self._call("get_archive", container):
            box = self._box(container)
            base = PurePosixPath(path)
            found = {name: data for name, data in box.files.items() if PurePosixPath(name).is_relative_to(base)}
            if not found:
                raise EngineError(f"Could not find the file {path} in container {container}", status=404)
            packed = io.BytesIO()
            with tarfile.open(fileobj=packed, mode="w") as tar:
                for name, data in sorted(found.items()):
                    member = tarfile.TarInfo(str(PurePosixPath(name).relative_to(base.parent)))
                    member.size = len(data)
                    tar.addfile(member, io.BytesIO(data))
            packed.seek(0)
            return packed

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
    ) -> FedStream[tuple[str, bytes]]:
        """Its output. No logging driver keeps any details here."""
        with self._call("logs", container):
            box = self._box(container)
            wanted = {name for name, asked in (("stdout", stdout), ("stderr", stderr)) if asked}
            rows = [
                (stream, (_stamp(at) if timestamps else b"") + (b" " if details else b"") + line)
                for at, stream, line in box.said
                if stream in wanted and at >= since and (not until or at <= until)
            ]
            shown = rows if tail is None else rows[len(rows) - min(tail, len(rows)) :]
            flow: FedStream[tuple[str, bytes]] = FedStream(shown, lambda row: row[0] in wanted)
            if follow and box.running:
                box.listeners.append(flow)
            else:
                flow.end()
            return flow

    def stats(self, container: str) -> Usage:
        """The usage of an idle process."""
        with self._call("stats", container):
            self._box(container)
            return Usage(at=self.clock.now, memory=1 << 20, memory_limit=8 << 30, pids=1)

    def top(self, container: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """A table with one process."""
        with self._call("top", container):
            box = self._up(container)
            return ("PID", "CMD"), ((str(box.info().pid), " ".join(map(str, box.body.get("Cmd") or ()))),)


def _stamp(at: float) -> bytes:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%f}000Z ".encode()
