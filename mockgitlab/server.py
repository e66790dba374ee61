"""A fake GitLab to start and stop: a store, an application, a socket and a thread."""

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from mockgitlab.api.definitions import definitions
from mockgitlab.api.models.token import ACCESS_TOKENS, Token
from mockgitlab.api.models.user import User
from mockgitlab.environment import environment
from mockgitlab.report.journal import JOURNAL_MAX
from mockgitlab.report.verification import STRICT
from mockgitlab.scenario.loader import Scenario, Source, load_scenario
from mockgitlab.store import Store
from mockgitlab.traps import TRAPS
from mockgitlab.web.app import make_gateway
from mockgitlab.web.evidence import Evidence
from mockgitlab.web.gateway import Gateway
from mockgitlab.web.http import HttpServer
from mockgitlab.web.listening import log
from mockgitlab.web.request import SANDBOX_NAME
from mockgitlab.web.worlds import Script, World, Worlds

if TYPE_CHECKING:
    from flask import Flask

    from mockgitlab.intercept import Intercept
    from mockgitlab.playback.declared import Wanted
    from mockgitlab.web.playing import Playable

FAREWELL = 30.0
"""So many seconds at the most what is left to be posted is waited for, where nothing is answered any more."""
_ACCESS = (*ACCESS_TOKENS, "oauth")


def create_app(*scenarios: Source) -> "Flask":
    """Return the Flask application that serves scenarios, for any WSGI server.

    ``create_app("scenarios/quickstart.yaml")``
    """
    return MockGitLab(*scenarios).app


class MockGitLab(Evidence):
    """A fake GitLab serving scenarios (paths or mappings), on a socket of its own or in place of a host.

    As a context manager it serves at ``url`` inside the block. With ``intercept`` it opens no socket: calls that
    ``requests`` or ``httpx`` make in this process to that origin are answered here; ``block_network`` refuses calls to
    any other host but this machine. ``journal_max`` requests are kept, none with 0; ``traps`` are set beside those of
    the scenarios; ``strict`` goes before theirs: what GitLab would ignore is told (``warn``) or fails (``fail``).

    ``playback`` are recordings to be played before the API is asked: a file, a mapping of a ``file`` and the rules
    (``order``, ``repeat``, ``behind``, ``on``, ``headers``, ``ignore``), or a list of either.

    Raises ``ScenarioError`` when a scenario or a recording is wrong.
    """

    def __init__(
        self,
        *scenarios: Source,
        host: str = "127.0.0.1",
        port: int = 0,
        intercept: str | Sequence[str] | None = None,
        block_network: bool = False,
        journal_max: int = JOURNAL_MAX,
        strict: Literal["warn", "fail"] | None = None,
        traps: Sequence[str] = (),
        playback: "Wanted | Sequence[Wanted] | None" = None,
    ) -> None:
        self._playback = _playback(playback)
        scenario = load_scenario(*scenarios)
        self.files = scenario.files
        self.errors: list[BaseException] = []
        if strict not in (None, *STRICT):
            raise ValueError(f"strict must be {' or '.join(STRICT)}, not {strict!r}")
        self._journal_max, self._strict, self._traps = journal_max, strict, tuple(traps)
        self.gateway = self._make_gateway(scenario)
        self._host, self._port = host, port
        self._intercepted = [intercept] if isinstance(intercept, str) else list(intercept or ())
        self._block_network = block_network
        self._server: HttpServer | None = None
        self._intercept: Intercept | None = None

    # Life

    def start(self) -> "MockGitLab":
        """Answer requests from now on."""
        if self._intercepted or self._block_network:
            from mockgitlab.intercept import Intercept

            self._intercept = Intercept(self.gateway, self._intercepted, block_network=self._block_network)
            self._intercept.start()
        if not self._intercepted:
            self._server = self.make_server()
            self._server.start()
        return self

    def make_server(self) -> HttpServer:
        """Return an HTTP server for this GitLab, bound and not yet answering."""
        return HttpServer(self.gateway, self._host, self._port, on_error=self._broke)

    def _broke(self, error: BaseException) -> None:
        log(error)
        self.errors.append(error)

    def stop(self) -> None:
        """Answer no more requests."""
        if self._intercept is not None:
            self._intercept.stop()
        if self._server is not None:
            self._server.stop()
        self._server = self._intercept = None
        for world in self.worlds.all():
            world.courier.wait(FAREWELL)
            world.courier.close()

    def __enter__(self) -> "MockGitLab":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # What tests ask for

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end; raises ``RuntimeError`` unless it is started."""
        if self._intercepted:
            return self._intercepted[0].rstrip("/")
        if self._server is None:
            raise RuntimeError("this MockGitLab is not started: use it in a with statement, or call start()")
        return self._server.url

    def load(self, *scenarios: Source) -> None:
        """Serve other scenarios from now on, at the same address.

        Raises ``ScenarioError`` and changes nothing when one is wrong.
        """
        scenario = load_scenario(*scenarios)
        self.files = scenario.files
        self.gateway.serve(self._make_gateway(scenario))

    def _make_gateway(self, scenario: Scenario) -> Gateway:
        script = scenario.script.plus(Script(strict=self._strict, traps=self._traps, playback=self._playback))
        worlds = Worlds(scenario.store, script, self._journal_max, TRAPS)
        return make_gateway(worlds, definitions(), self.errors.append)

    @property
    def app(self) -> "Flask":
        """The Flask application, for any WSGI server and for Flask's own test client."""
        return self.gateway.app

    @property
    def worlds(self) -> Worlds:
        """The scenario as loaded, the main world and the sandboxes."""
        return self.gateway.worlds

    @property
    def world(self) -> World:
        """The main world."""
        return self.worlds.main

    def token(self, username: str = "root") -> str:
        """Return a token of a user that can be used now, the one with the most scopes.

        Raises ``KeyError`` when there is none.
        """
        return find_token(self.store, username)

    def tokens(self) -> dict[str, str]:
        """Return a usable token of each user that has one."""
        users = {self.store[User][token.user_id].username for token in self.store[Token].all() if token.user_id}
        return {name: self.token(name) for name in sorted(users) if usable_tokens(self.store, name)}

    def env(self, username: str = "root") -> dict[str, str]:
        """Return the environment variables that point clients here, with a token of a user."""
        return environment(self.url, self.token(username), job_token=find_job_token(self.store))

    def reset(self) -> None:
        """Bring the main world back to the scenario as loaded, and forget the sandboxes and errors."""
        self.worlds.reset()
        for name in self.worlds.names():
            self.worlds.drop(name)
        self.errors.clear()

    def sandbox(self, name: str) -> "Sandbox":
        """Return a world of its own on this server, as the scenario was loaded; it is reached at its own ``url``.

        Raises ``ValueError`` for a name that no URL can have.
        """
        if not SANDBOX_NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a sandbox: take letters, digits, dots, dashes")
        self.worlds.reset(name)
        return Sandbox(self, name)

    def sandboxes(self) -> list[str]:
        """Return the names of the sandboxes, oldest first."""
        return self.worlds.names()

    def check(self) -> None:
        """Raise the first exception that happened inside the server, if any."""
        if self.errors:
            raise self.errors[0]


