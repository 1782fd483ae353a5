"""Other people's programs that read our paper: they know nothing of how it was drawn."""

import os
import shutil
import subprocess

import pytest
from PIL import Image, ImageOps

from printers.preview import png_of


def codes_in(picture: Image.Image) -> list[str]:
    """What a barcode scanner reads."""
    need("zbarimg", package="zbar-tools")
    run = subprocess.run(["zbarimg", "--quiet", "--raw", "-"], input=seen(picture), capture_output=True, check=False)
    return run.stdout.decode().splitlines()


def words_in(picture: Image.Image) -> str:
    """What an optical reader of Arabic and French makes of it; letters unshaped or reversed come back as nonsense."""
    need("tesseract", package="tesseract-ocr tesseract-ocr-ara tesseract-ocr-fra")
    command = ["tesseract", "stdin", "stdout", "-l", "ara+fra", "--psm", "4"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    run = subprocess.run(command, input=seen(picture), capture_output=True, check=True, env=environment)
    return run.stdout.decode()


def seen(picture: Image.Image) -> bytes:
    """As a camera sees paper: with a margin around it."""
    return png_of(ImageOps.expand(picture.convert("L"), border=24, fill=255))


def need(program: str, *, package: str) -> None:
    if shutil.which(program):
        return
    if os.environ.get("CI"):
        pytest.fail(f"{program} is missing, and in CI nothing may be left unread: install {package}")
    pytest.skip(f"{program} is not installed here, so nobody reads this paper back: apt install {package}")
