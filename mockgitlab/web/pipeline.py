"""One request, from its raw path to its answer: the steps in the order in which GitLab takes them."""

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockgitlab.dsl import Call, Definitions, Mapped, Operation, Presented, Raw
from mockgitlab.dsl.encoding import Body, encode
from mockgitlab.dsl.shapes import Shape
from mockgitlab.errors import (
    ApiError,
    InvalidParameters,
    MethodNotAllowed,
    RouteNotFound,
    TooManyRequests,
    Unauthorized,
)
from mockgitlab.store import Query, Row
from mockgitlab.web.answer import Answer, body_answer, json_answer, refusal
from mockgitlab.web.connection import step_aside
from mockgitlab.web.credentials import credentials_of, explain
from mockgitlab.web.faults import Struck
from mockgitlab.web.listening import log
from mockgitlab.web.paging import paginate
from mockgitlab.web.rates import count_request
from mockgitlab.web.reasons import of_method
from mockgitlab.web.request import Request
from mockgitlab.web.routes import Routes
from mockgitlab.web.stubs import find_stub
from mockgitlab.web.worlds import World

PLAYED_BYTES = 256 * 1024 * 1024
"""So large may be a body of which only what was recorded is played."""
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)


class Pipeline:
    """Answers requests for one set of definitions; ``on_error`` is told of every exception that is no refusal."""

    def __init__(self, definitions: Definitions, routes: Routes, on_error: Callable[[BaseException], None]) -> None:
        self.definitions = definitions
        self.routes = routes
        self.on_error = on_error

    def answer(self, request: Request, world: World) -> Answer:
        """Return the answer to a request in a world; whatever happens, it is well formed."""
        style = world.store.settings.errors
        try:
            return self._perform(request, world)
        except Struck:
            return Answer(200)
        except ApiError as error:
            return refusal(self._counted(error, request, world), style, request.call)
        except Exception as error:
            log(error, f"{request.method} {request.path} failed")
            self.on_error(error)
            return json_answer({"message": "500 Internal Server Error"}, 500)

    def _perform(self, request: Request, world: World) -> Answer:
        request.check_length(world.store.settings.limits.uri_bytes)
        request.override_method(world.store.settings.limits.body_bytes)
        if (ready := self._ready(request, world)) is not None:
            return ready
        operation, path = self._route(request)
        sent = request.parameters(world.store.settings.limits.body_bytes, operation.upload)
        call = request.call = call_of(request, world, operation, path, sent)
        try:
            with world.store.lock:
                self._identify(call, request)
                if world.faults:
                    world.faults.meet(request, operation, of_somebody=True)
                with world.store.transaction():
                    answer = self._carry_out(call, request, world)
                    self.notify(call, request)
            if request.changes:
                self.post(world)
            return answer if call.then is None else self._afterwards(call, call.then, request, world, answer)
        except ApiError as error:
            raise operation.dialect.reworded(error) from None

    def notify(self, call: Call, request: Request) -> None:
        """Note what a call wrote, and leave to be posted what hooks are told of it, whatever becomes of that."""
        request.changes = call.store.written()
        try:
            self.definitions.deliveries.notify(call, request.changes)
        except Exception as error:
            log(error, f"hooks cannot be told of {request.method} {request.path}")
            self.on_error(error)

    def post(self, world: World) -> None:
        """Let what a world leaves to be posted be posted, in the background."""
        world.courier.wake(self.definitions.deliveries, self.on_error)

    def _afterwards(
        self, call: Call, then: Callable[[], Any], request: Request, world: World, answer: Answer
    ) -> Answer:
        """Return the answer of an operation that waits for what it left to be posted."""
        step_aside(request.environ)
        world.courier.wait()
        with world.store.transaction():
            last = present(call, then(), request.path)
        return replace(last, headers={**answer.headers, **last.headers})

    def _ready(self, request: Request, world: World) -> Answer | None:
        """Return what is answered without the API: a stub's answer, or a recorded one."""
        if not (world.stubs or world.faults or world.playback):
            return None
        canned = find_stub(request, world.stubs)
        if world.faults:
            world.faults.meet(request, None if canned else self._operation(request), of_somebody=False)
        if canned is not None:
            world.stubs_used.add(canned.stub)
            return canned
        return self.played(request, world)

    def played(self, request: Request, world: World) -> Answer | None:
        """Return what was recorded for a request; nothing when nothing was. The journal is told what it asked."""
        if not world.playback:
            return None
        limit = world.store.settings.limits.body_bytes
        try:
            answer = world.playback.answer(request, max(limit, PLAYED_BYTES))
        except ApiError as error:
            return refusal(error, world.store.settings.errors)
        if answer is not None and world.journal.limit:
            found = self.routes.match(request.method, request.path)
            with contextlib.suppress(ApiError):  # what cannot be read has no parameters
                request.parameters(limit)
            if isinstance(found, tuple):
                request.call = call_of(request, world, *found, request.sent)
        return answer

    def _identify(self, call: Call, request: Request) -> None:
        """Find out who asks, outside the transaction: that a token's family was revoked outlives the refusal."""
        operation = call.operation
        method, jobs, deploys = request.method, operation.job_token, operation.deploy_token
        found = credentials_of(method, request.environ, call.sent, job_token=jobs, deploy_token=deploys)
        self.definitions.identify(call, found)

    def _operation(self, request: Request) -> Operation | None:
        found = self.routes.match(request.method, request.path)
        return found[0] if isinstance(found, tuple) else None

    def _route(self, request: Request) -> tuple[Operation, Mapping[str, str]]:
        request.check_path()
        found = self.routes.match(request.method, request.path)
        if found is None:
            raise RouteNotFound(reason=self.routes.explain(request.method, request.path))
        if not isinstance(found, tuple):
            raise MethodNotAllowed(found.allowed, reason=of_method(found.allowed, request.method))
        return found

    def _counted(self, error: ApiError, request: Request, world: World) -> ApiError:
        """Count a request to the API that was refused before it was known who asks; return what it is answered with."""
        if request.counted or not request.path.startswith("/api/"):
            return error
        try:
            headers = count_request(None, request, world, self.definitions.settings)
            error.headers = {**headers, **error.headers}
        except TooManyRequests as too_many:
            return too_many
        return error

    def _carry_out(self, call: Call, request: Request, world: World) -> Answer:
        request.counted = True
        headers = count_request(call, request, world, self.definitions.settings)
        try:
            answer = self._answer_call(call, request)
        except ApiError as error:
            error.headers = {**headers, **error.headers}
            raise
        return replace(answer, headers={**answer.headers, **headers}) if headers else answer

    def _answer_call(self, call: Call, request: Request) -> Answer:
        operation = call.operation
        if operation.rule.login and call.user is None:
            why = explain(request.method, request.headers, call.sent)
            raise Unauthorized(reason=f"{operation.key} needs a user; {why}")
        if operation.rule.early:
            operation.rule.check(call)
        call.given = operation.read(call.sent, call.settings)
        if operation.rule.before_records:
            operation.rule.check(call)
        locate(call)
        if not (operation.rule.early or operation.rule.before_records):
            operation.rule.check(call)
        check_unmodified(call)
        self.definitions.admitted(call)
        return present(call, operation.act(call), request.path)


