"""The command line: `handoff …`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError, ProgrammingError

from bot import __version__, backups, checking, digest_by_hand, logs, office, seals, tenants
from bot.backups import BackupError
from bot.bootstrap import SetupError
from bot.digests.models import DigestKind
from bot.office import Trouble
from bot.running import Part, prepare_database, run_until_stopped
from bot.seals import SealError
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.slack.text.phrases import counted, sentence
from bot.telemetry.switches import switch_on
from bot.telemetry.tracing import NotInstalled
from bot.tenants import UnknownTenant

P = ParamSpec("P")


def _reporting(command: Callable[P, None]) -> Callable[P, None]:
    """What was to be expected is one sentence on standard error and exit code 1, not a traceback."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (SetupError, Trouble, NotInstalled, BackupError, SealError, UnknownTenant) as trouble:
            raise _failure(str(trouble)) from trouble
        except ValidationError as errors:
            lines = [f"{_variable(error['loc'])}: {error['msg']}" for error in errors.errors()]
            raise _failure("Settings are wrong.\n" + "\n".join(lines)) from errors
        except ArgumentError as error:
            raise _failure(f"DATABASE_URL is not an address of a database: {error}") from error
        except (OperationalError, InterfaceError, ProgrammingError) as error:
            raise _failure(f"The database cannot be used: {error.orig}") from error

    return wrapped


def _failure(words: str) -> click.ClickException:
    return click.ClickException(logs.without_secrets(words))


def _say(words: str, *, err: bool = False) -> None:
    """Print it without any secret: what Slack or a driver said may quote one."""
    click.echo(logs.without_secrets(words), err=err)


def _variable(location: tuple[int | str, ...]) -> str:
    return "_".join(str(part) for part in location).upper()


def _run(parts: Part) -> None:
    settings = _settings()
    switch_on(settings)
    prepare_database(settings)
    run_until_stopped(settings, parts)


def _settings() -> Settings:
    settings = Settings()
    logs.keep_secret(*settings.secrets())
    logs.configure(settings.log_level)
    return settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="handoff")
def main() -> None:
    """Handoff: the promise, the decision and the money in one Slack thread."""


@main.command()
@click.option("--port", default=8765, show_default=True, help="Where the page is served.")
@click.option("--database", type=click.Path(path_type=Path), help="Keep the demo's data in this file.")
@_reporting
def demo(port: int, database: Path | None) -> None:
    """Try Handoff in a local workspace in the browser: no Slack account needed."""
    # The stand-in is large and only the demo needs it.
    from bot.demo import run_demo

    run_demo(port=port, database_path=database)


@main.command("run")
@_reporting
def run_all() -> None:
    """Run everything in one process: Slack, outbox, clock."""
    _run(Part.ALL)


@main.command()
@_reporting
def web() -> None:
    """Run only what answers Slack."""
    _run(Part.SLACK)


@main.command()
@_reporting
def worker() -> None:
    """Run only the outbox."""
    _run(Part.OUTBOX)


@main.command()
@_reporting
def clock() -> None:
    """Run only the clock: digests."""
    _run(Part.CLOCK)


@main.command()
@_reporting
def migrate() -> None:
    """Bring the database up to date."""
    office.migrate(_settings())
    _say("The database is up to date.")


@main.command()
@click.option("--workspace", help="Look at this one only, where there are several (Slack's team id).")
@_reporting
def check(workspace: str | None) -> None:
    """Say what is wrong with the settings, the database and Slack, and how to mend it."""
    findings = asyncio.run(checking.check(_settings(), workspace=workspace))
    for finding in findings:
        _say(f"{finding.level:<4}  {finding.text}")
    if not all(finding.is_good for finding in findings):
        sys.exit(1)


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workspace", help="Slack's team id, where no token says it.")
@_reporting
def import_file(file: Path, workspace: str | None) -> None:
    """Bring in clients and projects (CSV), or an export (JSON): all of it, or nothing."""
    _say(asyncio.run(office.import_file(_settings(), file, workspace)))


@main.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--workspace", help="Slack's team id, where there are several.")
@_reporting
def export_file(file: Path, workspace: str | None) -> None:
    """Write everything of a workspace to a JSON file."""
    _say(office.export_file(_settings(), file, workspace))


@main.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_reporting
def back_up(file: Path) -> None:
    """Copy the whole database to a file, while Handoff goes on working."""
    click.echo(backups.back_up(_settings().database_url, file))


