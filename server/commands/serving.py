"""`idarati serve`, `idarati demo`, `idarati openapi`: the server itself, and what it says of its own resources."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from server.commands.opening import data_option, require_current, settings_from, told_plainly
from server.config import SettingError, Settings

host_option = click.option("--host", help="Address to listen on.")
port_option = click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")


@click.command()
@data_option
@host_option
@port_option
@click.option("--workers", type=click.IntRange(1), help="Server processes; more than one needs PostgreSQL and Redis.")
def serve(data: Path | None, host: str | None, port: int | None, workers: int | None) -> None:
    """Run the server by the settings."""
    from server import hosting  # noqa: PLC0415 - gunicorn is wanted by two commands only

    settings = settings_from(data, host=host, port=port, workers=workers)
    try:
        hosting.serve(settings, before_fork=lambda: _require_current(settings))
    except SettingError as error:
        raise click.UsageError(str(error)) from error


@click.command()
@data_option
@host_option
@port_option
@click.option("--fresh", is_flag=True, help="Begin anew: what the folder holds of a demonstration is thrown away.")
@click.option("--quiet-hall", is_flag=True, help="No simulated citizens and agents.")
@click.option("--print-tokens", is_flag=True, help="First print one line of JSON with every token and login.")
def demo(
    data: Path | None, host: str | None, port: int | None, *, fresh: bool, quiet_hall: bool, print_tokens: bool
) -> None:
    """Run four living demonstration sites."""
    from server.demo import folder, run  # noqa: PLC0415 - gunicorn is wanted by two commands only

    settings = settings_from(data, host=host, port=port)
    try:
        run.demo(settings, fresh=fresh, quiet_hall=quiet_hall, print_tokens=print_tokens)
    except (folder.NotADemo, SettingError) as error:
        raise click.ClickException(str(error)) from error


@click.command()
@data_option
def openapi(data: Path | None) -> None:
    """Print the OpenAPI document. Needs no database."""
    del data
    from server.actions.house import open_house  # noqa: PLC0415 - the whole application, wanted by this command only
    from server.app import create_app  # noqa: PLC0415 - see above
    from server.store import migrate  # noqa: PLC0415 - see above

    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        house = open_house(settings)
        migrate.upgrade(house.engine)
        app = create_app(settings, house=house)
        document = app.test_client().get("/api/v1/openapi.json").get_json()
        house.close()
    click.echo(json.dumps(document, ensure_ascii=False))


def _require_current(settings: Settings) -> None:
    from server.store.engine import open_engine  # noqa: PLC0415 - in the process that checks and ends

    with told_plainly():
        engine = open_engine(settings.database)
        require_current(engine, settings)
        engine.dispose()
