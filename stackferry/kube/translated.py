"""The stack as manifests, ready for a cluster: translated into its namespace, with images that it can have."""

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from stackferry.attention import findings, refuse_unfit
from stackferry.images.built import without_builds

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.kube.delivery import Delivery
    from stackferry.options.translation_options import TranslationChoice
    from stackferry.session import Session
    from stackferry.translator import Translation


class Translated(NamedTuple):
    """A stack, its manifests, and the namespace that they are for."""

    loaded: "Loaded"
    translation: "Translation"
    namespace: str


def translated(
    session: "Session", choice: "TranslationChoice", loaded: "Loaded", images: "Delivery", *, send: bool
) -> Translated:
    """Translate, check, and tell what needs somebody. Raises StackferryError.

    Images that are built here get to the cluster by `images`: with `send` now, else as they are there.
    """
    from stackferry.explanations import account
    from stackferry.translator import translate

    namespace = namespace_of(loaded.name, choice)
    options = choice.options(loaded.origin)
    translation = translate(images(send), session.files, replace(options, namespace=namespace, copies=True))
    refuse_unfit(session, translation, "nothing was applied")
    found = findings(loaded, translation, account(loaded, translation, places=False, every_row=False))
    session.report(without_builds(found, loaded.project))
    return Translated(loaded, translation, namespace)


def namespace_of(project: str, choice: "TranslationChoice") -> str:
    """The namespace that is asked for, else one that is called like the stack."""
    from stackferry.translator.manifest.names import dns_label

    return choice.namespace or dns_label(project)
