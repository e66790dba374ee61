"""Custom attributes of users, groups and projects, for administrators.

Source: https://docs.gitlab.com/api/custom_attributes/.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User, attributes
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, NotFound, RecordNotFound

Bearer = User | Group | Project


def _check(call: dsl.Call) -> None:
    if not access.is_admin(call):
        raise Forbidden(reason=f"{access.me(call).username} is no administrator")


AFTER_RECORDS = dsl.Rule("admin", _check)


def _paths(rest: str) -> tuple[str, ...]:
    return tuple(f"{plural}/:id/custom_attributes{rest}" for plural in ("users", "groups", "projects"))


@v4.get(*_paths(""), rule=AFTER_RECORDS, paginated=False)
def list_custom_attributes(bearer: Bearer) -> list[dict[str, Any]]:
    """List the custom attributes of a user, group or project."""
    return attributes(bearer)


@v4.get(*_paths("/:key"), rule=AFTER_RECORDS)
def show_custom_attribute(bearer: Bearer, key: str) -> dict[str, str]:
    """Show a custom attribute."""
    found = bearer.custom_attributes or {}
    if key not in found:
        raise RecordNotFound(reason=f"there is no attribute {key}; there are: {', '.join(found) or 'none'}")
    return {"key": key, "value": found[key]}


@v4.put(*_paths("/:key"), rule=AFTER_RECORDS)
def set_custom_attribute(call: dsl.Call, bearer: Bearer, key: str, value: str) -> dict[str, str]:
    """Set a custom attribute."""
    call.store.update(bearer, custom_attributes={**(bearer.custom_attributes or {}), key: value})
    return {"key": key, "value": value}


@v4.delete(*_paths("/:key"), rule=AFTER_RECORDS, conditional=False)
def delete_custom_attribute(call: dsl.Call, bearer: Bearer, key: str) -> None:
    """Delete a custom attribute."""
    left = dict(bearer.custom_attributes or {})
    if left.pop(key, None) is None:
        raise NotFound("Custom attribute", reason=f"there is no attribute {key}")
    call.store.update(bearer, custom_attributes=left)
