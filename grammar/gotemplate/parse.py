"""Parses a template: scans it into pieces, parses each action with the grammar, nests the blocks.

Plain fields (`{{.Service.Name}}`), by far the most common actions, need no grammar, and so no lark.
"""

from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from stackferry.grammar.gotemplate.error import TemplateError
from stackferry.grammar.gotemplate.scan import SPACE, Piece, pieces
from stackferry.grammar.gotemplate.tree import Block, Command, Field, Node, Output, Pipeline, Text
from stackferry.grammar.regex import regex

DEEPEST = 100
"""Deepest nesting of blocks and of parentheses."""

_PLAIN = regex(r"[ \t\r\n]*(?:\.|((?:\.[^\W\d]\w*)+))[ \t\r\n]*")


@lru_cache(maxsize=1024)
def parse(text: str) -> tuple[Node, ...]:
    """The tree of a template; raises TemplateError."""
    parser = _Parser(text)
    nodes, closing = parser.nodes(0)
    if closing is not None:
        raise TemplateError(f"unexpected {{{{{closing[0]}}}}}", text, closing[1], "no block is open here")
    return tuple(nodes)


class _Parser:
    """The parser's position in the pieces of one template."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces = pieces(text)

    def nodes(self, depth: int) -> "tuple[list[Node], tuple[str, int, Pipeline | None] | None]":
        """Nodes up to the action that closes them: (end, else, else if or else with; its place; its pipeline)."""
        found: list[Node] = []
        for piece in self.pieces:
            if not piece.is_action:
                found.append(Text(piece.text))
                continue
            kind, pipeline = _action(self.text, piece)
            if kind == "output":
                assert pipeline is not None
                found.append(Output(pipeline))
            elif kind in ("if", "with", "range"):
                assert pipeline is not None
                if depth >= DEEPEST:
                    raise TemplateError(f"blocks are nested more than {DEEPEST} levels deep", self.text, piece.at)
                found.append(self.block(kind, pipeline, piece, depth + 1))
            else:
                return found, (kind, piece.at, pipeline)
        return found, None

    def block(self, kind: str, pipeline: Pipeline, piece: Piece, depth: int) -> Block:
        """A block from after its opening action to its end."""
        body, closing = self.nodes(depth)
        otherwise: list[Node] = []
        if closing is not None and closing[2] is not None:
            inner = closing[0].removeprefix("else ")
            if kind == "range" or (inner == "with") != (kind == "with"):
                raise TemplateError(f"unexpected {{{{{closing[0]}}}}} in {{{{{kind}}}}}", self.text, closing[1])
            if depth >= DEEPEST:
                raise TemplateError(f"blocks are nested more than {DEEPEST} levels deep", self.text, closing[1])
            # `else if` shares the end of the block that it continues.
            otherwise = [self.block(inner, closing[2], piece, depth + 1)]
            return Block(kind, pipeline, tuple(body), tuple(otherwise))
        if closing is not None and closing[0] == "else":
            otherwise, closing = self.nodes(depth)
            if closing is not None and closing[0] != "end":
                raise TemplateError("expected {{end}}, found another {{else}}", self.text, closing[1])
        if closing is None:
            raise TemplateError(f"{{{{{kind}}}}} is not closed", self.text, piece.at, "close it with {{end}}")
        return Block(kind, pipeline, tuple(body), tuple(otherwise))


def _action(text: str, piece: Piece) -> "tuple[str, Pipeline | None]":
    """The kind of an action, and its pipeline if it has one."""
    plain = _PLAIN.fullmatch(piece.text)
    if plain:
        at = piece.at + len(piece.text) - len(piece.text.lstrip(SPACE))
        names = tuple(plain[1][1:].split(".")) if plain[1] else ()
        return "output", Pipeline((Command((Field(names, at),), at),), (), False, at)
    if not piece.text.strip(SPACE):
        raise TemplateError("missing value for command", text, piece.at, "the braces are empty")
    if piece.text.count("(") > DEEPEST:
        raise TemplateError(f"more than {DEEPEST} parentheses in one action", text, piece.at)
    return _read(text, piece)


def _read(text: str, piece: Piece) -> "tuple[str, Pipeline | None]":
    from lark.exceptions import LarkError, UnexpectedCharacters, UnexpectedEOF, UnexpectedToken, VisitError

    from stackferry.grammar.gotemplate.build import build

    try:
        return build(_grammar().parse(piece.text), text, piece.at)
    except VisitError as error:
        if isinstance(error.orig_exc, TemplateError):
            raise error.orig_exc from None
        raise
    except UnexpectedToken as error:
        end = error.token.type == "$END"
        position = error.token.start_pos
        at = len(piece.text) if end or position is None else position
        problem = "the action is incomplete" if end else f"unexpected {str(error.token)!r}"
        raise TemplateError(problem, text, piece.at + at, _hint(str(error.token))) from None
    except UnexpectedCharacters as error:
        start: Any = error.pos_in_stream
        found = piece.text[start : start + 1]
        raise TemplateError(f"unexpected {found!r}", text, piece.at + start, _hint(found)) from None
    except (UnexpectedEOF, LarkError) as error:
        raise TemplateError(f"cannot read the action: {error}", text, piece.at) from None


def _hint(found: str) -> str:
    if found == "-":
        return 'for a name with a dash use index: {{index .Labels "some-name"}}'
    return ""


@cache
def _grammar() -> Any:
    from lark import Lark

    grammar = files("stackferry.grammar.gotemplate").joinpath("action.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", start="start")
