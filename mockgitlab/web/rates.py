"""Rate limits: how many requests each caller may make, on the world's clock.

The scenario limits them to so many a minute, or administrators to so many a period, by the application settings. They
are counted for the user of the token, whomever sudo names, and for the address where no token is good. What has no
route, and what is refused before it is known who asks, counts as well.

Source: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/ and GitLab's lib/gitlab/rack_attack.
"""

from wsgiref.handlers import format_date_time

from mockgitlab.dsl import Call, InstanceSettings, Throttle
from mockgitlab.errors import TooManyRequests
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import World

WINDOW = 60


def count_request(
    call: Call | None, request: Request, world: World, settings: InstanceSettings | None = None
) -> dict[str, str]:
    """Count a request and return the ``RateLimit-*`` headers; raises ``TooManyRequests`` above the limit.

    ``call`` is that of a request of which it is known who asks.
    """
    user_id = _caller_id(call) if call is not None else None
    throttle = _throttle(user_id is not None, request, world, settings)
    if throttle is None:
        return {}
    caller = f"user {user_id}" if user_id else f"address {request.environ.get('REMOTE_ADDR', '')}"
    second = int(world.store.clock.instant.timestamp())
    window, count = world.rates.get(caller, (0, 0))
    count = count + 1 if window == second // throttle.period else 1
    world.rates[caller] = (second // throttle.period, count)
    headers = _headers(throttle, count, second)
    if count > throttle.requests:
        raise _too_many(throttle, caller, count, {**headers, "Retry-After": str(_left(throttle, second))})
    return headers


def _throttle(known: bool, request: Request, world: World, settings: InstanceSettings | None) -> Throttle | None:
    limit = world.store.settings.limits.requests_per_minute
    if limit is not None:
        return Throttle(limit, WINDOW, "", "throttle_authenticated_api" if known else "throttle_unauthenticated_api")
    return settings.throttle(world.store, known) if settings and request.path.startswith("/api/") else None


def _too_many(throttle: Throttle, caller: str, count: int, headers: dict[str, str]) -> TooManyRequests:
    limited = f"the settings {throttle.name}_* allow" if throttle.text else "limits.requests_per_minute is"
    period = f"these {throttle.period} seconds" if throttle.text else "this minute"
    error = TooManyRequests(reason=f"{caller} made {count} requests in {period}, {limited} {throttle.requests}")
    error.headers, error.said = headers, f"{throttle.text}\n" if throttle.text else ""
    return error


def _caller_id(call: Call) -> int | None:
    if call.token is not None:
        return call.token.user_id  # type: ignore[no-any-return]
    return call.user.id if call.user else None


def _left(throttle: Throttle, second: int) -> int:
    return throttle.period - second % throttle.period


def _headers(throttle: Throttle, count: int, second: int) -> dict[str, str]:
    reset = second + _left(throttle, second)
    return {
        "RateLimit-Limit": str(throttle.requests),
        "RateLimit-Name": throttle.name,
        "RateLimit-Observed": str(count),
        "RateLimit-Remaining": str(max(throttle.requests - count, 0)),
        "RateLimit-Reset": str(reset),
        "RateLimit-ResetTime": format_date_time(reset),
    }
