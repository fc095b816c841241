"""`python -m bot` is `handoff`."""

from bot.cli import main

main(prog_name="handoff")
