"""A tiny API of its own for the tests of the web layer: keepers and their animals."""

from collections.abc import Iterable
from typing import Annotated, Any

from werkzeug.test import Client, TestResponse

from mockgitlab import dsl
from mockgitlab.errors import Forbidden, NotFound, Unauthorized
from mockgitlab.store import Limits, Query, Settings
from mockgitlab.web.app import make_gateway
from mockgitlab.web.worlds import Script, Stub, Worlds


class Keeper(dsl.Entity):
    id: int = dsl.serial()
    username: str = dsl.required("The name")


class Animal(dsl.Entity):
    id: int = dsl.serial()
    iid: int = dsl.serial(within="keeper_id")
    keeper_id: int = dsl.parent("Keeper")
    name: str = dsl.required("The name", max_length=20)
    tags: tuple[str, ...] = dsl.optional("The tags", default=())
    created_at: dsl.Timestamp = dsl.now()
    updated_at: dsl.Timestamp = dsl.now()

    @dsl.computed
    def web_url(self, view: dsl.View) -> str:
        return f"{view.base}/animals/{self.iid}"


ANIMAL = Animal.shape("iid", "name", "web_url")


def nobody_refused(call: dsl.Call) -> None:
    """Let everybody pass."""


def own(call: dsl.Call) -> None:
    if call.user.id != call.at(Keeper).id:
        raise Forbidden(reason="these are somebody else's animals")


ANYONE = dsl.Rule("anyone", nobody_refused, login=False)
USER = dsl.Rule("user", nobody_refused)
OWN = dsl.Rule("own", own)
ROOT = dsl.Rule("root", lambda call: own_root(call), early=True)


def own_root(call: dsl.Call) -> None:
    if call.user.id != 1:
        raise Forbidden


api = dsl.Api("v4", "/api/v4", scopes=lambda method, path: ("api",), anyone=ANYONE, user=USER)


@api.locator("keepers/:id")
def find_keeper(call: dsl.Call, value: str) -> Keeper:
    column = {"id": int(value)} if value.isdigit() else {"username": value}
    found = call.store[Keeper].find(**column)
    if found is None:
        raise NotFound("Keeper", reason=f"there is no keeper {value}")
    return found


@api.locator("keepers/:id/animals/:animal_iid", integer=True)
def find_animal(call: dsl.Call, value: str) -> Animal:
    found = call.store[Animal].find(keeper_id=call.at(Keeper).id, iid=int(value))
    if found is None:
        raise NotFound("Animal")
    return found


TAGS = dsl.by("tags", dsl.CommaList, "The tags", lambda query, tags, call: query.among("tags", tags))


@api.get("keepers/:id/animals", shape=ANIMAL, filters=[dsl.search("name"), TAGS])
def list_animals(call: dsl.Call, keeper: Keeper, tame: bool = False) -> Query[Animal]:
    """List animals."""
    return call.store[Animal].where(keeper_id=keeper.id)


@api.post("keepers/:id/animals", rule=OWN, shape=ANIMAL)
def create_animal(call: dsl.Call, keeper: Keeper, name: Annotated[str, dsl.Constraints(max_length=20)]) -> Animal:
    """Create an animal."""
    return call.store.insert(Animal(keeper_id=keeper.id, name=name))


@api.get("keepers/:id/animals/:animal_iid", shape=ANIMAL)
def show_animal(animal: Animal) -> Animal:
    """Show an animal."""
    return animal


@api.put("keepers/:id/animals/:animal_iid", rule=OWN, shape=ANIMAL)
def rename_animal(call: dsl.Call, animal: Animal, name: str) -> Animal:
    """Rename an animal."""
    return call.store.update(animal, name=name)


@api.delete("keepers/:id/animals/:animal_iid", rule=OWN)
def delete_animal(call: dsl.Call, animal: Animal) -> None:
    """Delete an animal."""
    call.store.delete(animal)


ORDER = dsl.order("id", "name", "created_at", default="created_at")


@api.get("animals", shape=ANIMAL, filters=[ORDER], keyset=("name", "id"))
def list_all_animals(call: dsl.Call) -> Query[Animal]:
    """List every animal, by cursor too."""
    return call.store[Animal].all()


