"""The stack as manifests, ready for a cluster: translated into its namespace, and refused where images are missing."""

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from stackferry.attention import findings
from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.stack_options import load_stack

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.options.translation_options import TranslationChoice
    from stackferry.session import Session
    from stackferry.translator import Translation


class Translated(NamedTuple):
    """A stack, its manifests, and the namespace that they are for."""

    loaded: "Loaded"
    translation: "Translation"
    namespace: str


def translated(session: "Session", choice: "TranslationChoice") -> Translated:
    """Load, translate, check, and tell what needs somebody. Raises StackferryError."""
    from stackferry.explanations import account
    from stackferry.translator import check, translate

    loaded = load_stack(session)
    namespace = namespace_of(loaded.name, choice)
    options = choice.options(loaded.origin)
    translation = translate(loaded.project, session.files, replace(options, namespace=namespace))
    complaints = check(translation.objects, translation.existing)
    if complaints:
        session.report(complaints)
        raise StackferryError("internal error: the manifests do not fit together", "this is a bug: please report it")
    _refuse_builds(loaded)
    session.report(findings(loaded, translation, account(loaded, translation, places=False, every_row=False)))
    return Translated(loaded, translation, namespace)


def namespace_of(project: str, choice: "TranslationChoice") -> str:
    """The namespace that is asked for, else one that is called like the stack."""
    from stackferry.translator.manifest.names import dns_label

    return choice.namespace or dns_label(project)


def _refuse_builds(loaded: "Loaded") -> None:
    """Nobody has brought images that are built here to the cluster."""
    built = [name for name, service in loaded.project.services.items() if service.build is not None]
    if built:
        raise StackferryError(
            f"{', '.join(built)}: built here, so the cluster cannot have the image",
            "push each to a registry that the cluster reaches (stackferry build, stackferry push), and leave out "
            "build: in a file for the cluster: -f compose.yaml -f cluster.yaml, with build: !reset null",
        )
