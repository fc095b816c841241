"""The pins: complete, hashed, agreeing with each other; and no committed file tells where it was made."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest

from tests.architecture.sources import ROOT, found

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)")

# Put together here, so that this file does not hold them itself.
HOSTS = (
    ("py" + "pi", "org"),
    ("files.python" + "hosted", "org"),
    ("registry.npm" + "js", "org"),
    ("deb.de" + "bian", "org"),
)
FOLDERS = (
    "wo" + "rk/main",
    "wo" + "rk/shared",
    "wo" + "rk/.library",
    "ro" + "ot/.pyenv",
    "opt/" + "pypi",
    "opt/" + "wheels",
    "tm" + "p/v/",
)
FORBIDDEN = [*(f"{name}.{end}" for name, end in HOSTS), *(f"/{folder}" for folder in FOLDERS)]


def pins(file: str) -> dict[str, str]:
    """Package and version of each pinned line, names in one spelling."""
    matches = (PIN.match(line) for line in (ROOT / file).read_text().splitlines())
    return {re.sub(r"[-_.]+", "-", m["name"]).lower(): m["version"] for m in matches if m}


@pytest.fixture(
    params=["requirements", "requirements-dev", "requirements-browser", "deploy/requirements-telemetry"]
)
def lock(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_lock_file_names_no_address(lock: str) -> None:
    for end in ("in", "txt"):
        lines = (ROOT / f"{lock}.{end}").read_text().splitlines()
        strays = [
            f"{lock}.{end}:{n}" for n, line in enumerate(lines, 1) if "://" in line or "index-url" in line
        ]
        assert not strays, f"Pins must work with any registry or mirror, so they name none:{found(strays)}"


def test_every_pin_has_its_hashes(lock: str) -> None:
    text = (ROOT / f"{lock}.txt").read_text()
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    bare = [
        entry.partition("\n")[0] for entry in entries if PIN.match(entry) and "--hash=sha256:" not in entry
    ]
    assert pins(f"{lock}.txt"), f"{lock}.txt is empty"
    assert not bare, f"Run .ci/compile; without a hash pip takes whatever it is served:{found(bare)}"


def test_a_lock_file_holds_what_is_asked_for(lock: str) -> None:
    asked, locked = pins(f"{lock}.in"), pins(f"{lock}.txt")
    stale = [f"{name}=={version}" for name, version in asked.items() if locked.get(name) != version]
    assert not stale, f"{lock}.txt is older than {lock}.in. Run .ci/compile:{found(stale)}"


def test_the_lock_files_agree() -> None:
    run, *others = (
        pins(f"{name}.txt")
        for name in (
            "requirements",
            "requirements-dev",
            "requirements-browser",
            "deploy/requirements-telemetry",
        )
    )
    for other in others:
        apart = [name for name in other if name in run and other[name] != run[name]]
        assert not apart, f"Pinned to two versions; run .ci/compile:{found(apart)}"


def test_the_project_depends_on_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = {re.split(r"[\[<>=;~! ]", line)[0].lower() for line in project["project"]["dependencies"]}
    build = {
        re.split(r"==", line)[0].lower().replace("_", "-") for line in project["build-system"]["requires"]
    }
    assert declared | build == set(pins("requirements.in")), (
        "pyproject.toml and requirements.in name different packages"
    )


def test_no_committed_file_tells_where_it_was_made() -> None:
    git = shutil.which("git")
    listing = git and subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if not listing or listing.returncode:
        pytest.skip("not a git checkout, so nothing says which files are committed")
    files = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    strays = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in files
        if file.is_file()
        for word in FORBIDDEN
        if word.encode() in file.read_bytes()
    ]
    assert not strays, f"A path or a host that means something on one machine only:{found(strays)}"
