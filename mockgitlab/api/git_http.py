"""Git over HTTP: clone, fetch and push of a project, with the tokens and roles of the API; fetches of its neighbours.

Source: https://docs.gitlab.com/user/project/repository/, GitLab's app/controllers/repositories/git_http_controller.rb.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api import identity
from mockgitlab.api.git_access import admit
from mockgitlab.api.git_neighbours import Neighbour, admit_to, find_neighbour
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import git_pushes
from mockgitlab.api.services.repositories import HEADS, Repository
from mockgitlab.git.protocol import FETCH, ProtocolError, advertisement, packet
from mockgitlab.git.upload import Shop, answer_fetch

NO_CACHE = {"Cache-Control": "no-cache, max-age=0, must-revalidate", "Pragma": "no-cache"}


def answer(
    call: dsl.Call, path: str, service: str, credentials: Iterable[dsl.Credential], body: bytes | None
) -> dsl.Raw:
    """Answer a request of git: what there is when it has no ``body``, else a fetch or a push. Raises ``Refused``.

    It runs in a transaction, as operations do.
    """
    neighbour = find_neighbour(call, path)
    if neighbour is not None:
        return _fetch_beside(call, neighbour, service, credentials, body)
    project = admit(call, path, service, credentials)
    identity.note_use(call)
    call.located[Project] = project
    if body is None:
        return _advertise(call, _shop(call, project), service)
    return _fetch(call, _shop(call, project), body) if service == FETCH else git_pushes.receive(call, project, body)


def _fetch_beside(
    call: dsl.Call, neighbour: Neighbour, service: str, credentials: Iterable[dsl.Credential], body: bytes | None
) -> dsl.Raw:
    admit_to(call, neighbour, service, credentials)
    identity.note_use(call)
    shop = neighbour.shop(call.store.objects)
    return _advertise(call, shop, service) if body is None else _fetch(call, shop, body)


def _advertise(call: dsl.Call, shop: Shop, service: str) -> dsl.Raw:
    body = advertisement(service, shop.refs, shop.objects, shop.head, _version(call))
    return dsl.Raw(body, f"application/x-{service}-advertisement", headers=NO_CACHE)


def _shop(call: dsl.Call, project: Project) -> Shop:
    repository = Repository(call.store, project)
    head = HEADS + (project.default_branch or "main")
    return Shop(repository.objects, repository.refs, repository.tips, head)


def _version(call: dsl.Call) -> int:
    """Return the highest version of the protocol that the client asks for, of those that there are."""
    asked = (call.headers.get("Git-Protocol") or "").split(":")
    return max((number for number in (0, 1, 2) if f"version={number}" in asked), default=0)


def _fetch(call: dsl.Call, shop: Shop, body: bytes) -> dsl.Raw:
    try:
        found = answer_fetch(shop, body, _version(call))
    except ProtocolError as error:
        found = packet(f"ERR {error}\n")
    return dsl.Raw(found, f"application/x-{FETCH}-result", headers=NO_CACHE)