ID_AFTER = [
    dsl.by("id_after", int, "After", lambda query, id, call: query.filter(lambda row: row.id > id, ("after", id))),
    dsl.by("id_before", int, "Before", lambda query, id, call: query.filter(lambda row: row.id < id, ("before", id))),
]


@api.get("zoo", shape=ANIMAL, filters=[ORDER, *ID_AFTER], keyset=("id",))
def list_zoo(call: dsl.Call) -> Query[Animal]:
    """List every animal, by id too."""
    return call.store[Animal].all()


@api.get("words")
def list_words() -> list[str]:
    """List what is kept nowhere."""
    return ["one", "two", "three"]


@api.put("echo")
@api.post("echo", success=200)
@api.get("echo")
@api.delete("echo", success=200)
def echo(call: dsl.Call) -> dict[str, Any]:
    """Show what was sent."""
    return {"sent": call.sent}


@api.get("me", rule=USER)
def show_me(call: dsl.Call) -> dict[str, Any]:
    """Show who asks."""
    return {"username": call.user.username}


@api.post("early", rule=ROOT)
def early(call: dsl.Call, word: str) -> dict[str, Any]:
    """Do what only the first may do."""
    return {"word": word}


@api.post("break")
def break_down(call: dsl.Call) -> None:
    """Write, and fail."""
    call.store.insert(Animal(keeper_id=1, name="lost"))
    raise ZeroDivisionError("this is broken")


@api.get("raw")
def show_raw() -> dsl.Raw:
    """Show what is no JSON."""
    return dsl.Raw(b"\x00\x01", "application/octet-stream", headers={"X-Kind": "raw"})


@api.get("files/*path")
def show_file(path: str) -> dict[str, Any]:
    """Show a path."""
    return {"path": path}


@api.get("nothing")
def show_nothing() -> Any:
    """Say that nothing changed."""
    return dsl.present(None, status=304)


api.known(["GET /later", "POST /keepers/:id/later"])


def identify(call: dsl.Call, credentials: Iterable[dsl.Credential]) -> None:
    for credential in credentials:
        user = call.store[Keeper].find(username=credential.secret.removesuffix("-token"))
        if user is None:
            raise Unauthorized(reason="unknown token")
        call.user = user
        return


DEFINITIONS = dsl.Definitions(
    dsl.Tables({"v4": api.table}),
    {"v4": ("/api/v4",)},
    dsl.Collections(()),
    identify,
    lambda call: None,
    lambda store: None,
)


class Answer(TestResponse):
    """An answer whose JSON may be anything."""

    @property
    def json(self) -> Any:
        return self.get_json()


class Zoo:
    """The tiny API over a store with ada (1), bob (2), and some animals of ada's."""

    def __init__(self, animals: int = 3, stubs: tuple[Stub, ...] = (), **settings: Any) -> None:
        limits = {key: settings.pop(key) for key in list(settings) if key in Limits.__dataclass_fields__}
        store = dsl.Store(Settings(limits=Limits(**limits), **settings))
        for name in ("ada", "bob"):
            store.insert(Keeper(username=name))
        for number in range(animals):
            store.insert(Animal(keeper_id=1, name=f"animal {number + 1:02}", tags=("odd",) if number % 2 == 0 else ()))
        self.errors: list[BaseException] = []
        self.worlds = Worlds(store, Script(stubs))
        self.app = make_gateway(self.worlds, DEFINITIONS, self.errors.append).app
        self.client = Client(self.app, Answer)

    @property
    def store(self) -> dsl.Store:
        return self.worlds.main.store

    def call(self, method: str, path: str, as_: str | None = None, headers: Any = None, **options: Any) -> Answer:
        sent = {"Private-Token": f"{as_}-token", **(headers or {})} if as_ else dict(headers or {})
        url = path if path.startswith("/") else f"/api/v4/{path}"
        answer = self.client.open(url, method=method, headers=sent, **options)
        assert isinstance(answer, Answer)
        return answer

    def get(self, path: str, as_: str | None = None, **options: Any) -> Answer:
        return self.call("GET", path, as_, **options)

    def post(self, path: str, as_: str | None = "ada", **options: Any) -> Answer:
        return self.call("POST", path, as_, **options)
