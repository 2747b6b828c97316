"""Back end 1: the intermediate model becomes Kubernetes manifests."""

from stackferry.translator.check import check
from stackferry.translator.manifest.manifests import Manifest, ordered, render_json, render_yaml, yaml_pieces
from stackferry.translator.notes import Kind, Note, diagnostics
from stackferry.translator.options import Options
from stackferry.translator.orphans import orphans, query
from stackferry.translator.output import write_file, write_folder
from stackferry.translator.report.explanation import Explanation, Row, explain
from stackferry.translator.report.security_controls import Lost, lost_controls
from stackferry.translator.translation import Translation, translate

__all__ = [
    "Explanation",
    "Kind",
    "Lost",
    "Manifest",
    "Note",
    "Options",
    "Row",
    "Translation",
    "check",
    "diagnostics",
    "explain",
    "lost_controls",
    "ordered",
    "orphans",
    "query",
    "render_json",
    "render_yaml",
    "translate",
    "write_file",
    "write_folder",
    "yaml_pieces",
]
