"""The door to a real Docker Engine, over the SDK's low-level client. The only file that imports `docker`.

Works with engine 20.10 and 29: the API version is negotiated once. Plain calls go straight to the API, so
that refusals keep the engine's own words; pull and build use the SDK for their credentials and contexts.
`answer.py` reads what comes back, `stream.py` what comes piece by piece. Safe for many threads.
"""

import json
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from emulator import answer
from emulator.door import (
    BuildOptions,
    ContainerInfo,
    EngineError,
    EngineEvent,
    EngineVersion,
    ExecResult,
    ImageInfo,
    NetworkInfo,
    Usage,
    VolumeInfo,
)
from emulator.stream import Connection, JsonFlow, LineFlow, LiveSession

QUICK, PATIENT = 120.0, None
"""How long a call may take: one that the engine answers by itself, and one that waits for a process."""

_CONNECTIONS = 64
_EVENTS = {
    "type": ["container", "network"],
    # health_status makes the engine compare by prefix; without a list each health check sends three exec events.
    "event": [
        *("create", "start", "die", "health_status", "destroy", "oom", "stop", "kill", "pause", "unpause", "rename"),
        *("connect", "disconnect"),
    ],
}


class DockerEngine:
    """`door.Engine` on the Docker Engine at `host`: by default DOCKER_HOST, else the current docker context."""

    def __init__(self, host: str = "") -> None:
        place: tuple[str, Any] = (host, None) if host else _default_host()
        self.host, self._tls = place
        self._opened: Any = None
        self._lock = threading.Lock()

    @property
    def _client(self) -> Any:
        with self._lock:
            if self._opened is None:
                self._opened = _open(self.host, self._tls)
            return self._opened

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def version(self) -> EngineVersion:
        """What engine answers."""
        return answer.version(self._json("GET", "/version"), self._json("GET", "/info"))

    # Containers

    def create(self, name: str, body: Mapping[str, object], platform: str = "") -> str:
        """Make a container; gives its id."""
        params = {"name": name, **({"platform": platform} if platform else {})}
        return str(self._json("POST", "/containers/create", params, body)["Id"])

    def start(self, container: str) -> None:
        """Start it."""
        self._call("POST", f"/containers/{_name(container)}/start")

    def stop(self, container: str, signal: str = "", grace: float = 10.0) -> None:
        """Stop it. The API knows whole seconds, and a signal from 1.42 on: anything else is done by hand."""
        path = f"/containers/{_name(container)}"
        if float(grace).is_integer() and (not signal or self._api() >= (1, 42)):
            params = {"t": int(grace), **({"signal": signal} if signal else {})}
            self._call("POST", f"{path}/stop", params, timeout=PATIENT)
            return
        config = self._json("GET", f"{path}/json")["Config"]
        waiting = threading.Thread(target=self._end, args=(container, gone := threading.Event()), daemon=True)
        if self._signal(container, signal or config.get("StopSignal") or "SIGTERM"):
            waiting.start()
            if not gone.wait(grace):
                self._signal(container, "SIGKILL")
            waiting.join()

    def _end(self, container: str, gone: threading.Event) -> None:
        with suppress(EngineError):  # removed meanwhile
            self.wait(container)
        gone.set()

    def _signal(self, container: str, signal: str) -> bool:
        """Whether it was there to get the signal."""
        try:
            self.kill(container, signal)
        except EngineError as error:
            if error.status not in {404, 409}:
                raise
            return False
        return True

    def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """Send a signal."""
        self._call("POST", f"/containers/{_name(container)}/kill", {"signal": signal})

    def pause(self, container: str) -> None:
        """Freeze its processes."""
        self._call("POST", f"/containers/{_name(container)}/pause")

    def unpause(self, container: str) -> None:
        """Let its processes go on."""
        self._call("POST", f"/containers/{_name(container)}/unpause")

    def remove(self, container: str) -> None:
        """Remove it, running or not, with its anonymous volumes."""
        self._gone(f"/containers/{_name(container)}", {"force": 1, "v": 1}, busy="is already in progress")

    def wait(self, container: str) -> int:
        """Block until it ends."""
        answered = self._json("POST", f"/containers/{_name(container)}/wait", timeout=PATIENT)
        return int(answered["StatusCode"])

    def inspect(self, container: str) -> ContainerInfo | None:
        """The container as it is now."""
        found = self._find(f"/containers/{_name(container)}/json")
        return None if found is None else answer.container(found)

    def containers(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """All with these labels: a list of ids, and one look at each."""
        rows = self._json("GET", "/containers/json", {"all": 1, "filters": _filters(labels)})
        return [info for row in rows if (info := self.inspect(row["Id"]))]

    def events(self, since: float | None, labels: Mapping[str, str]) -> JsonFlow[EngineEvent]:
        """What happens. Always from a moment on, be it now: so nothing is lost while the engine subscribes us."""
        since = time.time() if since is None else since
        params = {"since": f"{since:.9f}", "filters": _filters(labels, _EVENTS)}
        return JsonFlow(self._open("GET", "/events", params), answer.event)

    # Networks and volumes

    def networks(self, labels: Mapping[str, str]) -> list[NetworkInfo]:
        """All with these labels."""
        return [answer.network(row) for row in self._json("GET", "/networks", {"filters": _filters(labels)})]

    def create_network(self, name: str, body: Mapping[str, object]) -> str:
        """Make a network. Told to check, because an engine before 25.0 else makes a second one of the name."""
        return str(self._json("POST", "/networks/create", body={**body, "Name": name, "CheckDuplicate": True})["Id"])

    def remove_network(self, name: str) -> None:
        """Remove it."""
        self._gone(f"/networks/{_name(name)}")

    def inspect_network(self, name: str) -> NetworkInfo | None:
        """The network, by name or id."""
        found = self._find(f"/networks/{_name(name)}")
        return None if found is None else answer.network(found)

    def connect(self, network: str, container: str, endpoint: Mapping[str, object]) -> None:
        """Give a container a leg in a network."""
        body = {"Container": container, "EndpointConfig": endpoint}
        self._call("POST", f"/networks/{_name(network)}/connect", body=body)

    def disconnect(self, network: str, container: str) -> None:
        """Take that leg away."""
        self._call("POST", f"/networks/{_name(network)}/disconnect", body={"Container": container, "Force": True})

    def volumes(self, labels: Mapping[str, str]) -> list[VolumeInfo]:
        """All with these labels."""
        rows = self._json("GET", "/volumes", {"filters": _filters(labels)})["Volumes"]
        return [answer.volume(row) for row in rows or ()]

    def create_volume(
        self,
        name: str,
        driver: str = "",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """Make a volume, unless it is there."""
        body = {"Name": name, "Driver": driver or "local", "DriverOpts": options or {}, "Labels": labels or {}}
        self._call("POST", "/volumes/create", body=body)

    def remove_volume(self, name: str) -> None:
        """Remove it."""
        self._gone(f"/volumes/{_name(name)}")

    def inspect_volume(self, name: str) -> VolumeInfo | None:
        """The volume."""
        found = self._find(f"/volumes/{_name(name)}")
        return None if found is None else answer.volume(found)

    # Images

    def image(self, name: str) -> ImageInfo | None:
        """An image that is here."""
        found = self._find(f"/images/{_name(name)}/json")
        return None if found is None else answer.image(found)

    def pull(self, name: str, platform: str = "", progress: Callable[[str], None] | None = None) -> None:
        """Fetch an image."""
        from docker.utils import parse_repository_tag

        repository, tag = parse_repository_tag(name)
        with _refusals(self.host):
            lines = self._client.pull(repository, tag or "latest", stream=True, decode=True, platform=platform or None)
            _follow(lines, progress)

    def build(self, context: Path, options: BuildOptions, progress: Callable[[str], None] | None = None) -> str:
        """Build a directory with the engine's own builder."""
        if not context.is_dir():
            raise EngineError(f"build context {context} is not a directory", "check `build.context`")
        tag = options.tags[0] if options.tags else None
        with _refusals(self.host), tempfile.NamedTemporaryFile("w", suffix=".Dockerfile") as inline:
            inline.write(options.inline)
            inline.flush()
            lines = self._client.build(
                path=str(context),
                dockerfile=inline.name if options.inline else options.dockerfile or None,
                tag=tag,
                buildargs=dict(options.args),
                target=options.target or None,
                labels=dict(options.labels),
                cache_from=list(options.cache_from) or None,
                extra_hosts=dict(options.extra_hosts) or None,
                network_mode=options.network or None,
                platform=options.platform or None,
                nocache=options.no_cache,
                pull=options.pull,
                shmsize=options.shm_size or None,
                rm=True,
                forcerm=True,
                decode=True,
            )
            built = _follow(lines, progress)
        for more in options.tags[1:]:
            repository, _, version = more.rpartition(":") if ":" in more.rpartition("/")[2] else (more, "", "latest")
            self._call("POST", f"/images/{_name(built)}/tag", {"repo": repository, "tag": version})
        return built

    def import_image(self, name: str, archive: bytes, changes: Sequence[str] = ()) -> str:
        """Make an image of one layer from a tar."""
        params = {"fromSrc": "-", "repo": name, "changes": list(changes)}
        answered = self._call("POST", "/images/create", params, archive, timeout=PATIENT)
        return _follow((json.loads(line) for line in answered.text.splitlines()), None)

    def remove_image(self, name: str) -> None:
        """Take the name away."""
        self._gone(f"/images/{_name(name)}")

    # Processes and files inside

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
        session = self._exec(container, command, user, workdir, env, tty, bool(stdin))
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
    ) -> LiveSession:
        """Run a command inside and stay connected to it."""
        return self._exec(container, command, user, workdir, env, tty, True)

    def _exec(
        self,
        container: str,
        command: Sequence[str],
        user: str,
        workdir: str,
        env: Sequence[str],
        tty: bool,
        stdin: bool,
    ) -> LiveSession:
        body = {"Cmd": list(command), "User": user, "WorkingDir": workdir, "Env": list(env), "Tty": tty}
        body |= {"AttachStdin": stdin, "AttachStdout": True, "AttachStderr": True}
        path = f"/exec/{self._json('POST', f'/containers/{_name(container)}/exec', body=body)['Id']}"
        return LiveSession(
            self._open("POST", f"{path}/start", body={"Detach": False, "Tty": tty}),
            tty,
            lambda: self._exec_code(path),
            lambda rows, columns: self._resize(path, rows, columns),
        )

    def _exec_code(self, path: str) -> int:
        # The output may end a moment before the engine has noted the exit.
        while (state := self._json("GET", f"{path}/json"))["Running"]:
            time.sleep(0.005)
        return int(state["ExitCode"] or 0)

    def attach(self, container: str, *, stdin: bool = True) -> LiveSession:
        """Connect to the container's own process."""
        info = answer.container(self._json("GET", f"/containers/{_name(container)}/json"))
        path = f"/containers/{info.id}"
        params = {"stream": 1, "stdout": 1, "stderr": 1, "stdin": int(stdin)}
        return LiveSession(
            self._open("POST", f"{path}/attach", params),
            info.tty,
            lambda: self.wait(info.id),
            lambda rows, columns: self._resize(path, rows, columns),
        )

    def _resize(self, path: str, rows: int, columns: int) -> None:
        self._call("POST", f"{path}/resize", {"h": rows, "w": columns})

    def put_archive(self, container: str, path: str, archive: bytes) -> None:
        """Unpack a tar inside."""
        self._call("PUT", f"/containers/{_name(container)}/archive", {"path": path}, archive, PATIENT)

    def get_archive(self, container: str, path: str) -> bytes:
        """A tar of what is inside."""
        content: bytes = self._call(
            "GET", f"/containers/{_name(container)}/archive", {"path": path}, timeout=PATIENT
        ).content
        return content

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
    ) -> LineFlow:
        """Its output, line by line."""
        info = answer.container(self._json("GET", f"/containers/{_name(container)}/json"))
        flags = {"follow": follow, "timestamps": timestamps, "stdout": stdout, "stderr": stderr}
        times = {"since": since, "until": until}
        params: dict[str, object] = {flag: int(value) for flag, value in flags.items()}
        params |= {name: f"{at:.9f}" for name, at in times.items() if at}
        params["tail"] = "all" if tail is None else tail
        return LineFlow(self._open("GET", f"/containers/{info.id}/logs", params), info.tty)

    def stats(self, container: str) -> Usage:
        """What it uses now."""
        return answer.usage(
            self._json("GET", f"/containers/{_name(container)}/stats", {"stream": "false", "one-shot": "true"})
        )

    def top(self, container: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Its process table."""
        table = self._json("GET", f"/containers/{_name(container)}/top")
        return tuple(table["Titles"]), tuple(tuple(row) for row in table["Processes"] or ())

    # The wire

    def _api(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self._client.api_version.split("."))

    def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | bytes | None = None,
        timeout: float | None = QUICK,
        stream: bool = False,
    ) -> Any:
        """One request. Raises EngineError with the engine's words for every status from 400 on."""
        client = self._client
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        kind = "application/x-tar" if isinstance(body, bytes) else "application/json"
        with _refusals(self.host):
            response = client.request(
                method,
                f"{client.base_url}/v{client.api_version}{path}",
                params=params,
                data=data,
                headers={} if data is None else {"Content-Type": kind},
                timeout=timeout,
                stream=stream,
            )
            if response.status_code >= 400:
                raise EngineError(_words(response.text, response.reason), status=response.status_code)
            return response

    def _json(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        timeout: float | None = QUICK,
    ) -> Any:
        return self._call(method, path, params, body, timeout).json()

    def _open(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Connection:
        return Connection(self._call(method, path, params, body, PATIENT, stream=True))

    def _find(self, path: str) -> Any:
        try:
            return self._json("GET", path)
        except EngineError as error:
            if error.status != 404:
                raise
            return None

    def _gone(self, path: str, params: Mapping[str, object] | None = None, busy: str = "") -> None:
        try:
            self._call("DELETE", path, params)
        except EngineError as error:
            if error.status != 404 and not (busy and error.status == 409 and busy in error.message):
                raise


def _name(text: str) -> str:
    """A name or id as part of a path."""
    return quote(text, safe="/:@")


def _filters(labels: Mapping[str, str], more: Mapping[str, object] | None = None) -> str:
    chosen = [f"{key}={value}" if value else key for key, value in labels.items()]
    return json.dumps({**(more or {}), **({"label": chosen} if chosen else {})})


def _words(text: str, reason: str) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text.strip() or reason


def _feed(session: LiveSession, data: bytes) -> None:
    session.write(data)
    session.end_input()


def _follow(lines: Any, progress: Callable[[str], None] | None) -> str:
    """Tell the progress of a pull or build; gives the id of the image that was made, if one was."""
    made = ""
    for line in lines:
        if "error" in line:
            raise EngineError(str(line["error"]).strip(), status=int((line.get("errorDetail") or {}).get("code") or 0))
        if isinstance(line.get("aux"), dict):
            made = line["aux"].get("ID", made)
        elif str(line.get("status", "")).startswith("sha256:"):
            made = line["status"]
        elif progress:
            text = line.get("stream") or " ".join(
                filter(None, (line.get("id"), line.get("status"), line.get("progress")))
            )
            if text.strip():
                progress(text.rstrip())
    return made


def _default_host() -> tuple[str, Any]:
    """Where the docker command would go, and with what TLS."""
    import docker
    from docker.utils import kwargs_from_env

    if os.environ.get("DOCKER_HOST"):
        given = kwargs_from_env()
        return given["base_url"], given.get("tls")
    try:
        context = docker.context.ContextAPI.get_current_context()
    except (docker.errors.DockerException, OSError, ValueError, KeyError):
        context = None  # a broken configuration of docker's: its default socket is as good
    if context is None or not context.Host:
        return "unix:///var/run/docker.sock", None
    return context.Host.replace("http+unix://", "unix://"), context.TLSConfig


def _open(host: str, tls: Any) -> Any:
    """An APIClient whose connections to a socket come from one pool. Raises EngineError if nothing answers there."""
    import docker
    from docker.transport import UnixHTTPAdapter

    class OnePool(UnixHTTPAdapter):  # type: ignore[misc]
        # The SDK keeps one pool per URL and closes the oldest of 25: slow, and unsafe for many threads.
        def get_connection(self, url: str, proxies: object = None) -> Any:  # noqa: ARG002
            return super().get_connection("http+docker://localhost", proxies)

    if host.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:  # the SDK leaks the socket on which this fails
            try:
                probe.connect(host.removeprefix("unix://"))
            except OSError as error:
                raise _unreachable(host, error) from error
    with _refusals(host):
        client = docker.APIClient(base_url=host, tls=tls or False, timeout=QUICK, version="1.41")
        if host.startswith("unix://"):
            path = "http+unix://" + host.removeprefix("unix://")
            client._custom_adapter = OnePool(path, QUICK, max_pool_size=_CONNECTIONS)
            client.mount("http+docker://", client._custom_adapter)
            client.trust_env = False
        client._version = client.version(api_version=False)["ApiVersion"]
    return client


@contextmanager
def _refusals(host: str) -> Iterator[None]:
    """Turn the failures of the SDK and of the connection into EngineError."""
    import docker
    import requests
    import urllib3

    try:
        yield
    except docker.errors.APIError as error:
        raise EngineError(str(error.explanation or error), status=error.status_code or 0) from error
    except requests.exceptions.ReadTimeout as error:
        raise EngineError(f"the engine at {host} did not answer in time", "look at its log; it may hang") from error
    except (requests.exceptions.RequestException, docker.errors.DockerException, urllib3.exceptions.HTTPError) as error:
        raise _unreachable(host, error) from error
    except OSError as error:  # of files of ours, such as a build context
        raise EngineError(str(error)) from error


def _unreachable(host: str, error: Exception) -> EngineError:
    if "Permission denied" in str(error):
        hint = "add yourself to the group docker (usermod -aG docker $USER, then log in again), or run as root"
        return EngineError(f"no permission to talk to the Docker daemon at {host}", hint)
    hint = "start it (systemctl start docker, or Docker Desktop), or point DOCKER_HOST at one that runs"
    return EngineError(f"cannot connect to the Docker daemon at {host}: is the Docker daemon running?", hint)
