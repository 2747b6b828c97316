"""Finds the configuration for each file of a lint, and applies the command line's options over it."""

from stackferry.errors import WrongUsageError
from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError, StackferryError
from stackferry.grammar.dockerfile.source import decoded
from stackferry.grammar.lint.catalogue import Catalogue
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.config.find_config import ConfigFinder
from stackferry.grammar.lint.selection import Selector
from stackferry.lint.request import Request
from stackferry.session import Session


class Configs:
    """The configurations of a run. `failed`: one has an error, which was reported."""

    def __init__(self, request: Request, session: Session, rules: Catalogue) -> None:
        self.failed = False
        self._request = request
        self._session = session
        self._rules = rules
        self._finder = ConfigFinder(
            lambda path: text_of(path, session), rules, cwd=session.files.cwd, environment=session.environment
        )
        self._named = Config() if request.no_config else None
        # By identity: the finder gives the same object for all files that share a configuration.
        self._selectors: dict[int, tuple[Config, Selector]] = {}

    def selector(self, path: str) -> Selector | None:
        """The selector of the rules for a file; None if its configuration has an error, so that it is not linted.

        Raises WrongUsageError if the configuration that `--config` names does not exist.
        """
        try:
            config = self._config(path)
        except SourceError as error:
            self.failed = True
            self._session.report(error.diagnostics)
            return None
        except OSError as error:
            self.failed = True
            self._session.report([Diagnostic("", Severity.ERROR, f"{error.filename}: {error.strerror or error}")])
            return None
        if id(config) not in self._selectors:
            self._session.report(
                Diagnostic(notice.code, Severity.WARNING, notice.message, notice.span, notice.hint)
                for notice in config.notes
            )
            self._selectors[id(config)] = config, Selector(self._rules, self._request.over(config))
        return self._selectors[id(config)][1]

    def _config(self, path: str) -> Config:
        if self._named is None and self._request.config is not None:
            try:
                self._named = self._finder.named(self._request.config)
            except SourceError:
                raise
            except StackferryError as error:
                raise WrongUsageError(str(error), error.hint) from error
        return self._named or self._finder.for_file(path)


def text_of(path: str, session: Session) -> str | None:
    """The text of a configuration file; None if it does not exist. Raises OSError if it cannot be read."""
    try:
        return decoded(session.files.read(path))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
