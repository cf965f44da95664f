"""The command line `cchc`: one small function a command, each calling the function that its HTTP route calls too."""

from api.cli.main import main

__all__ = ["main"]
