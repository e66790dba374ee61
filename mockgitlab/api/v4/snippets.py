"""Snippets of users. Source: https://docs.gitlab.com/api/snippets/ and GitLab's lib/api/snippets.rb."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, snippet_access
from mockgitlab.api.file_answers import file_answer
from mockgitlab.api.models.repository import shown
from mockgitlab.api.models.snippet import SNIPPET, Snippet, files_of
from mockgitlab.api.services import snippets
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.dsl.validation import Constraint
from mockgitlab.errors import Forbidden, InvalidParameters, NotFound, RecordNotFound
from mockgitlab.git.objects import Entry
from mockgitlab.git.trees import at_path
from mockgitlab.store import Query

AT = "snippets/:id"
VISIBILITIES = ("private", "internal", "public")
ACTIONS = ("create", "update", "delete", "move")


# Parameters


def _leads_up(path: object) -> bool:
    return isinstance(path, str) and (path.startswith("/") or re.search(r"(^|[/\\])\.\.([/\\]|$)", path) is not None)


def _given_files(sent: Mapping[str, Any]) -> list[dict[str, Any]]:
    files = sent.get("files")
    return [file if isinstance(file, dict) else {} for file in files] if isinstance(files, list) else []


def _wrong_paths(names: Sequence[str], sent: Mapping[str, Any]) -> str:
    """Say which files have paths that lead upwards."""
    return ", ".join(
        f"files[{index}][{key}] should be a valid file path"
        for index, file in enumerate(_given_files(sent))
        for key in ("file_path", "previous_path")
        if _leads_up(file.get(key))
    )


def _blank_files(names: Sequence[str], sent: Mapping[str, Any]) -> str:
    """Say which files to create have no path, or nothing in them."""
    return ", ".join(
        f"files[{index}][{key}] is empty"
        for index, file in enumerate(_given_files(sent))
        for key in ("file_path", "content")
        if file.get(key) == ""
    )


def _without_name(names: Sequence[str], sent: Mapping[str, Any]) -> str:
    return "file_name is missing" if "content" in sent and "file_name" not in sent else ""


DESCRIPTION = dsl.param("description", str, "The description of a snippet")
SINGLE = [
    dsl.param("content", str, "The content of a snippet with one file", deprecated="Use files instead"),
    dsl.param("file_name", str, "The name of its file", deprecated="Use files instead"),
]
CREATE = [
    dsl.param("title", str, "The title of a snippet", required=True, max_length=255),
    DESCRIPTION,
    *SINGLE,
    dsl.param(
        "files",
        list[dict[str, Any]],
        "The files of a snippet",
        nested=[
            dsl.param("file_path", str, "The path of the file", required=True),
            dsl.param("content", str, "What is in it", required=True),
        ],
    ),
]
CREATE_RULES = [
    dsl.exactly_one_of("files", "content"),
    dsl.not_empty("title", "content"),
    Constraint(("content", "file_name"), _without_name),
    Constraint(("files",), _wrong_paths),
    Constraint(("files",), _blank_files),
]
UPDATE = [
    dsl.param("title", str, "The title of a snippet", max_length=255),
    DESCRIPTION,
    dsl.param("visibility", str, "Who sees the snippet", enum=VISIBILITIES),
    *SINGLE,
    dsl.param(
        "files",
        list[dict[str, Any]],
        "What to do with the files of a snippet",
        nested=[
            dsl.param("action", str, "What to do", required=True, enum=ACTIONS),
            dsl.param("file_path", str, "The path of the file"),
            dsl.param("previous_path", str, "The path from which to move it"),
            dsl.param("content", str, "What is in it"),
        ],
    ),
]
UPDATE_RULES = [
    dsl.mutually_exclusive("files", "content"),
    dsl.mutually_exclusive("files", "file_name"),
    dsl.at_least_one_of("content", "description", "files", "file_name", "title", "visibility"),
    dsl.not_empty("title", "content"),
    Constraint(("files",), _wrong_paths),
]


# Which snippet, and who may


def _missing(call: dsl.Call, value: str) -> str:
    return f"there is no snippet {value} that {call.user.username if call.user else 'anybody'} may see"


@v4.locator(AT, integer=True)
def find_snippet(call: dsl.Call, value: str) -> Snippet:
    """Return the snippet with an id that the caller may see."""
    snippet = call.store[Snippet].get(int(value))
    if snippet is None or not snippet_access.may_read(call.store, call.user, snippet):
        raise NotFound("Snippet", reason=_missing(call, value))
    return snippet


def find_own_snippet(call: dsl.Call, value: str) -> Snippet:
    """Return the snippet with an id that the caller made."""
    snippet = find_snippet(call, value)
    if snippet.author_id != access.me(call).id:
        raise NotFound("Snippet", reason="one changes one's own snippets here, those of a project below the project")
    return snippet


def _any_snippet(call: dsl.Call, value: str) -> Snippet:
    snippet = call.store[Snippet].get(int(value))
    if snippet is None:
        raise RecordNotFound(reason=f"there is no snippet {value}")
    return snippet


OWN = (("id", dsl.Locator(find_own_snippet, integer=True)),)
ANY = (("id", dsl.Locator(_any_snippet, integer=True)),)


def _check_create(call: dsl.Call) -> None:
    if access.me(call).external:
        raise Forbidden(reason="external users have no snippets of their own")


def _check_update(call: dsl.Call) -> None:
    if not snippet_access.may_update(call, call.at(Snippet)):
        raise Forbidden(reason="only the author, maintainers of the project and administrators may change it")


def _check_delete(call: dsl.Call) -> None:
    if not snippet_access.may_delete(call, call.at(Snippet)):
        raise Forbidden(reason="only the author, maintainers of the project and administrators may delete it")


CREATES = dsl.Rule("whoever is not external", _check_create)
UPDATES = dsl.Rule("author, maintainer or administrator", _check_update)
DELETES = dsl.Rule("author, maintainer or administrator who may delete", _check_delete)


# Lists

DATES = dsl.dates("created")


@v4.get("snippets", rule=access.USER, shape=SNIPPET, filters=DATES)
def listfind_own_snippets(call: dsl.Call) -> Query[Snippet]:
    """List the snippets of the current user, those in projects too."""
    return snippet_access.readable_snippets(call.store, call.user).where(author_id=access.me(call).id)


@v4.get("snippets/public", rule=access.USER, shape=SNIPPET, filters=DATES)
def list_public_snippets(call: dsl.Call) -> Query[Snippet]:
    """List the public snippets of all users, those in projects aside."""
    found: Query[Snippet] = call.store[Snippet].where(project_id=None, visibility="public")
    return snippet_access.in_order(found)


def _storage(query: Query[Snippet], value: str, call: dsl.Call) -> Query[Snippet]:
    return query if value == "default" or not access.is_admin(call) else query.among("id", ())


STORAGE = dsl.by("repository_storage", str, "Only those in this storage, for administrators: default", _storage)


@v4.get("snippets/all", rule=access.USER, shape=SNIPPET, filters=[*DATES, STORAGE], since="16.3")
def list_all_snippets(call: dsl.Call) -> Query[Snippet]:
    """List all snippets that the current user may see; administrators see all."""
    if access.is_admin(call):
        return snippet_access.in_order(call.store[Snippet].all())
    return snippet_access.readable_snippets(call.store, call.user)


# One


@v4.get(AT, shape=SNIPPET)
def show_snippet(snippet: Snippet) -> Snippet:
    """Show a snippet."""
    return snippet


@v4.post(
    "snippets",
    rule=CREATES,
    shape=SNIPPET,
    params=[*CREATE, dsl.param("visibility", str, "Who sees the snippet", enum=VISIBILITIES, default="internal")],
    constraints=CREATE_RULES,
)
def create_snippet(call: dsl.Call, given: dsl.Given) -> Snippet:
    """Create a snippet."""
    return snippets.create(call, None, given)


@v4.put(AT, rule=UPDATES, shape=SNIPPET, params=UPDATE, constraints=UPDATE_RULES, locators=OWN)
def update_snippet(call: dsl.Call, snippet: Snippet, given: dsl.Given) -> Snippet:
    """Change a snippet."""
    return snippets.update(call, snippet, given)


@v4.delete(AT, rule=DELETES, locators=OWN)
def delete_snippet(call: dsl.Call, snippet: Snippet) -> None:
    """Delete a snippet."""
    remove(call.store, snippet)


# Content


def raw(call: dsl.Call, path: str, entry: Entry) -> dsl.Raw:
    """Return what is in a file."""
    return file_answer(call.store.objects.data(entry.sha, "blob"), path.rpartition("/")[2])


def first_file(call: dsl.Call, snippet: Snippet) -> dsl.Raw:
    """Return what is in the first file of a snippet."""
    path, entry = next(iter(files_of(call.store.objects, snippet).items()), ("", None))
    if entry is None:
        return dsl.Raw(b"", "text/plain", headers={"Content-Disposition": "attachment"})
    return raw(call, path, entry)


def file_at(call: dsl.Call, snippet: Snippet, ref: str, path: str) -> dsl.Raw:
    """Return what is in a file of a snippet in a revision."""
    if _leads_up(path):
        raise InvalidParameters(["file_path should be a valid file path"], reason=f"file_path was {path!r}")
    commit = snippets.commit_of(call.store.objects, snippet, ref)
    if commit is None:
        raise NotFound("Reference", reason=f"the snippet has the branch main, and no {ref!r}")
    entry = at_path(call.store.objects, commit.tree, path)
    if entry is None or entry.kind != "blob":
        known = shown(", ".join(files_of(call.store.objects, snippet)))
        raise NotFound("File", reason=f"there is no {path!r}; the files of the snippet are {known}"[:500])
    return raw(call, path, entry)


def user_agent_of(snippet: Snippet) -> dict[str, Any]:
    """Return with which client a snippet was created."""
    if snippet.user_agent is None:
        raise NotFound("UserAgentDetail", reason="the snippet was not created through the API")
    return {"user_agent": snippet.user_agent, "ip_address": snippet.ip_address, "akismet_submitted": False}


@v4.get(f"{AT}/raw")
def show_raw_snippet(call: dsl.Call, snippet: Snippet) -> dsl.Raw:
    """Show what is in a snippet."""
    return first_file(call, snippet)


@v4.get(f"{AT}/files/:ref/:file_path/raw")
def show_raw_file(call: dsl.Call, snippet: Snippet, ref: str, file_path: str) -> dsl.Raw:
    """Show what is in a file of a snippet."""
    return file_at(call, snippet, ref, file_path)


@v4.get(f"{AT}/user_agent_detail", rule=access.ADMIN, locators=ANY)
def show_user_agent(snippet: Snippet) -> dict[str, Any]:
    """Show with which client a snippet was created; for administrators."""
    return user_agent_of(snippet)
