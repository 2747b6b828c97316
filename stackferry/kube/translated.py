"""The stack as manifests for a cluster: translated into its namespace, with images that the cluster can get."""

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
    """A stack, its manifests, and their namespace."""

    loaded: "Loaded"
    translation: "Translation"
    namespace: str


def translated(
    session: "Session", choice: "TranslationChoice", loaded: "Loaded", images: "Delivery", *, send: bool
) -> Translated:
    """Translate the stack, check the manifests, and report what needs action. Raises StackferryError.

    `images` delivers the images that are built here: now with `send`, else the names that they have there are used.
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
    """The namespace of the options, else one named after the stack."""
    from stackferry.translator.manifest.names import dns_label

    return choice.namespace or dns_label(project)
