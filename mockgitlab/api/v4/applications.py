"""OAuth applications of the instance, which administrators manage.

Source: https://docs.gitlab.com/api/applications/, GitLab's lib/api/applications.rb and the validations of Doorkeeper,
the library that it uses.
"""

from typing import Annotated
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.application import APPLICATION, APPLICATION_WITH_SECRET, Application
from mockgitlab.api.scopes import OAUTH
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import NotFound, ValidationFailed

BLANK = "can't be blank"
FORBIDDEN = ("data", "vbscript", "javascript")
SECRET_PREFIX = "gloas-"


@v4.locator("applications/:id", integer=True)
def find_application(call: dsl.Call, value: str) -> Application:
    """Return the application with this id."""
    found = call.store[Application].get(int(value))
    if found is None:
        raise NotFound("Application", reason=f"there is no application {value}")
    return found


@v4.get("applications", rule=access.ADMIN, shape=APPLICATION, paginated=False, since="10.5")
def list_applications(call: dsl.Call) -> list[Application]:
    """List all applications of the instance."""
    return list(call.store[Application].all())


@v4.post("applications", rule=access.ADMIN, shape=APPLICATION_WITH_SECRET, since="10.5")
def create_application(
    call: dsl.Call,
    name: Annotated[str, "The name of the application"],
    redirect_uri: Annotated[str, "Where users are sent back to, one URI a line"],
    scopes: Annotated[str, "The scopes, separated by blanks"],
    confidential: Annotated[bool, "Whether the application can keep its secret"] = True,
) -> Application:
    """Create an application; its secret is shown."""
    columns = {"name": name, "redirect_uri": redirect_uri, "scopes": " ".join(scopes.split())}
    found = {key: texts for key, texts in _problems(name, redirect_uri, scopes).items() if texts}
    if found:
        raise ValidationFailed(found, reason=f"not allowed: {', '.join(found)}")
    public = call.store.mint_hex("application", 64)
    keeps = confidential is not False
    return call.store.insert(
        Application(**columns, application_id=public, secret=_secret(call.store), confidential=keeps)
    )


def _secret(store: dsl.Store) -> str:
    return f"{SECRET_PREFIX}{store.mint_hex('application secret', 64)}"


def _problems(name: str, redirect_uri: str, scopes: str) -> dict[str, list[str]]:
    unknown = [one for one in scopes.split() if one not in OAUTH]
    told = [problem for uri in redirect_uri.split() if (problem := _problem_of_uri(uri))]
    return {
        "name": [] if name.strip() else [BLANK],
        "redirect_uri": told[:1] if redirect_uri.strip() else [BLANK],
        "scopes": [BLANK] if not scopes.strip() else ["doesn't match configured on the server."] if unknown else [],
    }


def _problem_of_uri(uri: str) -> str:
    try:
        read = urlsplit(uri)
    except ValueError:
        return "must be a valid URI."
    if read.scheme.lower() in FORBIDDEN:
        return "is forbidden by the server."
    if read.fragment:
        return "cannot contain a fragment."
    relative = not read.scheme or (read.scheme in ("http", "https") and not read.netloc)
    return "must be an absolute URI." if relative else ""


@v4.delete("applications/:id", rule=access.ADMIN, conditional=False, since="10.5")
def delete_application(call: dsl.Call, application: Application) -> None:
    """Delete an application."""
    call.store.delete(application)


@v4.post("applications/:id/renew-secret", rule=access.ADMIN, shape=APPLICATION_WITH_SECRET, since="16.11")
def renew_secret(call: dsl.Call, application: Application) -> Application:
    """Give an application another secret."""
    return call.store.update(application, secret=_secret(call.store))
