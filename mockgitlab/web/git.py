"""Git over HTTP: which requests are git's, and what they carry.

Git's smart protocol is spoken alone, as GitLab does; of Git LFS it is said that it is not built.
"""

import re
import zlib
from typing import Any
from urllib.parse import unquote

from mockgitlab.dsl import Call, Credential, Definitions, Operation, Raw, Rule
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.errors import ApiError, BadRequest, MethodNotAllowed, NotBuilt, NotFound, PayloadTooLarge
from mockgitlab.web.answer import Answer, json_answer, refusal
from mockgitlab.web.credentials import find_credentials
from mockgitlab.web.parameters import parse
from mockgitlab.web.pipeline import Pipeline, log
from mockgitlab.web.request import Request
from mockgitlab.web.stubs import find_stub
from mockgitlab.web.worlds import World

ENDINGS = ("/info/refs", "/git-upload-pack", "/git-receive-pack")
_PATH = re.compile(r"/(.+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)")
_BESIDE = re.compile(r"/.+?\.git/(?:(HEAD|objects/.*|info/(?!lfs/).*)|((?:info/lfs|gitlab-lfs)/.*))")
_INFLATE_GZIP = 31
BESIDE_A_PACK = 1 << 26
"""How much longer than a push may be a request may be, so that git itself tells of a push that is too big."""


def _nothing(call: Call) -> Any:
    """Stand for a handler and for a check: git's requests have neither."""


GIT = Operation("git", "POST", "git", _nothing, Rule("git", _nothing, login=False), ParamSet(()), ())


def takes(request: Request, world: World) -> bool:
    """Tell whether a request is git's: one of its protocol, or of what is beside it unless a stub answers that."""
    path = request.path
    if path.startswith("/api/"):
        return False
    beside = ".git/" in path and _BESIDE.fullmatch(path) is not None
    return path.endswith(ENDINGS) or (beside and find_stub(request, world.stubs) is None)


def answer(request: Request, world: World, pipeline: Pipeline) -> Answer:
    """Return the answer to a request of git; refusals are plain text, and whatever happens, it is well formed."""
    try:
        raw = _perform(request, world, pipeline.definitions)
    except ApiError as error:
        return refusal(error, world.store.settings.errors)
    except Exception as error:
        log.exception("%s %s failed", request.method, request.path)
        pipeline.on_error(error)
        return json_answer({"message": "500 Internal Server Error"}, 500)
    return Answer(raw.status, raw.body, raw.content_type, raw.headers)


def _perform(request: Request, world: World, definitions: Definitions) -> Raw:
    found = _PATH.fullmatch(unquote(request.path))
    if found is None or definitions.git is None:
        raise _missing(request)
    path, what = found.groups()
    asked = what == "info/refs"
    if request.method != ("GET" if asked else "POST"):
        raise MethodNotAllowed(["GET" if asked else "POST"], reason=f"git does not send {request.method} there")
    service = str(parse(request.query, "", b"").get("service") or "") if asked else what
    body = None if asked else _body(request, world.store.settings.limits.push_bytes + BESIDE_A_PACK)
    call = Call(GIT, world.store, request.base, {}, {}, request.headers)
    return definitions.git(call, path, service, _credentials(request), body)


def _credentials(request: Request) -> list[Credential]:
    found = find_credentials(request.method, request.headers, {}, job_token=False, deploy_token=False)
    return [one for one in found if one.place == "basic"]


def _missing(request: Request) -> ApiError:
    beside = _BESIDE.fullmatch(request.path)
    if beside and beside[2]:
        return NotBuilt(f"Git LFS ({request.method} …/{beside[2]})")
    return NotFound(reason="git's dumb protocol is not spoken, as by GitLab: info/refs?service=git-upload-pack begins")


def _body(request: Request, limit: int) -> bytes:
    body = request.body(limit, "push_bytes")
    if request.headers.get("Content-Encoding") not in ("gzip", "x-gzip"):
        return body
    inflater = zlib.decompressobj(_INFLATE_GZIP)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise BadRequest(reason=f"the body is no gzip: {error}") from None
    if len(plain) > limit:
        raise PayloadTooLarge(reason=f"the body has more than {limit} bytes (limits.push_bytes)")
    return plain
