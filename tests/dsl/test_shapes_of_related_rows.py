from mockgitlab import dsl
from mockgitlab.store import Settings, Store


class Star(dsl.Entity):
    id: int = dsl.serial()
    name: str = dsl.required("The name")
    price: int = dsl.readonly(default=3, edition="ee")

    @dsl.computed
    def label(self, view: dsl.View) -> str:
        """The name, written large."""
        return self.name.upper()


class Planet(dsl.Entity):
    id: int = dsl.serial()
    star_id: int = dsl.parent("Star")
    rank: int = dsl.required("The rank")


STAR = Star.shape("id", "name", "label", "price")
PLANET = STAR.of(lambda planet, view: view.store[Star][planet.star_id]).plus("rank", entity=Planet)


def render(edition: str) -> dict[str, object]:
    store = Store(Settings(edition=edition))  # type: ignore[arg-type]
    star = store.insert(Star(id=7, name="sol"))
    planet = store.insert(Planet(star_id=star.id, rank=3))
    return PLANET.render(planet, dsl.View(store, "http://localhost"))


def test_a_row_shows_the_properties_of_another_as_its_own() -> None:
    assert render("ee") == {"id": 7, "name": "sol", "label": "SOL", "price": 3, "rank": 3}


def test_what_exists_in_one_edition_stays_so_in_the_shape_of_a_related_row() -> None:
    assert render("ce") == {"id": 7, "name": "sol", "label": "SOL", "rank": 3}
