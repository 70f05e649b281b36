"""Log lines that say what happened and where, never what somebody wrote. Standard library only: settings name it.

An exception's words may quote what was typed or stored (“Key (name)=(…) already exists”), so a line keeps its type, its database
code and the frames; an address may hold a token or what was searched for, so it keeps neither.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

MASK = "…"
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
# A part of an address that is long enough to be a token (public ids have 12 signs), and whatever follows a question mark.
TOKEN = re.compile(r"(?<=/)[\w:.=~-]{20,}(?=[/?\s,'\"]|$)")
QUERY = re.compile(r"(?<=\S)\?[^\s'\"]+")
# What Celery says of a task by way of names; the rest (id, name, runtime) is harmless.
QUOTING = {"exc", "traceback", "return_value", "args", "kwargs", "data", "body", "message"}
LONGEST_CHAIN = 10


class PlainFormatter(logging.Formatter):
    """For every handler of every process: web, worker, beat, gunicorn."""

    def format(self, record: logging.LogRecord) -> str:
        kept = logging.makeLogRecord(record.__dict__)
        kept.msg, kept.args, kept.exc_text = _message(record), None, None
        return super().format(kept)

    def formatException(self, ei: Any) -> str:
        return "\n".join(_lines(ei[1])) if ei and ei[1] is not None else ""


class Words(str):
    """Said the same by %s and %r."""

    __repr__ = str.__str__


def described(problem: BaseException) -> str:
    """“IntegrityError 23505 account_username_key”: its type, and of a database's complaint the code and the constraint."""
    words = [type(problem).__name__]
    cause = problem.__cause__ if getattr(problem, "diag", None) is None else problem
    diag = getattr(cause, "diag", None)
    words += [str(word) for word in (getattr(diag, "sqlstate", None), getattr(diag, "constraint_name", None)) if word]
    return Words(" ".join(words))


def _message(record: logging.LogRecord) -> str:
    message, arguments = record.msg, record.args
    if isinstance(message, BaseException):
        return described(message)
    if isinstance(arguments, Mapping):
        arguments = {name: MASK if name in QUOTING else _plain(value) for name, value in arguments.items()}
    elif arguments:
        arguments = tuple(_plain(value) for value in arguments)
    try:
        text = str(message) % arguments if arguments else str(message)
    except (TypeError, ValueError, KeyError):
        text = str(message)  # a line that cannot be put together is said as its template
    problem = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if problem is not None and (said := str(problem)):
        text = text.replace(said, described(problem))
    return QUERY.sub("?" + MASK, TOKEN.sub(MASK, text))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseException):
        return described(value)
    inner = getattr(value, "exception", None)  # Celery's ExceptionInfo
    return described(inner) if isinstance(inner, BaseException) else value


def _lines(problem: BaseException | None) -> Iterator[str]:
    """The chain from its cause on, as Python prints it, without what the exceptions say and without lines of source."""
    chain: list[BaseException] = []
    while problem is not None and problem not in chain and len(chain) < LONGEST_CHAIN:
        chain.append(problem)
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    for one in reversed(chain):
        yield "Traceback (most recent call last):"
        frame = one.__traceback__
        while frame is not None:
            code = frame.tb_frame.f_code
            yield f'  File "{code.co_filename}", line {frame.tb_lineno}, in {code.co_name}'
            frame = frame.tb_next
        yield described(one)
