"""The API v3 itself: how its paths name records, and how it words what v4 words otherwise.

Where versions of v3 differ, an instance whose own version had v3 (4.0 to 10.8) answers as that one, any other as 8.8.

Source: GitLab 8's doc/api/README.md, lib/api/helpers.rb and lib/api/entities.rb.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Any, TypeVar

from mockgitlab import dsl
from mockgitlab.api import access, index
from mockgitlab.api.identity import SignInRefused, SudoRefused, SudoToNobody
from mockgitlab.api.models.milestone import MILESTONE
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.resource_event import ResourceStateEvent, events_on
from mockgitlab.api.models.user import USER_BASIC
from mockgitlab.api.models.user_identity import IDENTITY
from mockgitlab.api.scopes import allowing
from mockgitlab.api.v4 import base
from mockgitlab.errors import ApiError, NotFound, RecordNotFound, Unauthorized, ValidationFailed
from mockgitlab.store import Row, Settings

R = TypeVar("R", bound=Row)
DEFAULT_ERA = (8, 8)
LEVELS = {0: "private", 10: "internal", 20: "public"}
NUMBERS = {name: level for level, name in LEVELS.items()}
"""How visible something is, by v4's name of it."""
SUCCESS = {"GET": 200, "POST": 201, "PUT": 200, "DELETE": 200}

v3 = dsl.Api(
    "v3",
    "/api/v3",
    scopes=allowing,
    anyone=access.USER,
    user=access.USER,
    success=SUCCESS,
    dialect=dsl.Dialect(blank_is_missing=True),
)
base.v4.imports = partial(index.import_page, "v4")
find_project = v3.locator("projects/:id", "projects/fork/:id")(base.find_project)
find_group = v3.locator("groups/:id")(base.find_group)


VISIBILITY_LEVEL = dsl.Renamed("visibility", LEVELS.__getitem__, int, tuple(LEVELS))


def era(settings: Settings) -> tuple[int, ...]:
    """Return the version of GitLab as which v3 answers where its versions differ."""
    return settings.release if (4,) <= settings.release < (11,) else DEFAULT_ERA


def signed_in(rule: dsl.Rule) -> dsl.Rule:
    """Return a rule that lets nobody anonymous in."""
    return replace(rule, login=True)


def record_at(call: dsl.Call, kind: type[R], value: str) -> R:
    """Return the record of the path's project with a global id, whether the caller may see it or not."""
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
    found = call.store[kind].get(number)
    if found is None or getattr(found, "project_id", None) != call.at(Project).id:
        name = kind.__name__
        text = f"{call.at(Project).full_path} has no {name} with the global id {value}; v3 takes the id, not the iid"
        raise RecordNotFound(reason=text)
    return found


def shown_state(record: Any, view: dsl.View) -> str:
    """Return the state of an issue or merge request; what was closed once and is open again is ``reopened``."""
    again = record.state == "opened" and events_on(view.store, ResourceStateEvent, record)
    return "reopened" if again else record.state


def plain(file: dsl.Raw) -> dsl.Raw:
    """Return what is in a file as mere text."""
    return dsl.Raw(file.body, "text/plain")


# Errors


class AlreadyGone(ApiError):
    """What is to be deleted is not there, which is as good."""

    status = 200

    def body(self, style: str) -> Any:
        """Return null."""
        return None


def forgiving(find: Callable[[dsl.Call, str], dsl.Entity], until: tuple[int, ...]) -> Callable[[dsl.Call, str], Any]:
    """Return a locator of what is to be deleted: up to a version what is not there is answered with null."""

    @wraps(find)
    def locate(call: dsl.Call, value: str) -> dsl.Entity:
        try:
            return find(call, value)
        except NotFound as error:
            if era(call.settings) >= until:
                raise
            raise AlreadyGone(reason=error.reason) from None

    return locate


class Refusal(ApiError):
    """A refusal with a status and a message that v3 alone has."""

    def __init__(self, status: int, message: Any, *, reason: str = "") -> None:
        super().__init__(message, reason=reason)
        self.status = status


class TwoWordings(Refusal):
    """A refusal whose documented message is not the one that a live GitLab sent."""

    def __init__(self, status: int, documented: str, observed: str) -> None:
        super().__init__(status, documented)
        self.observed = observed

    def body(self, style: str) -> Any:
        """Return the message of the style."""
        return {"message": self.message if style == "documented" else self.observed}


def _reason_without_sudo(error: SudoRefused) -> ApiError:
    text = "Must be admin to use sudo"
    return TwoWordings(403, f"403 Forbidden: {text}", f"403 Forbidden - {text}")


def _nobody(error: SudoToNobody) -> ApiError:
    text = f"No user id or username for: {error.wanted}"
    return TwoWordings(404, f"404 Not Found: {text}", f"404 {text} Not Found")


def _of_columns(error: ValidationFailed) -> ApiError:
    """Leave out what is wrong with records inside the record: v3 knows of its own columns alone."""
    own = {name: texts for name, texts in error.message.items() if "." not in name}
    return ValidationFailed(own or error.message)


v3.dialect.say(
    {
        SudoRefused: _reason_without_sudo,
        SudoToNobody: _nobody,
        SignInRefused: lambda error: Unauthorized(),
        ValidationFailed: _of_columns,
    }
)

# Records that are shown inside others

USER = USER_BASIC.only("name", "username", "id", "state", "avatar_url", "web_url")
v3.dialect.show(
    {
        USER_BASIC: USER,
        IDENTITY: IDENTITY.only("provider", "extern_uid"),
        MILESTONE: MILESTONE.plus(project_id=lambda milestone, view: milestone.project_id).only(
            *("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at"),
            *("due_date", "start_date"),
        ),
    }
)
