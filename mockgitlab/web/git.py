"""Git over HTTP: which requests are git's, and what they carry."""

import re
import zlib
from typing import Any
from urllib.parse import unquote

from mockgitlab.dsl import Call, Credential, Definitions, Operation, Raw, Rule
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.errors import ApiError, BadRequest, MethodNotAllowed, NotBuilt, PayloadTooLarge
from mockgitlab.web.answer import Answer, json_answer, refusal
from mockgitlab.web.credentials import find_credentials
from mockgitlab.web.parameters import parse
from mockgitlab.web.pipeline import Pipeline, log
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import World

ENDINGS = ("/info/refs", "/git-upload-pack", "/git-receive-pack")
_PATH = re.compile(r"/(.+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)")
_INFLATE_GZIP = 31


def _nothing(call: Call) -> Any:
    """Stand for a handler and for a check: git's requests have neither."""


GIT = Operation("git", "POST", "git", _nothing, Rule("git", _nothing, login=False), ParamSet(()), ())


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
        raise NotBuilt(f"{request.method} {request.path}")
    path, what = found.groups()
    asked = what == "info/refs"
    if request.method != ("GET" if asked else "POST"):
        raise MethodNotAllowed(["GET" if asked else "POST"], reason=f"git does not send {request.method} there")
    service = str(parse(request.query, "", b"").get("service") or "") if asked else what
    body = None if asked else _body(request, world.store.settings.limits.body_bytes)
    call = Call(GIT, world.store, request.base, {}, {}, request.headers)
    return definitions.git(call, path, service, _credentials(request), body)


def _credentials(request: Request) -> list[Credential]:
    found = find_credentials(request.method, request.headers, {}, job_token=False, deploy_token=False)
    return [one for one in found if one.place in ("bearer", "basic")]


def _body(request: Request, limit: int) -> bytes:
    body = request.body(limit)
    if request.headers.get("Content-Encoding") not in ("gzip", "x-gzip"):
        return body
    inflater = zlib.decompressobj(_INFLATE_GZIP)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise BadRequest(reason=f"the body is no gzip: {error}") from None
    if len(plain) > limit:
        raise PayloadTooLarge(reason=f"the body has more than {limit} bytes (limits.body_bytes)")
    return plain
