"""Templates of files.

Source: https://docs.gitlab.com/api/templates/licenses/, …/gitignores/, …/gitlab_ci_ymls/, …/dockerfiles/ and GitLab's
lib/api/templates.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access, file_templates
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound


def listed(names: list[str]) -> list[dict[str, str]]:
    """Return templates as lists show them."""
    return [{"key": name, "name": name} for name in names]


def kind_of(call: dsl.Call) -> str:
    """Return the kind of templates that the path names: ``gitignores``."""
    return next(segment for segment in call.operation.path.split("/") if segment in file_templates.KINDS)


@v4.get(*(f"templates/{kind}" for kind in file_templates.KINDS))
def list_templates(call: dsl.Call) -> list[dict[str, str]]:
    """List the templates of a kind."""
    return listed(file_templates.names_of(kind_of(call)))


@v4.get(*(f"templates/{kind}/:name" for kind in file_templates.KINDS), json_suffix=False)
def show_template(call: dsl.Call, name: str) -> dict[str, str]:
    """Show a template."""
    kind = kind_of(call)
    content = file_templates.content_of(kind, name)
    if content is None:
        known = ", ".join(file_templates.names_of(kind))
        raise NotFound(kind.removesuffix("s"), reason=f"there is no template {name!r}; there are {known}"[:500])
    return {"name": name, "content": content}


@v4.get("templates/licenses")
def list_licenses(
    call: dsl.Call, popular: Annotated[bool | None, "Only the popular ones"] = None
) -> list[dict[str, Any]]:
    """List the licenses, with their texts."""
    return file_templates.licenses(popular=bool(popular))


@v4.get("templates/licenses/:key", json_suffix=False)
def show_license(
    call: dsl.Call,
    key: str,
    project: Annotated[str | None, "The name of the project"] = None,
    fullname: Annotated[str | None, "The holder of the copyright, the current user unless given"] = None,
) -> dict[str, Any]:
    """Show a license, its text filled in."""
    found = filled_license(call, key, project, fullname)
    if found is None:
        known = ", ".join(one["key"] for one in file_templates.licenses())
        raise NotFound("License", reason=f"there is no license {key!r}; there are {known}")
    return found


def filled_license(call: dsl.Call, key: str, project: str | None, fullname: str | None) -> dict[str, Any] | None:
    """Return a license whose text has the clock's year, the project's name and that of the copyright's holder."""
    found = file_templates.license_of(key)
    if found is None:
        return None
    name = fullname or (access.me(call).name if call.user else None)
    return {**found, "content": file_templates.filled_in(found["content"], call.now[:4], project, name)}
