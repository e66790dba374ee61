"""Git over HTTP: clone, fetch and push of projects, wikis and snippets, with the tokens and roles of the API.

Source: https://docs.gitlab.com/user/project/repository/, GitLab's app/controllers/repositories/git_http_controller.rb.
"""

from collections.abc import Iterable
from dataclasses import replace

from mockgitlab import dsl
from mockgitlab.api import identity
from mockgitlab.api.git_access import admit
from mockgitlab.api.git_neighbours import admit_to, find_neighbour
from mockgitlab.api.models.daily_fetches import count_fetch
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.git_pushes import INTERNAL, Destination, receive
from mockgitlab.api.services.project_pushes import ProjectRepository
from mockgitlab.git.protocol import FETCH, PUSH, ProtocolError, advertisement, packet
from mockgitlab.git.upload import Shop, answer_fetch

LISTING, LISTING_WITHIN = b"command=ls-refs", 40
"""How a request of protocol version 2 begins that asks for the refs, and is no fetch yet."""
NO_CACHE = {"Cache-Control": "no-cache, max-age=0, must-revalidate", "Pragma": "no-cache"}


def answer(
    call: dsl.Call, path: str, service: str, credentials: Iterable[dsl.Credential], body: bytes | None
) -> dsl.Raw:
    """Answer a request of git: what there is when it has no ``body``, else a fetch or a push. Raises ``Refused``.

    It runs in a transaction, as operations do.
    """
    at = _admitted(call, path, service, credentials)
    identity.note_use(call)
    if body is None:
        return _advertise(call, at.shop(call.store), service)
    return _fetch(call, at, body) if service == FETCH else receive(call, at, body)


def _admitted(call: dsl.Call, path: str, service: str, credentials: Iterable[dsl.Credential]) -> Destination:
    neighbour = find_neighbour(call, path)
    if neighbour is not None:
        admit_to(call, neighbour, service, credentials)
        return neighbour
    project = admit(call, path, service, credentials)
    call.located[Project] = project
    return ProjectRepository(project)


def _advertise(call: dsl.Call, shop: Shop, service: str) -> dsl.Raw:
    """Return what there is; who pushes is not told of refs that nobody may push."""
    if service == PUSH:
        shop = replace(shop, refs={name: sha for name, sha in shop.refs.items() if not name.startswith(INTERNAL)})
    body = advertisement(service, shop.refs, shop.objects, shop.head, _version(call))
    return dsl.Raw(body, f"application/x-{service}-advertisement", headers=NO_CACHE)


def _version(call: dsl.Call) -> int:
    """Return the highest version of the protocol that the client asks for, of those that there are."""
    asked = (call.headers.get("Git-Protocol") or "").split(":")
    return max((number for number in (0, 1, 2) if f"version={number}" in asked), default=0)


def _fetch(call: dsl.Call, at: Destination, body: bytes) -> dsl.Raw:
    if isinstance(at, ProjectRepository) and LISTING not in body[:LISTING_WITHIN]:
        count_fetch(call.store, at.project.id)
    try:
        found = answer_fetch(at.shop(call.store), body, _version(call))
    except ProtocolError as error:
        found = packet(f"ERR {error}\n")
    return dsl.Raw(found, f"application/x-{FETCH}-result", headers=NO_CACHE)
