"""The console script itself: a list of commands that comes at once."""

import subprocess
import sys

from click.testing import CliRunner

from server.cli import COMMANDS, main


def test_the_list_of_commands_loads_nothing_else():
    code = "import sys, server.cli; print([m for m in ('sqlalchemy', 'flask', 'yaml', 'alembic') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


def test_every_command_has_its_help_and_takes_the_data_folder():
    for name in COMMANDS:
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0
