import pytest

from tests.support import Api

EVERYWHERE = pytest.mark.parametrize("path", ["users/3", "groups/1", "projects/1"])


@EVERYWHERE
def test_a_custom_attribute_is_set_shown_and_deleted(api: Api, path: str) -> None:
    made = api.put(f"{path}/custom_attributes/team", value="blue")
    assert (made.status, made.json) == (200, {"key": "team", "value": "blue"})
    api.put(f"{path}/custom_attributes/size", value="5")
    assert api.put(f"{path}/custom_attributes/team", value="red").json == {"key": "team", "value": "red"}
    listed = api.get(f"{path}/custom_attributes").json
    assert listed == [{"key": "team", "value": "red"}, {"key": "size", "value": "5"}]
    assert api.get(f"{path}/custom_attributes/team").json == {"key": "team", "value": "red"}
    assert api.delete(f"{path}/custom_attributes/team").status == 204
    assert api.get(f"{path}/custom_attributes").json == [{"key": "size", "value": "5"}]


@EVERYWHERE
def test_an_unknown_custom_attribute_is_not_found(api: Api, path: str) -> None:
    shown = api.get(f"{path}/custom_attributes/none")
    assert (shown.status, shown.json) == (404, {"message": "404 Not found"})
    deleted = api.delete(f"{path}/custom_attributes/none")
    assert (deleted.status, deleted.json) == (404, {"message": "404 Custom attribute Not Found"})


@EVERYWHERE
def test_custom_attributes_are_for_administrators(api: Api, path: str) -> None:
    assert api.get(f"{path}/custom_attributes", "ada").json == {"message": "403 Forbidden"}
    assert api.get(f"{path}/custom_attributes/a", "ada").status == 403
    assert api.put(f"{path}/custom_attributes/a", "ada", value="1").status == 403
    assert api.delete(f"{path}/custom_attributes/a", "ada").status == 403
    assert api.get(f"{path}/custom_attributes", None).status == 401


def test_a_value_is_demanded(api: Api) -> None:
    answer = api.put("users/3/custom_attributes/a")
    assert (answer.status, answer.json) == (400, {"message": '400 (Bad request) "value" not given'})


def test_an_unknown_bearer_is_not_found(api: Api) -> None:
    assert api.get("users/99/custom_attributes").json == {"message": "404 User Not Found"}
