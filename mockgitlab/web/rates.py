"""Rate limits: how many requests a minute each caller may make, on the world's clock.

They are counted for the user of the token, whomever sudo names, and for the address where no token is good. What has no
route, and what is refused before it is known who asks, counts as well.

Source: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/ and GitLab's lib/gitlab/rack_attack.
"""

from wsgiref.handlers import format_date_time

from mockgitlab.dsl import Call
from mockgitlab.errors import TooManyRequests
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import World

WINDOW = 60


def count_request(call: Call | None, request: Request, world: World) -> dict[str, str]:
    """Count a request and return the ``RateLimit-*`` headers; raises ``TooManyRequests`` above the limit.

    ``call`` is that of a request of which it is known who asks.
    """
    limit = world.store.settings.limits.requests_per_minute
    if limit is None:
        return {}
    user_id = _caller_id(call) if call is not None else None
    caller = f"user {user_id}" if user_id else f"address {request.environ.get('REMOTE_ADDR', '')}"
    second = int(world.store.clock.instant.timestamp())
    window, count = world.rates.get(caller, (0, 0))
    count = count + 1 if window == second // WINDOW else 1
    world.rates[caller] = (second // WINDOW, count)
    headers = _headers(user_id is not None, limit, count, second)
    if count > limit:
        error = TooManyRequests(
            reason=f"{caller} made {count} requests in this minute, limits.requests_per_minute is {limit}"
        )
        error.headers = {**headers, "Retry-After": str(WINDOW - second % WINDOW)}
        raise error
    return headers


def _caller_id(call: Call) -> int | None:
    if call.token is not None:
        return call.token.user_id  # type: ignore[no-any-return]
    return call.user.id if call.user else None


def _headers(known: bool, limit: int, count: int, second: int) -> dict[str, str]:
    reset = second - second % WINDOW + WINDOW
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Name": "throttle_authenticated_api" if known else "throttle_unauthenticated_api",
        "RateLimit-Observed": str(count),
        "RateLimit-Remaining": str(max(limit - count, 0)),
        "RateLimit-Reset": str(reset),
        "RateLimit-ResetTime": format_date_time(reset),
    }
