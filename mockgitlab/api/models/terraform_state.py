"""States of Terraform, their versions and locks. Source: GitLab's app/models/terraform/state.rb, state_version.rb."""

from typing import Any

from mockgitlab import dsl


class TerraformState(dsl.Entity):
    """What Terraform knows of an infrastructure, kept for it; with a ``lock_xid`` nobody else changes it."""

    natural = "name"

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    name: str = dsl.required("The name of the state")
    lock_xid: str | None = dsl.hidden("The ID of the lock")
    locked_by_id: int | None = dsl.reference("User", "Who locked it")
    locked_at: str | None = dsl.hidden("When")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


class TerraformStateVersion(dsl.Entity):
    """A state as it was sent once, under its own serial number."""

    id: int = dsl.serial()
    terraform_state_id: int = dsl.parent("TerraformState")
    version: int = dsl.hidden("The serial number")
    created_by_id: int | None = dsl.hidden("Who sent it")
    data: Any = dsl.hidden("What was sent")
    created_at: str = dsl.now()


def versions_of(store: dsl.Store, state: TerraformState) -> list[TerraformStateVersion]:
    """Return the versions of a state, the one with the lowest number first."""
    found = store[TerraformStateVersion].having("terraform_state_id", state.id)
    return sorted(found, key=lambda one: one.version)
