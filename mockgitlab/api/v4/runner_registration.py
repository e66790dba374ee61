"""How runners come to be, and what they do with their own secrets.

Source: https://docs.gitlab.com/api/runners/, https://docs.gitlab.com/api/users/#create-a-runner-linked-to-a-user and
GitLab's lib/api/ci/runner.rb, lib/api/user_runners.rb, app/services/ci/runners/*.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models import application_setting as settings
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.runner import REGISTRATION, RESET_TOKEN, Runner, RunnerManager
from mockgitlab.api.models.token import PREFIXES
from mockgitlab.api.runner_filters import TYPES
from mockgitlab.api.services import runners
from mockgitlab.api.services.access_tokens import sentence
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.runners import CHANGES
from mockgitlab.errors import ApiError, BadRequest, Forbidden, MissingParameters, NotFound, Style, ValidationFailed
from mockgitlab.store import release

PAGE = "runners"
JSON_SINCE = "16.0"
AUTHENTICATION = Annotated[str, "The secret of the runner"]
WITHOUT_ACTIVE = [param for param in CHANGES if param.name != "active"]
REGISTER = [
    dsl.param("token", str, "The secret for registering runners", required=True),
    *CHANGES,
    dsl.param("maintainer_note", str, "Another word for maintenance_note", since="14.8"),
    dsl.param(
        "info",
        dict[str, Any],
        "What the runner says of itself",
        nested=[
            dsl.param(name, str, f"Its {name}") for name in ("name", "version", "revision", "platform", "architecture")
        ],
    ),
]
CREATE = [
    dsl.param("runner_type", str, "Of whom it is", required=True, enum=TYPES),
    dsl.param("group_id", int, "The group that it is of"),
    dsl.param("project_id", int, "The project that owns it"),
    *WITHOUT_ACTIVE,
]
OWNERS: dict[str, tuple[str, type[Group] | type[Project], int]] = {
    "group_type": ("group_id", Group, access.OWNER),
    "project_type": ("project_id", Project, access.MAINTAINER),
}
"""How the owner of a runner is given, and which role in it one needs to make one."""


class RegistrationDisallowed(ApiError):
    """The instance registers no runners by tokens."""

    status = 410
    message = "410 Gone"

    def body(self, style: Style) -> Any:
        """Return the status, and what is disallowed."""
        return {"message": self.message, "reason": "runner registration disallowed"}


@v4.post("user/runners", rule=access.USER, params=CREATE, shape=REGISTRATION, since="16.0", page=PAGE)
def create_runner(call: dsl.Call, given: dsl.Given) -> Runner:
    """Create a runner of the instance, of a group, or of a project."""
    at = _owner(call, given["runner_type"], given)
    draft = runners.drafted(given, at).replaced({"creator_id": access.me(call).id})
    if problems := runners.problems_of(draft):
        text = f"400 Bad request - {sentence(problems)}"
        raise BadRequest(text, reason=f"the runner would have a wrong {' and a wrong '.join(problems)}")
    return runners.insert(call.store, draft, at, prefix=PREFIXES["runner"])


def _owner(call: dsl.Call, kind: str, given: dsl.Given) -> Project | Group | None:
    """Return of whom a runner is to be; raises for who may not have it so."""
    if kind == "instance_type":
        if not access.is_admin(call):
            raise Forbidden("Insufficient permissions", reason="runners of the instance are for administrators")
        return None
    name, entity, least = OWNERS[kind]
    if given.get(name) is None:
        raise MissingParameters([name], reason=f"a runner of {kind} needs a {name}")
    at: Project | Group | None = call.store[entity].get(given[name])
    if at is None or (isinstance(at, Group) and at.kind != "group"):
        what = name.removesuffix("_id")
        raise BadRequest(f"400 Bad request - Missing/invalid {what}", reason=f"there is no {what} {given[name]}")
    if access.level(call, at) < least:
        reason = f"{access.me(call).username} is not {access.NAMES[least]} of {at.full_path}"
        raise Forbidden("Insufficient permissions", reason=reason)
    return at


# By registration tokens


@v4.post(
    "runners",
    rule=access.ANYONE,
    params=REGISTER,
    constraints=[
        dsl.mutually_exclusive("maintainer_note", "maintenance_note"),
        dsl.mutually_exclusive("active", "paused"),
    ],
    shape=REGISTRATION,
    page=PAGE,
)
def register_runner(call: dsl.Call, given: dsl.Given) -> Runner:
    """Register a runner by the secret of a project, a group, or the instance."""
    known, at = runners.place_of_registration(call.store, given["token"])
    if not settings.value(call.store, "allow_runner_registration_token"):
        raise RegistrationDisallowed(reason="the instance's allow_runner_registration_token is false")
    if not known:
        raise Forbidden("invalid token supplied", reason="no project, group or instance registers runners by it")
    own = given.without("token", "info")
    note = {"maintenance_note": own["maintainer_note"]} if own.get("maintainer_note") else {}
    info = given.get("info") or {}
    draft = runners.drafted({**own, **note}, at).replaced({"name": info.get("name")})
    if problems := runners.problems_of(draft):
        raise ValidationFailed(problems, reason=f"the runner would have a wrong {' and a wrong '.join(problems)}")
    return runners.insert(call.store, draft, at)


@v4.post("runners/reset_registration_token", rule=access.ADMIN, page=PAGE)
@v4.post("projects/:id/runners/reset_registration_token", rule=access.AS_MAINTAINER, page=PAGE)
@v4.post("groups/:id/runners/reset_registration_token", rule=access.AS_OWNER, page=PAGE)
def reset_registration_token(call: dsl.Call) -> dict[str, Any]:
    """Give a project, a group or the instance another secret for registering runners."""
    at = call.maybe_at(Project) or call.maybe_at(Group)
    return {"token": runners.reset_registration_token(call.store, at), "token_expires_at": None}


# By authentication tokens


@v4.post("runners/verify", rule=access.ANYONE, success=200, shape=REGISTRATION, page=PAGE)
def verify_runner(
    call: dsl.Call, token: AUTHENTICATION, system_id: Annotated[str | None, "The machine that asks"] = None
) -> Any:
    """Tell whether a secret is a runner's; the runner has been heard of then."""
    runner = runners.find_runner(call.store, token)
    runner = runners.heard_of(call.store, runner, system_id, call.address)
    return runner if call.settings.release >= release(JSON_SINCE) else dsl.Raw(b'"200"', "application/json")


@v4.post("runners/reset_authentication_token", rule=access.ANYONE, shape=RESET_TOKEN, page=PAGE)
def reset_own_token(call: dsl.Call, token: AUTHENTICATION) -> Runner:
    """Give a runner another secret, by the one that it has."""
    runner = runners.find_runner(call.store, token)
    return runners.reset_token(call.store, runners.heard_of(call.store, runner, None, call.address))


@v4.delete("runners", rule=access.ANYONE, page=PAGE)
def delete_own_runner(call: dsl.Call, token: AUTHENTICATION) -> None:
    """Delete a runner by its secret."""
    remove(call.store, runners.find_runner(call.store, token))


@v4.delete("runners/managers", rule=access.ANYONE, page=PAGE, since="16.2")
def delete_runner_manager(
    call: dsl.Call, token: AUTHENTICATION, system_id: Annotated[str, "The machine that goes"]
) -> None:
    """Delete a machine of a runner, by the runner's secret."""
    runner = runners.find_runner(call.store, token)
    machine = call.store[RunnerManager].find(runner_id=runner.id, system_id=system_id)
    if machine is None:
        raise NotFound("Runner manager not found", reason=f"runner {runner.id} has no machine {system_id}")
    remove(call.store, machine)
