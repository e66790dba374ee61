"""States of Terraform, which its backend ``http`` reads, writes and locks here.

Source: https://docs.gitlab.com/user/infrastructure/iac/terraform_state/, GitLab's lib/api/terraform/state.rb,
lib/api/terraform/state_version.rb and app/models/terraform/remote_state_handler.rb.
"""

import json
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.application_setting import value
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import is_available
from mockgitlab.api.models.terraform_state import TerraformState, TerraformStateVersion, versions_of
from mockgitlab.api.models.user import User
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Conflict, Forbidden, NotFound, PayloadTooLarge, RecordNotFound, Style, Unprocessable

AT = "projects/:id/terraform/state/:name"
LOCK, VERSION = f"{AT}/lock", f"{AT}/versions/:serial"
BINARY = "application/octet-stream"
ID = dsl.param("ID", str, "The ID of the lock", max_length=255)
LOCKED = [
    dsl.param("ID", str, "The ID of the lock", required=True, max_length=255),
    *(
        dsl.param(name, str, f"What Terraform says of the lock: {name}", required=True)
        for name in ("Operation", "Info")
    ),
    dsl.param("Who", str, "Who locks it", required=True),
    dsl.param("Version", str, "The version of Terraform", required=True),
    dsl.param("Created", str, "When it is locked", required=True),
    dsl.param("Path", str, "The path of the state", required=True),
]


def _rule(least: dsl.Rule) -> dsl.Rule:
    def check(call: dsl.Call) -> None:
        project = call.at(Project)
        if not is_available(project, "infrastructure", call.view()):
            raise Forbidden(reason=f"{project.full_path} has no infrastructure: infrastructure_access_level")
        least.check(call)

    return dsl.Rule(least.name, check)


READS: dict[str, Any] = {"rule": _rule(access.AS_DEVELOPER), "basic_auth": True, "job_token": True}
WRITES: dict[str, Any] = {**READS, "rule": _rule(access.AS_MAINTAINER)}


def _find(call: dsl.Call, name: str) -> TerraformState | None:
    return call.store[TerraformState].find(project_id=call.at(Project).id, name=name)


def _known(call: dsl.Call, name: str) -> TerraformState:
    found = _find(call, name)
    if found is None:
        raise RecordNotFound(reason=f"{call.at(Project).full_path} has no state {name!r}")
    return found


def _find_or_create(call: dsl.Call, name: str) -> TerraformState:
    known = _find(call, name)
    return known or call.store.insert(TerraformState(project_id=call.at(Project).id, name=name))


@v4.get(AT, params=[ID], **READS)
def show_state(call: dsl.Call, name: str) -> dsl.Raw:
    """Return the latest version of a state as it was sent, nothing where none was sent yet."""
    versions = versions_of(call.store, _known(call, name))
    return dsl.Raw(versions[-1].data, BINARY) if versions else dsl.Raw(b"", BINARY, status=204)


@v4.post(AT, params=[ID], upload="file", success=200, **WRITES)
def write_state(call: dsl.Call, name: str, given: dsl.Given, file: Annotated[dsl.File, "The state"]) -> dsl.Raw:
    """Keep a new version of a state; who does not hold its lock is refused."""
    data = getattr(file, "data", b"")
    if not data:
        return dsl.Raw(b"", BINARY, status=204)
    most = value(call.store, "max_terraform_state_size_bytes")
    if most and len(data) > most:
        raise PayloadTooLarge(reason=f"{len(data)} bytes, at most {most} are taken: max_terraform_state_size_bytes")
    serial, state = _serial(data), _find_or_create(call, name)
    if state.lock_xid != given.get("ID"):
        raise Conflict(reason=f"the state is locked as {state.lock_xid!r}, the request has ID={given.get('ID')!r}")
    if call.store[TerraformStateVersion].find(terraform_state_id=state.id, version=serial) is not None:
        text = "Validation failed: Version has already been taken"
        raise Unprocessable(text, reason=f"the state has a version {serial}; the serial must be another")
    own = {"terraform_state_id": state.id, "version": serial, "created_by_id": access.me(call).id}
    call.store.insert(TerraformStateVersion(**own, data=data))
    call.store.update(state, updated_at=call.now)
    return dsl.Raw(b"", BINARY)


