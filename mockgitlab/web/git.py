"""Git over HTTP: which requests are git's, and what they carry.

Git's smart protocol is spoken alone, as GitLab does; of Git LFS it is said that it is not built.
"""

import re
import zlib
from typing import Any
from urllib.parse import unquote

from mockgitlab.dsl import Call, Credential, Operation, Raw, Rule
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.errors import ApiError, BadRequest, MethodNotAllowed, NotBuilt, NotFound, PayloadTooLarge
from mockgitlab.web.answer import Answer, json_answer, refusal
from mockgitlab.web.credentials import find_credentials
from mockgitlab.web.faults import Struck
from mockgitlab.web.listening import log
from mockgitlab.web.parameters import parse
from mockgitlab.web.pipeline import Pipeline
from mockgitlab.web.request import Request
from mockgitlab.web.stubs import find_stub
from mockgitlab.web.worlds import World

ENDINGS = ("/info/refs", "/git-upload-pack", "/git-receive-pack")
_PATH = re.compile(r"/(.+?)\.git/(info/refs|git-upload-pack|git-receive-pack)")
_WITHOUT_ENDING = re.compile(r"(/.+?)(/info/refs)")
_BESIDE = re.compile(r"/.+?\.git/(?:(HEAD|objects/.*|info/(?!lfs/).*)|((?:info/lfs|gitlab-lfs)/.*))")
_INFLATE_GZIP = 31
BESIDE_A_PACK = 1 << 26
"""How much longer than a push may be a request may be, so that git itself tells of a push that is too big."""


def _nothing(call: Call) -> Any:
    """Stand for a handler and for a check: git's requests have neither."""


def _operation(method: str, what: str) -> Operation:
    return Operation("git", method, f":project.git/{what}", _nothing, OPEN, ParamSet(()), ())


OPEN = Rule("git", _nothing, login=False)
OPERATIONS = {
    "info/refs": _operation("GET", "info/refs"),
    "git-upload-pack": _operation("POST", "git-upload-pack"),
    "git-receive-pack": _operation("POST", "git-receive-pack"),
}


def takes(path: str) -> bool:
    """Tell whether a request to this path is git's: one of its protocol, or of what is beside it."""
    if path.startswith("/api/"):
        return False
    return path.endswith(ENDINGS) or (".git/" in path and _BESIDE.fullmatch(path) is not None)


def answer(request: Request, world: World, pipeline: Pipeline) -> Answer:
    """Return the answer to a request of git; refusals are plain text, and whatever happens, it is well formed."""
    try:
        return _perform(request, world, pipeline)
    except Struck:
        return Answer(200)
    except ApiError as error:
        return refusal(error, world.store.settings.errors)
    except Exception as error:
        log(error, f"{request.method} {request.path} failed")
        pipeline.on_error(error)
        return json_answer({"message": "500 Internal Server Error"}, 500)


def _perform(request: Request, world: World, pipeline: Pipeline) -> Answer:
    found, canned = _PATH.fullmatch(unquote(request.path)), find_stub(request, world.stubs)
    operation = OPERATIONS[found[2]] if found else None
    if world.faults:
        world.faults.meet(request, None if canned else operation, of_somebody=False)
    if canned is not None:
        world.stubs_used.add(canned.stub)
        return canned
    if (played := pipeline.played(request, world)) is not None:
        return played
    if found is None or operation is None or pipeline.definitions.git is None:
        return _elsewhere(request)
    if request.method != operation.method:
        raise MethodNotAllowed([operation.method], reason=f"git does not send {request.method} there")
    raw = _carried_out(request, world, pipeline, pipeline.definitions.git, operation, found[1])
    return Answer(raw.status, raw.body, raw.content_type, raw.headers)


def _carried_out(request: Request, world: World, pipeline: Pipeline, git: Any, operation: Operation, path: str) -> Raw:
    asked = operation.method == "GET"
    given = str(parse(request.query, "", b"").get("service") or "")
    service = given if asked else operation.path.rpartition("/")[2]
    body = None if asked else _body(request, world.store.settings.limits.push_bytes + BESIDE_A_PACK)
    address = str(request.environ.get("REMOTE_ADDR") or "")
    call = Call(operation, world.store, request.base, {}, {"project": path}, request.headers, address=address)
    request.call = call
    with world.store.lock, world.store.transaction():
        raw: Raw = git(call, path, service, _credentials(request), body)
        if world.faults:
            world.faults.meet(request, operation, of_somebody=True)
        pipeline.notify(call, request)
    if request.changes:
        pipeline.post(world)
    return raw


def _credentials(request: Request) -> list[Credential]:
    found = find_credentials(request.method, request.headers, {}, job_token=False, deploy_token=False)
    return [one for one in found if one.place == "basic"]


def _elsewhere(request: Request) -> Answer:
    """Send who leaves out ``.git`` to where the repository is; raises ``ApiError`` for what git has not."""
    beside, without = _BESIDE.fullmatch(request.path), _WITHOUT_ENDING.fullmatch(request.path)
    if beside and beside[2]:
        raise NotBuilt(f"Git LFS ({request.method} …/{beside[2]})")
    if without and request.method == "GET":
        query = f"?{request.query}" if request.query else ""
        return Answer(301, headers={"Location": f"{request.base}{without[1]}.git{without[2]}{query}"})
    raise NotFound(reason="git's dumb protocol is not spoken, as by GitLab: info/refs?service=git-upload-pack begins")


def _body(request: Request, limit: int) -> bytes:
    body = request.body(limit, "push_bytes")
    encoding = (request.headers.get("Content-Encoding") or "").lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise BadRequest(reason=f"a body is sent as it is or by gzip, not by {encoding[:60]}")
    try:
        return _inflated(body, limit)
    except zlib.error as error:
        raise BadRequest(reason=f"the body is no gzip: {error}") from None


def _inflated(body: bytes, limit: int) -> bytes:
    """Return what gzip made smaller, in one piece or in several; raises ``zlib.error``."""
    plain = bytearray()
    while body:
        inflater = zlib.decompressobj(_INFLATE_GZIP)
        plain += inflater.decompress(body, limit + 1 - len(plain))
        if len(plain) > limit:
            raise PayloadTooLarge(reason=f"the body has more than {limit} bytes (limits.push_bytes)")
        if not inflater.eof:
            raise zlib.error("it breaks off")
        body = inflater.unused_data
    return bytes(plain)
