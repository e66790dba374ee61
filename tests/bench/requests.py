"""The processor time of requests: over bare Flask on the same server, and with the journal over without it.

Issues are shown and listed from one project and created in another, so that a list is of issues that were shown before;
``new`` lists those just created, one on each page for the first time.
"""

from tests.bench.load import Request, medians, microseconds
from tests.bench.servers import EMPTY, MANY, TOKEN, Row, fetch, scenario, served

ISSUES = 3_000
PAGES = ISSUES // 20
ROUNDS, CALLS, WARM_UP = 9, 1_000, 200
KINDS = {
    "one": Request("GET", lambda n: f"{MANY}/{n % ISSUES + 1}?n={n}"),
    "list": Request("GET", lambda n: f"{MANY}?page={n % PAGES + 1}&n={n}"),
    "post": Request("POST", lambda n: EMPTY, lambda n: b'{"title": "A new one", "description": "It explodes"}'),
    "new": Request("GET", lambda n: f"{EMPTY}?page={n % PAGES + 1}&n={n}"),
    "repeat": Request("GET", lambda n: f"{MANY}/7"),
}
BARE = {
    "one": Request("GET", lambda n: "/one"),
    "list": Request("GET", lambda n: "/list"),
    "post": Request("POST", lambda n: "/one", KINDS["post"].body),
}
OVER_FLASK = (
    ("one", "one", "GET one", "≤ 1.3"),
    ("list", "list", "list of 20", "≤ 1.5"),
    ("post", "post", "POST valid", "≤ 2.0"),
    ("new", "list", "list of 20, one of them just created", ""),
    ("repeat", "one", "repeated GET", "≤ 0.5"),
)
OVER_NOTHING = (("one", "GET one"), ("list", "list of 20"), ("post", "POST valid"))
OTHERS = 1_000_000
"""The numbers of calls that are not measured, so that none of them is sent twice."""
JOURNAL_BUDGET = "≤ 1.15"
Times = dict[str, float]


def rows(folder: str) -> list[Row]:
    """Measure three servers in turns: all switched on, journal and strict mode switched off, and bare Flask."""
    serve, files = ("mockgitlab", "serve", "-p", "0"), scenario(ISSUES, folder)
    with served(*serve, *files, "--strict", "warn") as full, served(*serve, *files, "--journal-max", "0") as plain:
        sizes = [str(len(fetch(full[1], KINDS[name].path(1)))) for name in ("one", "list")]
        with served("tests.bench.bare", *sizes) as bare:
            servers = (full, KINDS), (plain, KINDS), (bare, BARE)
            turns = [[one_turn(*server, turn) for server in servers] for turn in range(ROUNDS)]
    ours, off, flask = (medians(list(times)) for times in zip(*turns, strict=True))
    return [
        *(over_flask(title, ours[name], flask[base], budget) for name, base, title, budget in OVER_FLASK),
        *(over_off(title, ours[name], off[name]) for name, title in OVER_NOTHING),
    ]


def one_turn(server: tuple[int, int], kinds: dict[str, Request], turn: int) -> Times:
    """Return the microseconds that a server uses for each kind of request, woken from its idling since its last turn.

    New issues are listed for the first time when it is measured, so other lists wake the server.
    """
    pid, port = server
    times = {}
    for name, kind in kinds.items():
        microseconds(pid, port, kinds["list" if name == "new" else name], OTHERS + turn * WARM_UP, WARM_UP, TOKEN)
        times[name] = microseconds(pid, port, kind, turn * CALLS, CALLS, TOKEN)
    return times


def over_flask(title: str, ours: float, flask: float, budget: str) -> Row:
    """Return the row that compares a request with bare Flask."""
    return f"CPU per request, {title}, over bare Flask", f"{ours / flask:.2f} ({ours:.0f} / {flask:.0f} µs)", budget


def over_off(title: str, ours: float, off: float) -> Row:
    """Return the row that compares a request with the same one where journal and strict mode are off."""
    what = f"CPU per request, {title}, journal and strict mode on over off"
    return what, f"{ours / off:.2f} ({ours:.0f} / {off:.0f} µs)", JOURNAL_BUDGET
