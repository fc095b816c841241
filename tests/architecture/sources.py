"""Reads the program's own source files, for tests about its shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file of the program."""

    path: str  # from the top of the project, with slashes

    @cached_property
    def text(self) -> str:
        """What the file says."""
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """What Python reads in it."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in it; many a test asks, and walking takes longer than asking."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def names(self) -> dict[str, str]:
        """What each imported name stands for: `dt` for `datetime.datetime` after an import `as dt`."""
        meanings: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for name in node.names:
                    # "import a.b" binds a; "import a.b as c" binds c to a.b
                    bound = name.asname or name.name.partition(".")[0]
                    meanings[bound] = name.name if name.asname else bound
            elif isinstance(node, ast.ImportFrom) and node.module:
                meanings |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
        return meanings

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every module or name it imports, dotted, with the line."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((name.name, node.lineno) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)

    @cached_property
    def mentions(self) -> tuple[tuple[str, int], ...]:
        """Every dotted name it uses, told by what was imported (`time.time`), with the line."""
        return tuple(self._mentions())

    def _mentions(self) -> Iterator[tuple[str, int]]:
        for node in self.nodes:
            if isinstance(node, ast.Attribute | ast.Name):
                dotted = _dotted(node)
                if dotted is not None:
                    first, dot, rest = dotted.partition(".")
                    yield self.names.get(first, first) + dot + rest, node.lineno

    def is_in(self, *places: str) -> bool:
        """Whether it is one of these files or in one of these folders (which end in a slash)."""
        return any(
            self.path.startswith(place) if place.endswith("/") else self.path == place for place in places
        )


@cache
def program() -> tuple[Source, ...]:
    """Every Python file of the program (not the tests, not the migrations)."""
    files = sorted((ROOT / "bot").rglob("*.py"))
    return tuple(Source(file.relative_to(ROOT).as_posix()) for file in files)


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before is not None else None
    return None


def found(lines: Iterator[str] | list[str]) -> str:
    """A list for a failure sentence, one finding a line."""
    return "".join(f"\n  {line}" for line in lines)