def _playback(wanted: Any) -> "tuple[Playable, ...]":
    if not wanted:
        return ()
    from mockgitlab.playback.declared import playback

    return playback(wanted)


class Sandbox(Evidence):
    """One sandbox of a server; a context manager that drops it at the end."""

    def __init__(self, server: MockGitLab, name: str) -> None:
        self.server = server
        self.gateway = server.gateway
        self.name = name

    @property
    def url(self) -> str:
        """The base URL of this sandbox: the server's, followed by ``/@name``."""
        return f"{self.server.url}/@{self.name}"

    @property
    def world(self) -> World:
        """The world of this sandbox."""
        world = self.server.worlds.get(self.name)
        assert world is not None, "a sandbox exists from the moment it is asked for"
        return world

    def token(self, username: str = "root") -> str:
        """Return a token of a user that can be used now; raises ``KeyError`` when there is none."""
        return find_token(self.store, username)

    def reset(self) -> None:
        """Bring this sandbox back to the scenario as loaded."""
        self.server.worlds.reset(self.name)

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.worlds.drop(self.name)


def usable_tokens(store: Store, username: str) -> list[Token]:
    """Return the access tokens of a user that can be used now, the one with the most scopes first."""
    user = store[User].find(username=username)
    found = [token for token in store[Token].where(user_id=user.id) if token.kind in _ACCESS] if user else []
    usable = [token for token in found if not token.revoked and not token.expired(store.today)]
    return sorted(usable, key=lambda token: -len(token.scopes))


def find_token(store: Store, username: str) -> str:
    """Return the value of a user's best usable access token; raises ``KeyError`` when there is none."""
    usable = usable_tokens(store, username)
    if not usable:
        owners = sorted({store[User][one.user_id].username for one in store[Token].all() if one.user_id})
        message = f"the scenario has no usable token of {username}; there are tokens of {', '.join(owners) or 'nobody'}"
        raise KeyError(message)
    return usable[0].value


def find_job_token(store: Store) -> str:
    """Return the value of the first job token, empty when there is none."""
    token = store[Token].find(kind="job")
    return token.value if token else ""
