"""Finds the configuration for a file: ours above it, else hadolint's, else none.

Ours is the nearest above the file: a stackferry.toml, or a pyproject.toml that has [tool.stackferry.lint]. hadolint
ignores the directories of files and looks only in the working directory and at home; so do we for its file and its
HADOLINT_* variables. Files are read through a function, so nothing here accesses the disk.
"""

import os
from collections.abc import Callable, Mapping

from stackferry.grammar.lint.catalogue import Catalogue
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.release import Releases

Read = Callable[[str], str | None]
"""Maps an absolute path to its text, None if there is no file. OSError if the file cannot be read."""

_OURS = ("stackferry.toml", "pyproject.toml")
_IN_FOLDER = (".hadolint.yaml", ".hadolint.yml")
_VISIBLE = ("hadolint.yaml", "hadolint.yml")
_MARK = "stackferry"


class ConfigFinder:
    """Finds configurations, and reads each file once."""

    def __init__(
        self,
        read: Read,
        catalogue: Catalogue,
        *,
        cwd: str,
        environment: Mapping[str, str],
        releases: Releases | None = None,
    ) -> None:
        self._read = read
        self._catalogue = catalogue
        self._cwd = cwd
        self._environment = environment
        self._releases = releases or Releases()
        self._by_folder: dict[str, Config | None] = {}
        self._fallback: Config | None = None

    def for_file(self, path: str) -> Config:
        """The configuration for a file (`-`: as for a file in the working directory).

        Raises SourceError if one of our files is invalid.
        """
        folder = self._cwd if path == "-" else os.path.dirname(self._absolute(path))
        return self._ours(folder) or self._hadolint()

    def named(self, path: str) -> Config:
        """The configuration of `--config`: ours if the name ends in .toml, else hadolint's.

        Raises StackferryError if it is missing or invalid.
        """
        from stackferry.grammar.diagnostics import StackferryError

        text = self._read(self._absolute(path))
        if text is None:
            raise StackferryError(f"configuration file {path} not found", "specify one that exists, or omit --config")
        if not path.lower().endswith(".toml"):
            return self._of_hadolint(text, path)
        config = self._of_toml(text, self._absolute(path), path)
        if config is None:
            raise StackferryError(f"{path} has no table [tool.stackferry.lint]", "add one, or specify another file")
        return config

    def _absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._cwd, path))

    def _shown(self, path: str) -> str:
        """A path for display: relative if it is below the working directory."""
        prefix = self._cwd.rstrip("/") + "/"
        return path.removeprefix(prefix)

    def _ours(self, folder: str) -> Config | None:
        passed = []
        found: Config | None = None
        while folder not in self._by_folder:
            passed.append(folder)
            found = self._in_folder(folder)
            above = os.path.dirname(folder)
            if found is not None or above == folder:
                break
            folder = above
        else:
            found = self._by_folder[folder]
        self._by_folder |= dict.fromkeys(passed, found)
        return found

    def _in_folder(self, folder: str) -> Config | None:
        for name in _OURS:
            path = os.path.join(folder, name)
            text = self._read(path)
            # Most pyproject.toml files belong to other projects: not worth the import of a TOML parser.
            if text is not None and (_MARK in text or name == _OURS[0]):
                config = self._of_toml(text, path, self._shown(path))
                if config is not None:
                    return config
        return None

    def _of_toml(self, text: str, path: str, shown: str) -> Config | None:
        from stackferry.grammar.lint.config.toml_config import read

        config = read(text, shown, self._catalogue, self._releases)
        return config._replace(folder=os.path.dirname(path)) if config else None

    def _hadolint(self) -> Config:
        if self._fallback is None:
            self._fallback = self._search_hadolint()
        return self._fallback

    def _search_hadolint(self) -> Config:
        for path in hadolint_paths(self._cwd, self._environment):
            text = self._read(path)
            if text is not None:
                return self._of_hadolint(text, self._shown(path))
        if any(name.startswith("HADOLINT_") and value for name, value in self._environment.items()):
            from stackferry.grammar.lint.config.hadolint_config import VARIABLES, config, from_environment

            if any(self._environment.get(name) for name in VARIABLES):
                return config(from_environment(self._environment), self._catalogue)
        return Config()

    def _of_hadolint(self, text: str, shown: str) -> Config:
        from stackferry.grammar.lint.config.hadolint_config import from_text

        return from_text(text, shown, self._catalogue, self._environment)


def hadolint_paths(cwd: str, environment: Mapping[str, str]) -> list[str]:
    """Where hadolint looks for its file, in order (measured on 2.15.1)."""
    paths = [os.path.join(cwd, name) for name in _IN_FOLDER]
    home = environment.get("HOME", "")
    settings = environment.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(settings):
        settings = os.path.join(home, ".config") if home else ""
    if settings:
        paths += [os.path.join(settings, name) for name in _VISIBLE]
    if home:
        paths += [os.path.join(home, ".hadolint", name) for name in (*_VISIBLE, "config.yaml", "config.yml")]
        paths += [os.path.join(home, name) for name in _IN_FOLDER]
    return paths