def _serial(data: bytes) -> int:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Unprocessable("invalid JSON", reason="a state of Terraform is JSON") from None
    serial = found.get("serial") if isinstance(found, dict) else None
    if not isinstance(serial, int) or isinstance(serial, bool):
        raise Unprocessable("No serial in payload", reason="a state of Terraform has a whole number as its serial")
    return serial


@v4.delete(AT, params=[ID], success=200, conditional=False, **WRITES)
def delete_state(call: dsl.Call, name: str) -> dsl.Raw:
    """Delete a state with its versions; one that is locked stays, and GitLab does not tell."""
    state = _known(call, name)
    if state.lock_xid is None:
        remove(call.store, state)
    return dsl.Raw(b"", BINARY)


# Locks


class AlreadyLocked(Conflict):
    """A state is locked; the answer says by whom."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(reason=f"{told['Who']} locked the state as {told['ID']!r}")
        self.told = told

    def body(self, style: Style) -> dict[str, Any]:
        """Return what Terraform is to know of the lock."""
        return self.told


@v4.post(LOCK, params=LOCKED, success=200, **WRITES)
def lock_state(call: dsl.Call, name: str, given: dsl.Given) -> dsl.Raw:
    """Lock a state; where it is locked already the answer says by whom."""
    state = _find_or_create(call, name)
    if state.lock_xid is not None:
        raise AlreadyLocked(_told(call, state, given))
    taken = {"lock_xid": given["ID"], "locked_by_id": access.me(call).id, "locked_at": call.now}
    state = call.store.update(state, **taken)
    return dsl.Raw(json.dumps(_told(call, state, given)).encode(), BINARY)


def _told(call: dsl.Call, state: TerraformState, given: dsl.Given) -> dict[str, Any]:
    owner = call.store[User].get(state.locked_by_id)
    return {
        **{name: given[name] for name in ("Operation", "Info", "Version", "Path")},
        "ID": state.lock_xid,
        "Who": owner.username if owner else None,
        "Created": state.locked_at,
    }


@v4.delete(LOCK, params=[ID], success=200, conditional=False, **WRITES)
def unlock_state(call: dsl.Call, name: str, given: dsl.Given) -> dsl.Raw:
    """Unlock a state: as the one who holds the lock, or without an ID by force."""
    state = _find(call, name)
    if given.get("ID") is not None and given["ID"] != (state.lock_xid if state else None):
        raise Conflict(reason=f"the state is locked as {state.lock_xid!r}" if state else f"there is no state {name!r}")
    if state is not None:
        call.store.update(state, lock_xid=None, locked_by_id=None, locked_at=None)
    return dsl.Raw(b"", BINARY)


# Versions


@v4.locator(VERSION, integer=True)
def find_version(call: dsl.Call, value: str) -> TerraformStateVersion:
    """Return the version of the state with this serial number."""
    call.operation.rule.check(call)
    state = _known(call, call.path["name"])
    found = call.store[TerraformStateVersion].find(terraform_state_id=state.id, version=int(value))
    if found is None:
        raise NotFound(reason=f"state {state.name!r} has no version {value}")
    return found


@v4.get(VERSION, **READS)
def show_version(version: TerraformStateVersion) -> dsl.Raw:
    """Return a version of a state as it was sent."""
    return dsl.Raw(version.data, BINARY)


@v4.delete(VERSION, conditional=False, **WRITES)
def delete_version(call: dsl.Call, version: TerraformStateVersion) -> None:
    """Delete a version of a state."""
    call.store.delete(version)
