"""How a test types a command: `run("verify", "--site", "hall")` on a data folder of its own."""

import pytest
from click.testing import CliRunner

from server.cli import main


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr("os.environ", {"PATH": "/usr/bin"})
    return tmp_path / "data"


@pytest.fixture
def run(data):
    def run(*words, exit_code=0):
        result = CliRunner().invoke(main, [*words, "--data", str(data)])
        assert result.exit_code == exit_code, result.output
        return result

    return run
