"""Namespaces: groups, subgroups, and the personal namespace of every user.

As in GitLab, all are rows of one table and share one sequence of ids; a personal namespace's id is its user's, far
above, so that groups count from 1 however many users there are.

Source: https://docs.gitlab.com/api/groups/, https://docs.gitlab.com/api/namespaces/, lib/api/entities/group*.rb.
"""

from collections.abc import Callable
from typing import Any, Literal

from mockgitlab import dsl
from mockgitlab.api.models.group_links import LDAP_GROUP_LINK, SAML_GROUP_LINK, LdapGroupLink, SamlGroupLink
from mockgitlab.api.models.group_settings import GroupUpdateSettings
from mockgitlab.api.models.group_settings import Visibility as Visibility
from mockgitlab.api.models.user import User, attributes

PERSONAL_ID_ABOVE = 1_000_000
VISIBILITIES = ("private", "internal", "public")
_PROTECTIONS = ((30, 30, True), (30, 40, False), (40, 40, False), (40, 30, False), (40, 40, False))


class Group(GroupUpdateSettings):
    """A namespace: a group, or with ``kind`` ``user`` a personal namespace."""

    natural = "full_path"
    _lively = ("updated_at",)

    id: int = dsl.serial(within="kind")
    name: str = dsl.required("The name of the group")
    path: str = dsl.required("The path of the group")
    full_path: str = dsl.hidden()
    kind: Literal["group", "user"] = dsl.hidden(default="group")
    owner_id: int | None = dsl.hidden()
    parent_id: int | None = dsl.optional("The parent group ID for creating nested group")
    organization_id: int = dsl.optional("The ID of the organization of the group", default=1, since="16.6")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()
    runners_token: str | None = dsl.hidden()
    avatar_file: str | None = dsl.hidden("The name of the uploaded picture")
    avatar_data: Any = dsl.hidden("Its content")
    custom_attributes: dict[str, str] | None = dsl.hidden()
    archived: bool = dsl.hidden(default=False)
    marked_for_deletion_on: dsl.Date | None = dsl.readonly()

    @dsl.computed_in(edition="ee")
    def ldap_cn(self, view: dsl.View) -> str | None:
        """The common name of the first LDAP link."""
        link = view.store[LdapGroupLink].where(group_id=self.id).first()
        return link.cn if link else None

    @dsl.computed_in(edition="ee")
    def ldap_access(self, view: dsl.View) -> int | None:
        """The role of the first LDAP link."""
        link = view.store[LdapGroupLink].where(group_id=self.id).first()
        return link.group_access if link else None

    @property
    def folded(self) -> str:
        """The full path in lower case, which no other group, user or project may have."""
        return self.full_path.lower()


class GroupShare(dsl.Entity):
    """A group invited to another group, with the highest access its members get there."""

    id: int = dsl.serial()
    shared_group_id: int = dsl.parent("Group")
    group_id: int = dsl.parent("Group")
    group_access: int = dsl.required("The access level")
    expires_at: str | None = dsl.optional("The last day of the share")
    member_role_id: int | None = dsl.optional("A custom role for the members", edition="ee")
    created_at: str = dsl.now()


def ancestors(store: dsl.Store, group: Group) -> list[Group]:
    """Return a group and the groups above it, nearest first."""
    chain = [group]
    while chain[-1].parent_id is not None:
        chain.append(store[Group][chain[-1].parent_id])
    return chain


def full_name(store: dsl.Store, group: Group) -> str:
    """Return the names from the top group down: ``Acme / Rockets``."""
    return " / ".join(one.name for one in reversed(ancestors(store, group)))


def descendants(store: dsl.Store, group: Group) -> list[Group]:
    """Return all groups below a group, each before its own."""
    found: list[Group] = []
    for child in store[Group].where(parent_id=group.id):
        found += [child, *descendants(store, child)]
    return found


def scheduled_for_deletion(store: dsl.Store, group: Group) -> bool:
    """Tell whether a group, or one above it, is marked for deletion."""
    return any(one.marked_for_deletion_on for one in ancestors(store, group))


def find_group(store: dsl.Store, path_or_id: str) -> Group | None:
    """Return the group with an id or a full path, letters' case aside."""
    if path_or_id.isascii() and path_or_id.isdigit() and len(path_or_id) < 19:
        found = store[Group].get(int(path_or_id))
        return found if found and found.kind == "group" else None
    found = store[Group].find(folded=path_or_id.lower())
    return found if found and found.kind == "group" else None


# Shapes


