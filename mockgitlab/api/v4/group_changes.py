"""Groups: made, changed, moved, archived and deleted.

Source: https://docs.gitlab.com/api/groups/ and GitLab's lib/api/groups.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group, ancestors
from mockgitlab.api.models.group_settings import GroupSettings, GroupUpdateSettings
from mockgitlab.api.models.group_shapes import GROUP_DETAIL
from mockgitlab.api.services import group_deletion, groups
from mockgitlab.api.services.avatars import avatar_columns
from mockgitlab.api.services.removal import remove
from mockgitlab.api.v4.base import find_group, v4
from mockgitlab.dsl.params import of_field
from mockgitlab.errors import BadRequest, Forbidden, Unauthorized, Unprocessable, ValidationFailed

ALLOWED = (dsl.param("access_level", int, "A valid access level", required=True, enum=(30, 40, 60, 0)),)
PROTECTION = dsl.param(
    "default_branch_protection_defaults",
    dict,
    "How the default branches of new projects are protected",
    since="16.0",
    nested=[
        dsl.param("allowed_to_push", list[dict[str, Any]], "Who may push", nested=ALLOWED),
        dsl.param("allow_force_push", bool, "Whether all who may push may force it"),
        dsl.param("allowed_to_merge", list[dict[str, Any]], "Who may merge", nested=ALLOWED),
        dsl.param("code_owner_approval_required", bool, "Whether code owners must approve"),
        dsl.param("developer_can_initial_push", bool, "Whether developers may push first"),
    ],
)
LIMITS = ("shared_runners_minutes_limit", "extra_shared_runners_minutes_limit")


def _settings(entity: type[GroupSettings]) -> list[dsl.Param]:
    checked_by_model = {"two_factor_grace_period", "default_branch_protection_defaults"}
    fields = [field for name, field in entity.fields.items() if name not in checked_by_model]
    return [
        *(of_field(field, required=False) for field in fields),
        dsl.param("two_factor_grace_period", int, "Hours before two-factor is enforced"),
        PROTECTION,
        dsl.param("avatar", dsl.File, "The picture of the group"),
        dsl.param("emails_disabled", bool, "Disable email notifications", deprecated="Take emails_enabled"),
    ]


def _columns(call: dsl.Call, entity: type[GroupSettings]) -> dict[str, Any]:
    given = call.given
    columns = {name: value for name, value in given.only("name", "path", *entity.fields).items() if value is not None}
    if given.get("emails_disabled") is not None:
        columns["emails_enabled"] = not given["emails_disabled"]
    if not access.is_admin(call):
        columns = {name: value for name, value in columns.items() if name not in LIMITS}
    return {**columns, **(avatar_columns(given["avatar"]) if "avatar" in given else {})}


@v4.post(
    "groups",
    shape=GROUP_DETAIL,
    params=[
        dsl.param("name", str, "The name of the group", required=True),
        dsl.param("path", str, "The path of the group", required=True),
        dsl.param("parent_id", int, "The ID of the group to make it below"),
        dsl.param("organization_id", int, "The ID of the organization", since="16.6"),
        *_settings(GroupSettings),
    ],
)
def create_group(call: dsl.Call, given: dsl.Given) -> Group:
    """Create a group."""
    if given.get("shared_runners_minutes_limit") and not access.is_admin(call) and call.settings.edition == "ee":
        raise Forbidden(reason="only administrators set shared_runners_minutes_limit")
    parent = parent_of(call, given)
    return groups.create(call, parent, {**_columns(call, GroupSettings), **_organization(given, parent)})


def parent_of(call: dsl.Call, given: dsl.Given) -> Group | None:
    """Return the group below which the current user makes one, nothing for a top-level group; refuses both."""
    user, wanted = access.me(call), given.get("parent_id")
    if wanted is not None:
        parent = find_group(call, str(wanted))
        if not access.may_create_subgroups(call.store, user, parent):
            raise Forbidden(reason=f"{user.username} may not create groups in {parent.full_path}")
        return parent
    if not user.can_create_group:
        raise Forbidden(reason=f"{user.username} may not create groups: can_create_group is false")
    return None


def _organization(given: dsl.Given, parent: Group | None) -> dict[str, int]:
    if parent is not None:
        return {"organization_id": parent.organization_id}
    return {"organization_id": given["organization_id"]} if given.get("organization_id") else {}


def _check_update(call: dsl.Call) -> None:
    have = access.level(call, call.at(Group))
    if have >= access.OWNER or (have >= access.MAINTAINER and set(call.given) == {"shared_runners_setting"}):
        return
    reason = f"{access.me(call).username} is no owner of {call.at(Group).full_path}"
    raise Unauthorized(reason=reason) if "shared_runners_setting" in call.given else Forbidden(reason=reason)


@v4.put(
    "groups/:id",
    rule=dsl.Rule("owner, or maintainer for shared_runners_setting alone", _check_update),
    shape=GROUP_DETAIL,
    params=[
        dsl.param("name", str, "The name of the group"),
        dsl.param("path", str, "The path of the group"),
        *_settings(GroupUpdateSettings),
    ],
)
def update_group(call: dsl.Call, group: Group) -> Any:
    """Update a group."""
    changes = _columns(call, GroupUpdateSettings)
    problems = groups.problems_of(call.store, group, changes)
    if problems:
        raise ValidationFailed(problems, reason=f"{group.full_path} would not be valid: {', '.join(problems)}")
    return dsl.present(groups.update(call.store, group, changes), options=["with_projects", "secrets"])


# Deletion


@v4.delete("groups/:id", rule=access.AS_OWNER)
def delete_group(
    call: dsl.Call,
    group: Group,
    permanently_remove: Annotated[bool, "Delete a subgroup that is marked for deletion at once"] = False,
    full_path: Annotated[str | None, "The full path of the subgroup, to be sure"] = None,
) -> Any:
    """Delete a group: mark it for deletion, or with ``permanently_remove`` delete it at once."""
    if not group_deletion.is_delayed(call.settings):
        remove(call.store, group)
    elif permanently_remove:
        _check_permanent(group, full_path)
        remove(call.store, group)
    else:
        group_deletion.mark(call.store, group)
    return dsl.present({"message": "202 Accepted"}, status=202)


def _check_permanent(group: Group, full_path: str | None) -> None:
    if group.parent_id is None:
        raise BadRequest("`permanently_remove` option is only available for subgroups.")
    if not group.marked_for_deletion_on:
        raise BadRequest("Group must be marked for deletion first.")
    if full_path != group.full_path:
        text = "`full_path` is incorrect. You must enter the complete path for the subgroup."
        raise BadRequest(text, reason=f"full_path was {full_path!r}, the group's is {group.full_path}")


@v4.post("groups/:id/restore", rule=access.AS_OWNER, shape=GROUP_DETAIL)
def restore_group(call: dsl.Call, group: Group) -> Group:
    """Restore a group that is marked for deletion."""
    group_deletion.check_offered(call.settings)
    return group_deletion.restore(call.store, group)


# Archiving and moving


@v4.post("groups/:id/archive", rule=access.AS_OWNER, shape=GROUP_DETAIL, success=200, since="18.0")
def archive_group(call: dsl.Call, group: Group) -> Any:
    """Archive a group and all that is in it."""
    if any(one.archived for one in ancestors(call.store, group)):
        raise Unprocessable("Group is already archived!", reason=f"{group.full_path} or a group above it is archived")
    return dsl.present(call.store.update(group, archived=True), options=["secrets"])


@v4.post("groups/:id/unarchive", rule=access.AS_OWNER, shape=GROUP_DETAIL, success=200, since="18.0")
def unarchive_group(call: dsl.Call, group: Group) -> Any:
    """Make an archived group an active one again."""
    if not group.archived:
        raise Unprocessable("Group is already unarchived!", reason=f"{group.full_path} is not archived itself")
    return dsl.present(call.store.update(group, archived=False), options=["secrets"])


@v4.post("groups/:id/transfer", rule=access.AS_OWNER, shape=GROUP_DETAIL)
def transfer_group(
    call: dsl.Call,
    group: Group,
    group_id: Annotated[int | None, "The ID of the new parent group; without it the group moves to the top"] = None,
) -> Group:
    """Transfer a group to another parent group, or to the top."""
    return groups.transfer(call, group, find_group(call, str(group_id)) if group_id is not None else None)
