"""The demo: a made-up agency in a local workspace, with four months of history."""

from bot.demo.run import Demo, run_demo, running_demo

__all__ = ["Demo", "run_demo", "running_demo"]
