"""CI's audit of the pins: a vulnerability fails, and a database that nobody could reach is said, not failed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

VULNERABLE = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
CLEAN = {"name": "y", "version": "1", "vulns": []}


def audited(folder: Path, *, report: str, said: str, code: int) -> tuple[int, str]:
    """Run the audit with a pip-audit that writes this report, says this and exits so."""
    (folder / "report").write_text(report)
    fake = folder / "pip-audit"
    fake.write_text(
        "#!/bin/sh\n"
        'while [ $# -gt 0 ]; do [ "$1" = --output ] && out=$2; shift; done\n'
        f'[ -s {folder}/report ] && cp {folder}/report "$out"\necho "{said}" >&2\nexit {code}\n'
    )
    fake.chmod(0o755)
    done = subprocess.run(
        ["bash", ROOT / ".ci/audit"],
        env={**os.environ, "PIP_AUDIT": str(fake)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_known_vulnerability_fails_and_is_named(tmp_path: Path) -> None:
    code, told = audited(tmp_path, report=json.dumps({"dependencies": [VULNERABLE]}), said="Found 1", code=1)
    assert code == 1
    assert "x 1: PYSEC-1, fixed in 2" in told


def test_nothing_known_passes(tmp_path: Path) -> None:
    code, told = audited(tmp_path, report=json.dumps({"dependencies": [CLEAN]}), said="", code=0)
    assert code == 0
    assert "NOT AUDITED" not in told


@pytest.mark.parametrize(
    "said", ["Could not connect to the vulnerability feed", "Read timed out", "503 Server Error "]
)
def test_who_cannot_be_reached_is_said_and_fails_nothing(tmp_path: Path, said: str) -> None:
    code, told = audited(tmp_path, report="", said=said, code=1)
    assert code == 0
    assert "NOT AUDITED" in told


def test_a_database_that_knows_none_of_them_is_no_audit(tmp_path: Path) -> None:
    unknown = {"name": "z", "skip_reason": "Dependency not found"}
    code, told = audited(tmp_path, report=json.dumps({"dependencies": [unknown]}), said="", code=0)
    assert code == 0
    assert "NOT AUDITED" in told


def test_an_audit_that_breaks_for_another_reason_fails(tmp_path: Path) -> None:
    code, told = audited(tmp_path, report="", said="no such option", code=2)
    assert code == 1
    assert "no such option" in told
