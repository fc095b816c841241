"""The files in deploy/ and at the top that platforms read: readable, and true to the program."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY
from slack_bolt.async_app import AsyncApp

import bot.telemetry.metrics  # noqa: F401 (adds what may be asked for)
from bot.cli import main
from bot.clock import FrozenClock
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.operations import Operations
from bot.web.requests import Verifier
from tests.architecture.sources import ROOT

DEPLOY = ROOT / "deploy"


def documents(name: str) -> list[Any]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


def test_every_part_that_is_started_is_a_command() -> None:
    compose = documents("compose.yaml")[0]["services"]
    started = [service["command"][0] for name, service in compose.items() if name != "postgres"]
    pods = [
        one["spec"]["template"]["spec"]
        for one in documents("kubernetes/handoff.yaml")
        if one["kind"] == "Deployment"
    ]
    started += [pod["containers"][0]["args"][0] for pod in pods]
    started += re.findall(r"python -m bot (\w+)", (ROOT / "Procfile").read_text())
    assert sorted(started).count("web") >= 4
    assert set(started) <= set(main.commands)


def test_nothing_runs_as_root_or_writes_to_its_image() -> None:
    for name in ("kubernetes/handoff.yaml", "kubernetes/migrate.yaml"):
        for one in documents(name):
            if one["kind"] not in {"Deployment", "Job"}:
                continue
            pod = one["spec"]["template"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"]
            assert all(each["securityContext"]["readOnlyRootFilesystem"] for each in pod["containers"])
    compose = documents("compose.yaml")[0]["services"]
    assert all(service["read_only"] for name, service in compose.items() if name != "postgres")
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "USER 10001" in dockerfile
    assert "--require-hashes" in dockerfile


def test_every_pod_listens_where_it_is_asked_whatever_the_secret_says() -> None:
    for one in documents("kubernetes/handoff.yaml"):
        if one["kind"] == "Deployment":
            (container,) = one["spec"]["template"]["spec"]["containers"]
            said = {each["name"]: each["value"] for each in container["env"]}
            (port,) = container["ports"]
            assert said == {"HOST": "0.0.0.0", "PORT": str(port["containerPort"])}


def test_settings_that_are_named_exist() -> None:
    known = {name.upper() for name in Settings.model_fields}
    named = set(json.loads((ROOT / "app.json").read_text())["env"])
    assert named <= known


# Where whoever copies from us finds commands, settings and ports.
TOLD = (
    "README.md",
    "SECURITY.md",
    "docs/operations.md",
    "docs/capacity.md",
    ".env.example",
    "Dockerfile",
    "Procfile",
)
DEPLOYED = (
    "deploy/compose.yaml",
    "deploy/kubernetes/handoff.yaml",
    "deploy/kubernetes/migrate.yaml",
    "deploy/nginx.conf",
)
UNIT = "deploy/systemd/handoff@.service"
# What PostgreSQL, Python, the tests and the platforms read.
OTHERS = {
    "PGPASSWORD",
    "POSTGRES_PASSWORD",
    "POSTGRES_USER",
    "POSTGRES_DB",
    "TEST_DATABASE_URL",
    "HANDOFF_CHROMIUM",
}
SETTING = re.compile(r"\b(?:SLACK|HANDOFF|DATABASE|POSTGRES|OTEL|SENTRY|METRICS|TRUSTED|LOG)_[A-Z_]+\b")


def told(*names: str) -> dict[str, str]:
    return {name: (ROOT / name).read_text() for name in names}


def test_every_setting_that_is_told_of_exists() -> None:
    known = {name.upper() for name in Settings.model_fields} | OTHERS
    # Only the tests read these.
    of_tests = re.compile(r"HANDOFF_(?:FUZZ|STORIES|LONG_TESTS|LIVES|FAULTS)\w*")
    for name, text in told(*TOLD, *DEPLOYED, UNIT).items():
        named = {one for one in SETTING.findall(text) if not of_tests.fullmatch(one)}
        assert named <= known, f"{name} names {named - known}"


def test_every_setting_is_told_of() -> None:
    readme, example = told("README.md", ".env.example").values()
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in readme or f"{name.upper()}`" in readme, name
        assert f"{name.upper()}=" in example, name


def test_the_example_sets_no_port_so_that_several_processes_start_with_it() -> None:
    """Who sets it gets their health served there, which one process of a machine can do."""
    set_there = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert "DATABASE_URL" in set_there
    assert not {"HOST", "PORT"} & set(set_there)


def test_every_command_that_is_told_of_exists() -> None:
    """In code, that is: `handoff export FILE`, and the blocks to be copied."""
    for name, text in told(
        "README.md", "SECURITY.md", "docs/operations.md", "docs/capacity.md", ".env.example"
    ).items():
        quoted = " ; ".join(
            [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"```\n(.*?)```", text, re.DOTALL)]
        )
        used = set(re.findall(r"(?:^|[\s;]|\./|bin/)handoff ([a-z]+)\b", quoted))
        # `createdb --owner handoff handoff` is somebody else's command.
        assert used - {"handoff"} <= {*main.commands, "test"}, f"{name} tells of {used}"


def test_every_path_and_port_that_is_probed_is_served() -> None:
    async def nothing_missing() -> list[str]:
        return []

    verifier = Verifier("secret", FrozenClock(datetime(2026, 1, 1, tzinfo=UTC)))
    routes = build_web(
        AsyncApp(name="x", token="xoxb-1", signing_secret="x"), verifier, Operations(nothing_missing)
    ).routes
    served = {getattr(route, "path", "") for route in routes} | {"/slack/install", "/slack/oauth_redirect"}
    for name, text in told(*DEPLOYED, "Dockerfile", "docs/operations.md").items():
        probed = set(re.findall(r"(?<=[\s\"'`/\d=])(/(?:healthz|readyz|metrics|slack/\w+))\b", text))
        assert probed <= served, f"{name} asks for {probed - served}"
    unit, nginx, operations = told(UNIT, "deploy/nginx.conf", "docs/operations.md").values()
    started = dict(re.findall(r"handoff@(web|worker|clock)-(\d+)", unit))
    assert set(started) == {"web", "worker", "clock"}
    ports = {port for _, port in re.findall(r"handoff@(\w+)-(\d+)", unit)}
    assert set(re.findall(r"server 127\.0\.0\.1:(\d+)", nginx)) <= ports
    assert set(re.findall(r"handoff@\w+-(\d+)", operations)) == ports
    (asked,) = re.findall(r"for port in ([\d ]+);", operations)
    assert set(asked.split()) == ports


def test_the_unit_starts_the_part_on_the_port_of_its_name(tmp_path: Path) -> None:
    (line,) = re.findall(r"^ExecStart=/bin/sh -c '(.*)'$", (ROOT / UNIT).read_text(), re.MULTILINE)
    program = tmp_path / "handoff"
    program.write_text('#!/bin/sh\necho "$1 on $PORT"\n')
    program.chmod(0o755)
    shell = (
        line.replace("$$", "$")
        .replace("%i", "worker-3011")
        .replace("/opt/handoff/current/.venv/bin/handoff", str(program))
    )
    assert subprocess.check_output(["/bin/sh", "-c", shell], text=True) == "worker on 3011\n"


def test_alerts_ask_for_metrics_that_there_are() -> None:
    there = {f"{sample.name}" for family in REGISTRY.collect() for sample in family.samples}
    families = {family.name for family in REGISTRY.collect()}
    for rule in documents("alerts.yaml")[0]["groups"][0]["rules"]:
        for name in re.findall(r"handoff_\w+", rule["expr"]):
            base = re.sub(r"_(total|bucket|count|sum)$", "", name)
            assert name in there | families or base in families, f"{rule['alert']} asks for {name}"
