"""The stack as manifests, ready for a cluster: translated into its namespace, and refused where images are missing."""

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from stackferry.attention import findings, refuse_unfit
from stackferry.grammar.diagnostics import StackferryError
from stackferry.kube.registry import in_registry
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


def translated(
    session: "Session", choice: "TranslationChoice", loaded: "Loaded", registry: str | None, *, send: bool
) -> Translated:
    """Translate, check, and tell what needs somebody. Raises StackferryError.

    Images that are built here are in `registry`; with `send` they are built and pushed first.
    """
    from stackferry.explanations import account
    from stackferry.translator import translate

    namespace = namespace_of(loaded.name, choice)
    options = choice.options(loaded.origin)
    project = in_registry(session, loaded.project, registry, send=send) if registry else loaded.project
    translation = translate(project, session.files, replace(options, namespace=namespace))
    refuse_unfit(session, translation, "nothing was applied")
    session.report(findings(loaded, translation, account(loaded, translation, places=False, every_row=False)))
    return Translated(loaded, translation, namespace)


def namespace_of(project: str, choice: "TranslationChoice") -> str:
    """The namespace that is asked for, else one that is called like the stack."""
    from stackferry.translator.manifest.names import dns_label

    return choice.namespace or dns_label(project)


def loaded_for(session: "Session", registry: str | None) -> "Loaded":
    """The stack. Raises StackferryError where it builds images, and no registry was named for them."""
    loaded = load_stack(session)
    built = [name for name, service in loaded.project.services.items() if service.build is not None]
    if built and registry is None:
        raise StackferryError(
            f"{', '.join(built)}: built here, so the cluster cannot have the image",
            "--registry HOST/PATH pushes it to a registry that the cluster reaches",
        )
    return loaded
