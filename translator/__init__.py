"""Back end 1: turns the intermediate model into Kubernetes manifests.

Code that only some commands need is in separate modules: `output`, `comparison`, `report.security_controls`.
"""

from stackferry.translator.check import check
from stackferry.translator.manifest.manifests import Manifest, ordered, render_json, render_yaml, yaml_pieces
from stackferry.translator.notes import Kind, Note, diagnostics
from stackferry.translator.options import Options
from stackferry.translator.orphans import orphans, query
from stackferry.translator.report.explanation import Explanation, Row, explain
from stackferry.translator.translation import Translation, translate

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
    "orphans",
    "query",
    "render_json",
    "render_yaml",
    "translate",
    "yaml_pieces",
]
