"""Back end 1: the intermediate model becomes Kubernetes manifests."""

from translator.check import check
from translator.explanation import Explanation, Row, explain
from translator.manifests import Manifest, ordered, render_json, render_yaml
from translator.notes import Kind, Note, diagnostics
from translator.options import Options
from translator.output import write_file, write_folder
from translator.translation import Translation, translate

__all__ = [
    "Explanation",
    "Kind",
    "Manifest",
    "Note",
    "Options",
    "Row",
    "Translation",
    "check",
    "diagnostics",
    "explain",
    "ordered",
    "render_json",
    "render_yaml",
    "translate",
    "write_file",
    "write_folder",
]
