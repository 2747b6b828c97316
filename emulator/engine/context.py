"""Where the docker command finds its engine: DOCKER_HOST, DOCKER_CONTEXT, the current context, the default socket.

Used by `docker.py`. (The SDK can do this, too, but supports neither DOCKER_CONTEXT nor contexts without config.json.)
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stackferry.emulator.engine.protocol import EngineError
from stackferry.grammar.lazy_dataclass import dataclass

SOCKET = "unix:///var/run/docker.sock"
_HINT = "list contexts with `docker context ls`; choose one with DOCKER_CONTEXT or `docker context use`"
_FILES = "ca.pem", "cert.pem", "key.pem"


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files in `folder`: CA, our certificate, our key. `verify`: whether to verify the engine's certificate."""

    folder: Path
    verify: bool = True

    @property
    def paths(self) -> tuple[Path, Path, Path]:
        """CA, certificate, key."""
        ca, cert, key = (self.folder / name for name in _FILES)
        return ca, cert, key


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """An engine's address, as in DOCKER_HOST, and the certificates to use if it needs TLS."""

    host: str
    certificates: Certificates | None = None

    @property
    def machine(self) -> str:
        """The host that it is on, as in a URL; empty for this machine."""
        scheme, _, rest = self.host.partition("://")
        if scheme not in ("tcp", "http", "https", "ssh"):
            return ""
        try:
            name = urlsplit(f"//{rest}").hostname or ""
        except ValueError:
            return ""
        if name in ("localhost", "::1", "0.0.0.0") or name.startswith("127."):  # noqa: S104 - read, not bound
            return ""
        return f"[{name}]" if ":" in name else name


def engine_address(environment: Mapping[str, str]) -> EngineAddress:
    """The engine that the docker command would use. Raises EngineError for an unknown context."""
    home = Path(environment.get("HOME") or Path.home()) / ".docker"
    if host := environment.get("DOCKER_HOST"):
        verify, folder = environment.get("DOCKER_TLS_VERIFY"), environment.get("DOCKER_CERT_PATH")
        asked = bool(verify or folder)
        return EngineAddress(host, Certificates(Path(folder or home), bool(verify)) if asked else None)
    place = Path(environment.get("DOCKER_CONFIG") or home)
    name = environment.get("DOCKER_CONTEXT") or _in_use(place / "config.json")
    return EngineAddress(SOCKET) if name == "default" else _context(place / "contexts", name)


def _in_use(config: Path) -> str:
    """The current context of docker's configuration. An unreadable configuration is ignored, as in docker."""
    try:
        found = json.loads(config.read_text(encoding="utf-8")).get("currentContext")
    except (OSError, ValueError, AttributeError):
        found = ""
    return str(found or "default")


def _context(contexts: Path, name: str) -> EngineAddress:
    folder = hashlib.sha256(name.encode()).hexdigest()
    try:
        meta: Any = json.loads((contexts / "meta" / folder / "meta.json").read_text(encoding="utf-8"))
        engine = meta["Endpoints"]["docker"]
        host, unchecked = str(engine["Host"]), bool(engine.get("SkipTLSVerify"))
    except FileNotFoundError as error:
        raise EngineError(f"docker context {name}: not found", _HINT) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"docker context {name}: {error!r}", _HINT) from error
    tls = contexts / "tls" / folder / "docker"
    return EngineAddress(host or SOCKET, Certificates(tls, not unchecked) if tls.is_dir() else None)
