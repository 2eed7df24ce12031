"""Log lines a person can read."""

import logging
import re

import pytest

from server.log import logger, set_up


def test_a_line_is_the_time_and_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")
    logger.info("session a1b2 opened: circle, tanh 4-2")
    assert re.fullmatch(r"\d\d:\d\d:\d\d session a1b2 opened: circle, tanh 4-2\n", capsys.readouterr().err)


def test_what_is_worse_than_information_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")
    logger.warning("engine process 1 is lost")
    assert capsys.readouterr().err.endswith(" warning: engine process 1 is lost\n")


def test_the_level_decides_what_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("warning")
    logger.info("a session")
    logging.getLogger("uvicorn.error").info("connection open")
    assert capsys.readouterr().err == ""
    set_up("debug")
    logging.getLogger("uvicorn.error").info("connection open")
    assert capsys.readouterr().err.endswith("connection open\n")