@main.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_reporting
def restore(file: Path) -> None:
    """Bring a backup into an empty database."""
    click.echo(backups.restore(_settings().database_url, file))


@main.command()
@click.option(
    "--seal",
    type=click.Path(dir_okay=False, path_type=Path),
    help="If all holds, write the newest link of each history to this file, to be kept elsewhere.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Hold the histories against a seal that was kept.",
)
@click.option(
    "--erased",
    multiple=True,
    metavar="WORKSPACE",
    help="A workspace (T…) that was sealed and then erased, as it should be. May be given several times.",
)
@_reporting
def verify(seal: Path | None, against: Path | None, erased: tuple[str, ...]) -> None:
    """Prove that no event was changed since it was written."""
    settings = _settings()
    sealed = seals.read(against) if against else []
    checked, broken = office.verify(settings)
    since, gone = seals.broken_since(settings, sealed)
    broken += since
    for break_ in broken:
        _say(f"{break_.reference}: event {break_.position} is {break_.what}", err=True)
    wrong = len({break_.reference for break_ in broken})
    _say(sentence(f"{counted(checked, 'request')} checked, {wrong or 'none'} with a broken history."))
    if against:
        held = len(sealed) - sum(workspace.histories for workspace in gone)
        _say(sentence(f"{counted(held, 'history', 'histories')} held against {against}."))
    unknown = [workspace for workspace in gone if workspace.workspace_id not in erased]
    for workspace in gone:
        _say(seals.erased_since(workspace, is_known=workspace not in unknown), err=workspace in unknown)
    if broken or unknown:
        sys.exit(1)
    if seal:
        _say(seals.write(settings, seal))


@main.command()
@click.argument("kind", type=click.Choice([kind.value for kind in DigestKind]))
@click.option("--channel", required=True, help="A channel's id or name.")
@click.option("--workspace", help="Slack's team id, where there are several.")
@click.option("--preview", is_flag=True, help="Print it.")
@click.option("--now", is_flag=True, help="Post it.")
@_reporting
def digest(kind: str, channel: str, workspace: str | None, preview: bool, now: bool) -> None:
    """Print a digest, or post it outside its schedule."""
    if preview == now:
        raise click.UsageError("Say either --preview or --now.")
    _say(asyncio.run(digest_by_hand.digest(_settings(), DigestKind(kind), channel, workspace, post=now)))


@main.group()
def workspace() -> None:
    """The workspaces that this database holds."""


@workspace.command("list")
@_reporting
def list_workspaces() -> None:
    """Say which there are, and how Handoff stands in each."""
    settings = _settings()
    prepare_database(settings)
    for line in tenants.lines(settings):
        click.echo(line)


@workspace.command("export")
@click.argument("workspace_id")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_reporting
def export_workspace(workspace_id: str, file: Path) -> None:
    """Write everything of one workspace to a JSON file; its token is not in it."""
    click.echo(office.export_file(_settings(), file, workspace_id))


@workspace.command("delete")
@click.argument("workspace_id")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_reporting
def delete_workspace(workspace_id: str, yes: bool) -> None:
    """Delete all that is known of one workspace, for good."""
    settings = _settings()
    prepare_database(settings)
    name = tenants.name_of(settings, workspace_id)
    if not yes:
        click.confirm(f"Delete everything of {name} ({workspace_id})? Nobody can bring it back.", abort=True)
    click.echo(f"{tenants.delete(settings, workspace_id)} rows of {name} ({workspace_id}) were deleted.")


@workspace.command("rekey")
@click.option("--drop-unreadable", is_flag=True, help="Drop the tokens that no key decrypts.")
@_reporting
def rekey_workspaces(drop_unreadable: bool) -> None:
    """Encrypt every token with the first key of HANDOFF_ENCRYPTION_KEY."""
    settings = _settings()
    prepare_database(settings)
    changed, lost = tenants.rekey(settings, drop_unreadable=drop_unreadable)
    if lost and not drop_unreadable:
        raise Trouble(
            f"Nothing was changed: no key decrypts the tokens of {', '.join(lost)}. Put the former key behind the new "
            "one, or drop these tokens with --drop-unreadable: then these workspaces have to install again."
        )
    click.echo(f"{changed} tokens were encrypted anew, {len(lost)} were dropped. The former keys can go.")


@main.command("manifest")
@click.option("--url", help="For HTTP instead of Socket Mode: where Slack reaches us (https://…).")
@_reporting
def print_manifest(url: str | None) -> None:
    """Print the app's manifest as JSON."""
    _say(json.dumps(manifest(request_url=url), indent=2))