def call_of(
    request: Request, world: World, operation: Operation, path: Mapping[str, str], sent: Mapping[str, Any]
) -> Call:
    """Return the call of an operation that a request makes with the parameters of its path and those it sent."""
    return Call(
        *(operation, world.store, request.base, {**sent, **path}, path, request.headers),
        method=request.method,
        address=str(request.environ.get("REMOTE_ADDR") or ""),
        query=request.query,
    )


def locate(call: Call) -> None:
    """Find the records that the path names; raises ``NotFound`` where one is missing or hidden from the user."""
    for name, locator in call.operation.locators:
        value = call.path[name]
        if locator.integer and not _WHOLE.fullmatch(value):
            raise InvalidParameters([f"{name} is invalid"], reason=f"{name} was {value!r}, a whole number was expected")
        found = locator.find(call, value)
        call.located[type(found)] = found


def check_unmodified(call: Call) -> None:
    """Refuse to delete what changed after the date in ``If-Unmodified-Since``."""
    if call.operation.method == "DELETE" and call.located and call.operation.conditional:
        call.check_unmodified(getattr(list(call.located.values())[-1], "updated_at", None))


def present(call: Call, result: Any, path: str) -> Answer:
    """Return what an operation returned as an answer: shaped, paged, encoded."""
    if isinstance(result, Raw):
        return Answer(result.status, result.body, result.content_type, result.headers)
    shown = result if isinstance(result, Presented) else Presented(result)
    status = shown.status or call.operation.success
    if shown.result is None and status in (204, 304):
        return Answer(status, headers=shown.headers)
    if isinstance(shown.result, Query) or (call.operation.listed and isinstance(shown.result, (list, tuple, Mapped))):
        return _present_list(call, shown, path, status)
    return body_answer(status, encoded(call, shown, shown.result), shown.headers)


def _present_list(call: Call, shown: Presented, path: str, status: int) -> Answer:
    if not (call.operation.paginated and shown.paginated):
        return body_answer(status, encoded_list(call, shown, list(shown.result)), shown.headers)
    page = paginate(shown.result, call, path, counted=shown.counted)
    return body_answer(status, encoded_list(call, shown, page.rows), {**shown.headers, **page.headers})


def encoded(call: Call, shown: Presented, value: Any) -> Body:
    """Return what is shown as JSON: a record in the shape that this call asks for, anything else as it is."""
    if isinstance(value, Row):
        return call.view(*shown.options).body(_shape(call, shown, value), value)
    return Body(encode(value))


def encoded_list(call: Call, shown: Presented, values: Sequence[Any]) -> Body:
    """Return what is shown as a JSON list; a page of records is remembered whole."""
    if values and (isinstance(shown.result, Query) or all(isinstance(value, Row) for value in values)):
        return call.view(*shown.options).page(_shape(call, shown, values[0]), tuple(values))
    return Body(b"[%b]" % b",".join([encoded(call, shown, value).data for value in values]))


def _shape(call: Call, shown: Presented, row: Row) -> Shape:
    shape = shown.shape or call.operation.shape
    if shape is None:
        kind = type(row).__name__
        raise TypeError(f"{call.operation.key} returned a {kind} and declares no shape to show it in")
    return shape
