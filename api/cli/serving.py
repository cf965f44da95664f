"""`cchc serve`: the web page and the HTTP API."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.building import chosen_settings
from api.cli.output import refusing, with_data


@click.command()
@click.option("--host", default=None, help="Địa chỉ (address); default 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Cổng (port); default 8000.")
@with_data
@refusing
def serve(host: str | None, port: int | None, data: Path | None) -> None:
    """Mở trang web và API trên máy này (serves the web page and the API on this machine)."""
    import uvicorn

    from api.app import create_app
    from api.workspace import Workspace

    chosen = chosen_settings(data)
    Workspace(chosen.data).require()
    address = host or chosen.host, port or chosen.port
    _refuse_taken(*address)
    click.echo(f"Trang web (web page): http://{address[0]}:{address[1]}/  –  Ctrl+C để dừng (to stop)")
    app = create_app(chosen.model_copy(update={"host": address[0]}))
    uvicorn.run(app, host=address[0], port=address[1], log_level="warning")


def _refuse_taken(host: str, port: int) -> None:
    import socket

    from graph.errors import CchcError

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CchcError(
                f"Không mở được {host}:{port} ({problem.strerror}); chọn cổng khác bằng --port hoặc PORT=",
                f"cannot listen on {host}:{port}; choose another with --port or PORT=",
            ) from problem
