"""CI/CD variables, trigger tokens and freeze periods driven with python-gitlab."""

from typing import Any

import gitlab
import pytest


def test_variables_of_a_project(rocket: Any) -> None:
    made = rocket.variables.create({"key": "HOST", "value": "a.example", "environment_scope": "production"})
    rocket.variables.create({"key": "HOST", "value": "b.example", "environment_scope": "staging"})
    with pytest.raises(gitlab.GitlabGetError, match="multiple variables with provided parameters") as refused:
        rocket.variables.get("HOST")
    assert refused.value.response_code == 409
    chosen = {"environment_scope": "staging"}
    assert rocket.variables.get("HOST", filter=chosen).value == "b.example"
    rocket.variables.update("HOST", {"value": "c.example", "filter": chosen})
    assert [one.value for one in rocket.variables.list(get_all=True)] == ["a.example", "c.example"]
    rocket.variables.delete("HOST", filter=chosen)
    assert rocket.variables.get("HOST").environment_scope == made.environment_scope


def test_hidden_variables_of_a_group(ada: Any) -> None:
    acme = ada.groups.get("acme")
    made = acme.variables.create({"key": "TOKEN", "value": "longenough", "masked_and_hidden": True})
    assert (made.value, made.masked, made.hidden) == (None, True, True)
    made.description = "Opens the door"
    made.save()
    assert acme.variables.get("TOKEN").description == "Opens the door"
    made.delete()
    assert acme.variables.list(get_all=True) == []


def test_variables_of_the_instance(root: Any, ada: Any) -> None:
    made = root.variables.create({"key": "HOST", "value": "a.example"})
    made.value = "b.example"
    made.save()
    assert root.variables.get("HOST").value == "b.example"
    with pytest.raises(gitlab.GitlabListError, match="403 Forbidden"):
        ada.variables.list()
    made.delete()
    assert root.variables.list(get_all=True) == []


def test_trigger_tokens(rocket: Any, bob: Any) -> None:
    made = rocket.triggers.create({"description": "Nightly"})
    made.description = "Daily"
    made.save()
    theirs = bob.projects.get("acme/rocket").triggers.get(made.id)
    assert (theirs.description, theirs.owner["username"]) == ("Daily", "ada")
    assert made.token.removeprefix("glptt-").startswith(theirs.token)
    with pytest.raises(gitlab.GitlabUpdateError, match="not authorized to update the pipeline trigger token"):
        theirs.save()
    theirs.delete()
    assert made.id not in [one.id for one in rocket.triggers.list(get_all=True)]


def test_freeze_periods_for_which_there_are_no_objects(ada: Any) -> None:
    at, weekend = "/projects/acme%2Frocket/freeze_periods", {"freeze_start": "0 23 * * 5", "freeze_end": "0 7 * * 1"}
    made = ada.http_post(at, post_data=weekend)
    changed = ada.http_put(f"{at}/{made['id']}", post_data={"cron_timezone": "Europe/Berlin"})
    assert ada.http_list(at, get_all=True) == [changed]
    with pytest.raises(gitlab.GitlabHttpError, match="is invalid syntax"):
        ada.http_post(at, post_data={**weekend, "freeze_end": "0 0 0 * *"})
    ada.http_delete(f"{at}/{made['id']}")
    assert ada.http_list(at, get_all=True) == []
