"""The files in deploy/ and at the top that platforms read: readable, and true to the program."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from prometheus_client import REGISTRY

import bot.telemetry.metrics  # noqa: F401 (adds what may be asked for)
from bot.cli import main
from bot.settings import Settings
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


def test_settings_that_are_named_exist() -> None:
    known = {name.upper() for name in Settings.model_fields}
    named = set(json.loads((ROOT / "app.json").read_text())["env"])
    assert named <= known


def test_alerts_ask_for_metrics_that_there_are() -> None:
    there = {f"{sample.name}" for family in REGISTRY.collect() for sample in family.samples}
    families = {family.name for family in REGISTRY.collect()}
    for rule in documents("alerts.yaml")[0]["groups"][0]["rules"]:
        for name in re.findall(r"handoff_\w+", rule["expr"]):
            base = re.sub(r"_(total|bucket|count|sum)$", "", name)
            assert name in there | families or base in families, f"{rule['alert']} asks for {name}"
