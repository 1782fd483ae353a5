"""The one console script: `idarati …`. Here stands only which commands there are; each is imported when it is run.

Starting Python, the database layer and the web server takes longer than many of these commands need, and a list of
commands must come at once; so this module imports click and nothing of ours.
"""

from importlib import import_module
from typing import Final

import click

#: Command → module and function that it is, and the line that the list of commands shows.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "demo": ("server.commands.serving:demo", "Run four living demonstration sites."),
    "serve": ("server.commands.serving:serve", "Run the server."),
    "migrate": ("server.commands.database:migrate", "Bring the database to the current schema."),
    "site": ("server.commands.sites:site", "Import and export site packs."),
    "agent": ("server.commands.people:agent", "Add people, reset their pass phrases, disable them."),
    "device": ("server.commands.devices:device", "Add, list and revoke devices."),
    "token": ("server.commands.people:token", "Create API tokens."),
    "backup": ("server.commands.backup:backup", "Write everything into one file, while the server runs."),
    "restore": ("server.commands.backup:restore", "Put a backup back; needs two people."),
    "journal": ("server.commands.journal:journal", "Export the journal as JSON lines."),
    "verify": ("server.commands.journal:verify", "Check that a journal's chain holds."),
    "replay": ("server.commands.journal:replay", "Check that the tables say what the journal says."),
    "ticket": ("server.commands.paper:ticket", "See a paper ticket without a printer."),
    "printer": ("server.commands.paper:printer", "Say where a kiosk prints; ask a printer how it is."),
    "voice": ("server.commands.voice:voice", "List what kiosks read aloud; make its clips."),
    "openapi": ("server.commands.serving:openapi", "Print the OpenAPI document."),
}


class LateCommands(click.Group):
    """A group that imports a command only to run it or to show that command's own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.command(cls=LateCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="idarati-reception")
def main() -> None:
    """Idarati reception: the queue that nobody can cheat unseen, and that everybody can check.

    Every command takes --data DIR, the same as IDARATI_DATA_DIR. What a program may want to read is one JSON document
    per line on standard output; everything else goes to standard error.
    """


if __name__ == "__main__":
    main()
