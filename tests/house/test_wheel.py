"""What is shipped: the five packages, with everything they read at run time, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import tree


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> set[str]:
    out = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    build = [str(uv), "build", "--wheel", "--quiet", "--out-dir", str(out), str(tree.ROOT)]
    # The builder is in uv's cache since the set-up; only where that was cleared the network is asked.
    done = subprocess.run([*build, "--offline"], capture_output=True, text=True, check=False)
    if done.returncode:
        subprocess.run(build, capture_output=True, text=True, check=True)
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_the_wheel_holds_the_five_packages_and_their_data(wheel):
    ours = {name for name in wheel if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in ours} == set(tree.PACKAGES)
    in_tree = {
        path.relative_to(tree.ROOT).as_posix()
        for package in tree.PACKAGES
        for path in (tree.ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert in_tree - ours == set()


@pytest.mark.slow
def test_the_wheel_holds_the_verifier_that_outsiders_download(wheel):
    assert "server/public/verifier/verify_journal.py" in wheel


def test_there_is_one_verifier_and_no_copy_of_it():
    """The one among the documents is the same file by another name."""
    found = {path.resolve() for path in tree.files(".py") if path.name == "verify_journal.py"}
    assert [tree.name(path) for path in found] == ["server/public/verifier/verify_journal.py"]


@pytest.mark.slow
def test_the_wheel_has_its_licence_and_the_command(wheel):
    assert any(name.endswith("licenses/LICENSE") for name in wheel)
    assert any(name.endswith("entry_points.txt") for name in wheel)