def web_url(group: Group, view: dsl.View) -> str:
    """Return the address of a group's, or a user's, page."""
    return f"{view.base}/{'groups/' if group.kind == 'group' else ''}{group.full_path}"


def avatar_url(group: Group, view: dsl.View) -> str | None:
    """Return the address of a group's picture."""
    return f"{view.base}/uploads/-/system/group/avatar/{group.id}/{group.avatar_file}" if group.avatar_file else None


def _namespace_avatar(group: Group, view: dsl.View) -> str | None:
    owner = view.store[User].get(group.owner_id) if group.kind == "user" else None
    path = avatar_url(group, view)
    return owner.avatar_url(view) if owner else path and path.removeprefix(view.base)


def _marked_for_deletion_on(group: Group, view: dsl.View) -> Any:
    settings = view.store.settings
    return group.marked_for_deletion_on if settings.edition == "ee" or settings.release >= (18,) else dsl.OMIT


def branch_protection(group: Group) -> dict[str, Any]:
    """Return how the default branches of new projects are protected: who may push and merge, and whether by force."""
    push, merge, force = _PROTECTIONS[group.default_branch_protection]
    initial = {"developer_can_initial_push": True} if group.default_branch_protection == 4 else {}
    by_level = {
        "allowed_to_push": [{"access_level": push}],
        "allow_force_push": force,
        "allowed_to_merge": [{"access_level": merge}],
    }
    return group.default_branch_protection_defaults or {**by_level, **initial}


def _archived(group: Group, view: dsl.View) -> Any:
    if view.store.settings.release < (18,):
        return dsl.OMIT
    return any(one.archived for one in ancestors(view.store, group))


def _custom_attributes(group: Group, view: dsl.View) -> Any:
    return attributes(group) if view.option("with_custom_attributes") else dsl.OMIT


def _file_template_project_id(group: Group, view: dsl.View) -> Any:
    return group.file_template_project_id or dsl.OMIT


def _links(entity: Any, shape: dsl.Shape) -> Callable[[Group, dsl.View], Any]:
    return lambda group, view: view.many(shape, view.store[entity].where(group_id=group.id)) or dsl.OMIT


_EE = dsl.computed_in(edition="ee")

NAMESPACE_BASIC = Group.shape("id", "name", "path", name="NamespaceBasic").plus(
    kind=lambda group, view: group.kind,
    full_path=lambda group, view: group.full_path,
    parent_id=lambda group, view: group.parent_id,
    avatar_url=_namespace_avatar,
    web_url=web_url,
)
BASIC_GROUP = Group.shape("id", name="BasicGroupDetails").plus(web_url=web_url).plus("name", entity=Group)
PUBLIC_GROUP = BASIC_GROUP.called("PublicGroupDetails").plus(
    avatar_url=avatar_url,
    full_name=lambda group, view: full_name(view.store, group),
    full_path=lambda group, view: group.full_path,
)
GROUP = (
    BASIC_GROUP.called("Group")
    .plus("path", "description", "visibility", "share_with_group_lock", entity=Group)
    .plus("require_two_factor_authentication", "two_factor_grace_period", "project_creation_level", entity=Group)
    .plus("auto_devops_enabled", "subgroup_creation_level", entity=Group)
    .plus(emails_disabled=lambda group, view: not group.emails_enabled)
    .plus("emails_enabled", "show_diff_preview_in_email", "mentions_disabled", "lfs_enabled", entity=Group)
    .plus(archived=_archived)
    .plus("math_rendering_limits_enabled", "lock_math_rendering_limits_enabled", entity=Group)
    .plus("default_branch", "default_branch_protection", entity=Group)
    .plus(default_branch_protection_defaults=lambda group, view: branch_protection(group))
    .plus(avatar_url=avatar_url)
    .plus("request_access_enabled", entity=Group)
    .plus(full_name=lambda group, view: full_name(view.store, group), full_path=lambda group, view: group.full_path)
    .plus("created_at", "parent_id", "organization_id", "shared_runners_setting", "max_artifacts_size", entity=Group)
    .plus(custom_attributes=_custom_attributes)
    .plus("ldap_cn", "ldap_access", entity=Group)
    .plus(ldap_group_links=_EE(_links(LdapGroupLink, LDAP_GROUP_LINK)))
    .plus(saml_group_links=_EE(_links(SamlGroupLink, SAML_GROUP_LINK)))
    .plus(marked_for_deletion_on=_marked_for_deletion_on)
    .plus(file_template_project_id=_EE(_file_template_project_id))
    .plus("wiki_access_level", entity=Group)
)
