"""Nothing grows past what a person can hold in their head."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tests.architecture.sources import found, program

FILE_NOTED, FILE_REFUSED = 350, 500
FUNCTION_NOTED, FUNCTION_REFUSED = 60, 90


def test_no_file_is_longer_than_can_be_read_in_one_go(note: Callable[[str], None]) -> None:
    lengths = {source.path: source.text.count("\n") for source in program()}
    report("file", lengths, FILE_NOTED, FILE_REFUSED, note)


def test_no_function_is_longer_than_a_screen(note: Callable[[str], None]) -> None:
    lengths = {
        f"{source.path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for source in program()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    report("function", lengths, FUNCTION_NOTED, FUNCTION_REFUSED, note)


def report(kind: str, lengths: dict[str, int], noted: int, refused: int, note: Callable[[str], None]) -> None:
    """Fail over `refused` lines; over `noted`, only say so at the end of the run."""
    for place, length in lengths.items():
        if noted < length <= refused:
            note(f"A {kind} over {noted} lines: {place} ({length})")
    too_long = [f"{place} ({length} lines)" for place, length in lengths.items() if length > refused]
    assert not too_long, f"Over {refused} lines: split each {kind} by idea:{found(too_long)}"
