"""Drives a server with the JavaScript client @gitbeaker/rest, from Python tests.

A test gives a script, an ES module with top-level ``await``, and gets back the JSON that the script prints:

    answer = run_javascript('''
        import { Gitlab } from "@gitbeaker/rest";
        const gitlab = new Gitlab({ host: process.env.HOST, token: process.env.TOKEN });
        console.log(JSON.stringify(await gitlab.Users.showCurrentUser()));
    ''', {"HOST": gl.url, "TOKEN": gl.token("ada")})

The dependencies, pinned in ``javascript/``, are installed once per machine, into the user's cache folder; so are the
programs of others pinned in ``javascript_bots/``, which ``run_program`` runs.
"""

import fcntl
import functools
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CLIENTS = Path(__file__).with_name("javascript")
BOTS = Path(__file__).with_name("javascript_bots")
MANIFEST_FILES = ("package.json", "package-lock.json")
# Scripts of dependencies are not run: none of them needs one, and they would be code from outside.
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
INSTALL_SECONDS = 300


class JavaScriptError(Exception):
    """A script which failed, or printed something else than one JSON value; the message holds what it printed."""


def run_javascript(source: str, env: Mapping[str, str] | None = None, seconds: float = 60) -> Any:
    """Run an ES module and return the one JSON value which it prints.

    The script sees PATH and ``env`` and nothing else of this process's environment. Raises JavaScriptError when it
    fails, RuntimeError when JavaScript is not available (ask ``javascript_available`` first, and skip).
    """
    if reason := javascript_available():
        raise RuntimeError(reason)
    environment = {"PATH": os.environ["PATH"], **(env or {})}
    try:
        done = subprocess.run(
            ["node", "--input-type=module", "-"],
            input=source,
            # Where the script's imports are looked up.
            cwd=_folder(CLIENTS),
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as late:
        raise JavaScriptError(f"the script was still running after {seconds} s; is a request left open?") from late
    return _printed_json(done)


def run_program(name: str, *arguments: str, cwd: Path, env: Mapping[str, str], seconds: float = 120) -> str:
    """Run one of the programs of others in a folder, and return what it printed; raises JavaScriptError if it fails."""
    program = _folder(BOTS) / "node_modules" / ".bin" / name
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), **env}
    done = subprocess.run(
        [str(program), *arguments], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=seconds
    )
    if done.returncode:
        raise JavaScriptError(f"{name} ended with status {done.returncode}:\n{done.stderr}{done.stdout}")
    return done.stdout


@functools.cache
def javascript_available(manifest: Path = CLIENTS) -> str | None:
    """Install what a manifest pins if need be; None when it can run, else the reason why it cannot."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return f"{program} is not on the PATH: install Node.js 20 or newer to run the JavaScript clients"
    try:
        return _install(manifest, _folder(manifest))
    except subprocess.TimeoutExpired:
        return f"npm did not install what {manifest.name} pins within {INSTALL_SECONDS} s"


def _printed_json(done: subprocess.CompletedProcess[str]) -> Any:
    """The JSON on a finished script's standard output."""
    if done.returncode:
        raise JavaScriptError(f"the script ended with status {done.returncode}:\n{done.stderr}{done.stdout}")
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError as error:
        printed = f"{done.stdout}{done.stderr}"
        raise JavaScriptError(f"expected one JSON value on stdout ({error}), got:\n{printed}") from error


def _folder(manifest: Path) -> Path:
    """Where the dependencies live: another lock file means another folder."""
    contents = b"".join((manifest / name).read_bytes() for name in MANIFEST_FILES)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "mockgitlab" / f"javascript-{hashlib.sha256(contents).hexdigest()[:16]}"


def _install(manifest: Path, folder: Path) -> str | None:
    """Fill the folder, one process at a time; None when it is filled, else the reason why it is not."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock"):
        # Written last: an installation cut short is begun anew.
        finished = folder / "installed"
        if finished.exists():
            return None
        for name in MANIFEST_FILES:
            shutil.copy(manifest / name, folder)
        done = subprocess.run(INSTALL, cwd=folder, capture_output=True, encoding="utf-8", timeout=INSTALL_SECONDS)
        if done.returncode:
            return f"npm could not install what {manifest.name} pins: {_first_errors(done.stderr)}"
        finished.touch()
    return None


def _first_errors(stderr: str) -> str:
    """The first lines in which npm says what went wrong."""
    errors = [line for line in stderr.splitlines() if line.startswith("npm error")]
    return " ".join(errors[:3]) or stderr.strip()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file; the system frees it should this process die."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
