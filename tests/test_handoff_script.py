"""The script that sets everything up: what it says where it cannot (that it can is what `.ci/run` begins with)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "handoff"
NEEDED = ["cat", "cksum", "dirname", "ln", "printf", "readlink", "rm", "sh", "sleep"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder, with a space in its name, that holds what the script looks at, and nothing set up."""
    folder = tmp_path / "a check-out"
    folder.mkdir()
    for name in ("handoff", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(SCRIPT.with_name(name), folder)
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH with the ordinary tools and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        found = shutil.which(name)
        assert found, f"{name} is part of every POSIX system"
        (folder / name).symlink_to(found)
    return folder


def run(script: Path, programs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(script), *arguments],
        env={"PATH": str(programs)},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def fake_python(programs: Path, body: str) -> None:
    program = programs / "python3"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


def test_without_python_it_says_which_python_it_needs(checkout: Path, programs: Path) -> None:
    answer = run(checkout / "handoff", programs, "demo")
    assert answer.returncode == 1
    assert answer.stderr == (
        "Handoff needs Python 3.11 or newer. It looked for python3 and python3.11 to python3.15 and found none.\n"
    )
    assert not list(checkout.glob(".venv*"))


def test_an_old_python_is_not_enough(checkout: Path, programs: Path) -> None:
    fake_python(programs, "exit 1")
    assert "needs Python 3.11" in run(checkout / "handoff", programs, "demo").stderr


def test_a_python_without_venv_is_named_together_with_the_package_that_brings_it(
    checkout: Path, programs: Path
) -> None:
    fake_python(programs, "case $2 in *ensurepip*) exit 1 ;; esac")
    answer = run(checkout / "handoff", programs, "test")
    assert answer.returncode == 1
    assert "cannot make a virtual environment" in answer.stderr
    assert "apt-get install python3-venv" in answer.stderr


def test_a_set_up_that_fails_is_not_believed_the_next_time(checkout: Path, programs: Path) -> None:
    fake_python(programs, 'case $2 in venv) echo "no space left" >&2; exit 1 ;; esac')
    first = run(checkout / "handoff", programs, "demo")
    assert first.returncode == 1
    assert "no space left" in first.stderr
    assert "Setting up did not finish" in first.stderr
    assert (checkout / ".venv.unfinished").exists()
    assert not (checkout / ".venv.lock").is_symlink()


def test_the_lock_of_a_process_that_is_gone_is_taken_over(checkout: Path, programs: Path) -> None:
    fake_python(programs, "case $2 in venv) exit 1 ;; esac")
    gone = subprocess.Popen(["/bin/sh", "-c", ":"])
    gone.wait()
    (checkout / ".venv.lock").symlink_to(str(gone.pid))
    assert "Setting up (" in run(checkout / "handoff", programs, "demo").stderr
