"""The GitLab CI API itself: its two places, how it refuses, and who may what in a project.

Nobody known is forbidden (403), and who has no right is unauthorized (401): the other way round than in GitLab.

Source: gitlab-ci's doc/api/README.md and lib/api/helpers.rb, GitLab 8's doc/ci/api/README.md and lib/ci/api/helpers.rb.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import Token
from mockgitlab.api.scopes import allowing
from mockgitlab.errors import (
    ApiError,
    BadRequest,
    Forbidden,
    InvalidParameters,
    MissingParameters,
    RecordNotFound,
    Unauthorized,
    ValidationFailed,
)

ALONE, EMBEDDED = "api/v1", "ci/api/v1"
"""Where the API of the separate application is, and that of GitLab itself."""
SUCCESS = {"GET": 200, "POST": 201, "PUT": 200, "PATCH": 202, "DELETE": 200}


class NoRight(ApiError):
    """Somebody known has no right in a project."""

    status = 401
    message = "401 Unauthorized"


ci = dsl.Api(
    "ci",
    "",
    scopes=allowing,
    anyone=access.ANYONE,
    user=access.USER,
    success=SUCCESS,
    dialect=dsl.Dialect(blank_is_missing=True),
)


def _forbidden(error: ApiError) -> ApiError:
    return Forbidden()


def _sentences(error: ValidationFailed) -> ApiError:
    """Return what is wrong as sentences: here that is a text, not a hash."""
    found = [f"{name.replace('_', ' ').capitalize()} {text}" for name, texts in error.message.items() for text in texts]
    return BadRequest(", ".join(found))


ci.dialect.say(
    {
        Unauthorized: _forbidden,
        MissingParameters: lambda error: BadRequest(error.message),
        InvalidParameters: lambda error: BadRequest(error.message),
        ValidationFailed: _sentences,
    }
)


def is_embedded(call: dsl.Call) -> bool:
    """Tell whether a call is of the API that was part of GitLab."""
    return call.operation.path.startswith(EMBEDDED)


# Projects


def has_ci(project: Project) -> bool:
    """Tell whether a project is one of GitLab CI, too."""
    return project.builds_access_level != "disabled" and not project.pending_delete


def number(value: Any) -> int | None:
    """Return the number that a parameter is."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@ci.locator(f"{ALONE}/projects/:id")
def find_project(call: dsl.Call, value: Any) -> Project:
    """Return the project with an id, which is that of GitLab's own; whether one may see it comes later."""
    project = call.store[Project].get(number(value))
    if project is None or not has_ci(project):
        raise RecordNotFound(reason=f"there is no project {value} that has CI")
    return project


def _rule(name: str, least: int) -> dsl.Rule:
    def check(call: dsl.Call) -> None:
        project, user = call.at(Project), access.me(call)
        if not access.can_read(call.store, user, project) or access.level(call, project) < least:
            raise NoRight(reason=f"{user.username} has no such rights in {project.full_path}; {name} is needed")

    return dsl.Rule(name, check)


READ, MANAGE = _rule("sight of it", 0), _rule("maintainer", access.MAINTAINER)


def project_of_token(store: dsl.Store, secret: str) -> Project | None:
    """Return the project that a secret is of: its own for runners, or a token of the kind ``ci_project``."""
    known = store[Token].find(value=secret, kind="ci_project") if secret else None
    found = store[Project].get(known.project_id) if known else store[Project].find(runners_token=secret or None)
    return found if found is not None and has_ci(found) else None


def check_project_token(call: dsl.Call, project: Project) -> None:
    """Raise ``Forbidden`` where the parameter ``project_token`` is not that of a project."""
    found = project_of_token(call.store, str(call.given.get("project_token") or ""))
    if found is None or found.id != project.id:
        raise Forbidden(reason=f"project_token is not that of {project.full_path}")
