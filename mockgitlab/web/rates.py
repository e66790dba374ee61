"""Rate limits: how many requests a minute each caller may make, on the world's clock.

Source: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/.
"""

from email.utils import format_datetime

from mockgitlab.dsl import Call
from mockgitlab.errors import TooManyRequests
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import World

WINDOW = 60


def count_request(call: Call, request: Request, world: World) -> dict[str, str]:
    """Count a request and return the ``RateLimit-*`` headers; raises ``TooManyRequests`` above the limit."""
    limit = call.settings.limits.requests_per_minute
    if limit is None:
        return {}
    caller = f"user {call.user.id}" if call.user else f"address {request.environ.get('REMOTE_ADDR', '')}"
    second = int(world.store.clock.instant.timestamp())
    window, count = world.rates.get(caller, (0, 0))
    count = count + 1 if window == second // WINDOW else 1
    world.rates[caller] = (second // WINDOW, count)
    headers = _headers(call, limit, count, second)
    if count > limit:
        error = TooManyRequests(
            reason=f"{caller} made {count} requests in this minute, limits.requests_per_minute is {limit}"
        )
        error.headers = {**headers, "Retry-After": str(WINDOW - second % WINDOW)}
        raise error
    return headers


def _headers(call: Call, limit: int, count: int, second: int) -> dict[str, str]:
    from datetime import datetime, timezone

    reset = second - second % WINDOW + WINDOW
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Name": "throttle_authenticated_api" if call.user else "throttle_unauthenticated_api",
        "RateLimit-Observed": str(count),
        "RateLimit-Remaining": str(max(limit - count, 0)),
        "RateLimit-Reset": str(reset),
        "RateLimit-ResetTime": format_datetime(datetime.fromtimestamp(reset, timezone.utc), usegmt=True),
    }
