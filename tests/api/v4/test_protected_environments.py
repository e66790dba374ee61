from typing import Any

import pytest

from tests.api.v4.repositories import sha, world
from tests.support import Answer, Api, names, refused, seen

AT = "projects/1/protected_environments"
IN_GROUP = "groups/1/protected_environments"
DEPLOYMENTS = "projects/1/deployments"
MAINTAINERS = {"access_level": 40}
ROLE = {"access_level": 40, "access_level_description": "Maintainers", "user_id": None, "group_id": None}
DIRECT = {"group_inheritance_type": 0}
SHORT = "Deploy access levels is too short (minimum is 1 character)"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def protect(api: Api, at: str = AT, as_: str = "ada", **given: Any) -> Answer:
    return api.post(at, as_, **{"name": "production", "deploy_access_levels": [MAINTAINERS], **given})


def deploy(api: Api, as_: str, environment: str = "production", **given: Any) -> Answer:
    usual = {"sha": sha(api), "ref": "main", "tag": False, "status": "running"}
    return api.post(DEPLOYMENTS, as_, environment=environment, **{**usual, **given})


def decide(api: Api, as_: str, status: str = "approved", **given: Any) -> Answer:
    return api.post(f"{DEPLOYMENTS}/10001/approval", as_, status=status, **given)


# Protecting


@pytest.mark.parametrize("at", [AT, IN_GROUP])
def test_an_environment_is_protected_shown_and_unprotected(api: Api, at: str) -> None:
    made = protect(api, at, approval_rules=[{"user_id": 2, "required_approvals": 2}])
    rule = {
        "id": 1,
        "user_id": 2,
        "group_id": None,
        "access_level": None,
        "access_level_description": "Ada Lovelace",
        "required_approvals": 2,
        **DIRECT,
    }
    shown = {
        "name": "production",
        "deploy_access_levels": [{"id": 1, **ROLE, **DIRECT}],
        "required_approval_count": 0,
        "approval_rules": [rule],
    }
    assert seen(made) == (201, shown)
    assert seen(api.get(f"{at}/production", "ada")) == (200, shown)
    assert seen(api.get(at, "ada")) == (200, [shown])
    assert api.delete(f"{at}/production", "ada").status == 204
    assert seen(api.get(f"{at}/production", "ada")) == (404, {"message": "404 Not found"})


def test_roles_are_described_as_far_as_gitlab_does(api: Api) -> None:
    made = protect(api, deploy_access_levels=[{"access_level": level} for level in (20, 30, 40, 60)])
    described = [one["access_level_description"] for one in made.json["deploy_access_levels"]]
    assert described == [None, "Developers + Maintainers", "Maintainers", None]


def test_lists_go_by_name(api: Api) -> None:
    for name in ("staging", "production"):
        protect(api, name=name)
    assert names(api.get(AT, "ada")) == ["production", "staging"]


def test_maintainers_protect_in_projects_and_owners_in_groups(api: Api) -> None:
    protect(api)
    for method, at in (("GET", AT), ("GET", f"{AT}/production"), ("GET", IN_GROUP), ("DELETE", f"{AT}/production")):
        assert api.request(method, at, "bob").status == 403
    assert protect(api, as_="bob").status == protect(api, IN_GROUP, "bob").status == 403
    assert api.get(f"{AT}/nowhere", "bob").status == 403
    assert seen(api.get(AT, "nora")) == (404, {"message": "404 Project Not Found"})
    assert seen(api.get(AT, None)) == (401, {"message": "401 Unauthorized"})


def test_the_community_edition_protects_nothing() -> None:
    api = Api({**world(), "gitlab": {"edition": "ce"}})
    assert api.get(AT, "ada").status == protect(api).status == 404


def test_an_environment_is_protected_once(api: Api) -> None:
    protect(api)
    protect(api, IN_GROUP)
    assert seen(protect(api)) == (409, {"message": "Environment 'production' is already protected"})
    told = "Protected environment 'production' already exists"
    assert seen(protect(api, IN_GROUP)) == (409, {"message": told})


def test_groups_protect_tiers(api: Api) -> None:
    told = "Name must be one of environment tiers: production, staging, testing, development, other."
    assert seen(protect(api, IN_GROUP, name="live")) == (422, {"message": [told]})


def test_what_protects_nothing_is_refused(api: Api) -> None:
    one = "Deploy access levels base Exactly one of access_level, group_id, user_id must be present"
    deprecated = (
        "Parameter 'required_approval_count' is deprecated and shouldn't be used. "
        "See https://gitlab.com/groups/gitlab-org/-/epics/9662"
    )
    assert seen(protect(api, deploy_access_levels=[])) == (422, {"message": [SHORT]})
    assert seen(protect(api, deploy_access_levels=[{"access_level": 40, "user_id": 2}])) == (422, {"message": [one]})
    assert seen(protect(api, required_approval_count=1)) == (422, {"message": deprecated})
    assert seen(protect(api, approval_rules=[{"access_level": 30, "required_approvals": 6}])) == (
        422,
        {"message": ["Approval rules required approvals must be less than or equal to 5"]},
    )
    assert refused(api.post(AT, "ada", name="x")) == '400 (Bad request) "deploy_access_levels" not given'
    nobody = ", ".join(f"approval_rules[0][{name}]" for name in ("access_level", "user_id", "group_id"))
    assert protect(api, approval_rules=[{"required_approvals": 1}]).json == {
        "error": f"{nobody} are missing, at least one parameter must be provided"
    }
    wrong = protect(api, deploy_access_levels=[{"access_level": 10}])
    assert wrong.json == {"error": "deploy_access_levels[0][access_level] does not have a valid value"}
    assert api.get(AT, "ada").json == []


def test_who_has_nothing_to_do_with_a_project_is_passed_over(api: Api) -> None:
    outside = [{"user_id": 6}, {"user_id": 4}, {"group_id": 3}, {"user_id": 99}]
    assert seen(protect(api, deploy_access_levels=outside)) == (422, {"message": [SHORT]})
    api.post("projects/1/share", "ada", group_id=3, group_access=30)
    made = protect(api, deploy_access_levels=[*outside, {"user_id": 3}]).json
    assert [one["access_level_description"] for one in made["deploy_access_levels"]] == ["open", "Bob Kahn"]


def test_groups_name_their_maintainers_and_subgroups(api: Api) -> None:
    given = [{"user_id": 2}, {"user_id": 3}, {"group_id": 2}, {"group_id": 3}]
    made = protect(api, IN_GROUP, deploy_access_levels=given).json
    assert [one["access_level_description"] for one in made["deploy_access_levels"]] == ["Ada Lovelace", "labs"]


# Changing


@pytest.mark.parametrize("at", [AT, IN_GROUP])
def test_what_protects_is_changed(api: Api, at: str) -> None:
    protect(api, at, approval_rules=[{"access_level": 30}])
    at = f"{at}/production"
    changed = api.put(at, "ada", deploy_access_levels=[{"id": 1, "user_id": 2}, {"access_level": 30}])
    assert changed.status == 200
    levels = [(one["id"], one["access_level"], one["user_id"]) for one in changed.json["deploy_access_levels"]]
    assert levels == [(1, None, 2), (2, 30, None)]
    changed = api.put(at, "ada", approval_rules=[{"id": 1, "required_approvals": 3}])
    assert changed.json["approval_rules"][0]["required_approvals"] == 3
    taken = api.put(at, "ada", approval_rules=[{"id": 1, "_destroy": True}], deploy_access_levels=[])
    assert taken.json["approval_rules"] == []
    assert seen(api.put(at, "ada", approval_rules=[{"id": 9}])) == (404, {"message": "404 Not found"})
    assert api.put(at, "bob", approval_rules=[]).status == 403


def test_the_documents_take_the_last_deployer_away_and_the_source_does_not(api: Api) -> None:
    protect(api)
    last = {"deploy_access_levels": [{"id": 1, "_destroy": True}]}
    assert api.put(f"{AT}/production", "ada", **last).json["deploy_access_levels"] == []
    live = Api({**world(), "gitlab": {"errors": "observed"}})
    protect(live)
    assert seen(live.put(f"{AT}/production", "ada", **last)) == (422, {"message": [SHORT]})


# Deploying


def test_only_those_who_may_deploy_to_a_protected_environment(api: Api) -> None:
    protect(api)
    assert seen(deploy(api, "bob")) == (403, {"message": "403 Forbidden"})
    assert deploy(api, "bob", "staging").status == 201
    assert deploy(api, "ada").status == deploy(api, "root").status == 201


def test_users_and_groups_deploy() -> None:
    levels = [{"user": "bob"}, {"group": "open"}, {"group": "acme", "group_inheritance_type": 1}]
    for place, allowed in enumerate([("bob",), ("root",), ("bob", "ada")]):
        protections = [{"name": "production", "deploy_access_levels": [levels[place]]}]
        api = Api(world(protected_environments=protections))
        done = {name: deploy(api, name).status for name in ("ada", "bob", "root")}
        assert done == {name: 201 if name in (*allowed, "root") else 403 for name in done}


def test_a_group_guards_the_environments_of_a_tier(api: Api) -> None:
    protect(api, IN_GROUP)
    assert deploy(api, "bob", "live").status == 403
    assert deploy(api, "bob", "staging").status == 201
    assert deploy(api, "ada", "live").status == 201


def test_protected_environments_are_not_stopped_or_deleted_by_others() -> None:
    api = Api(world(protected_environments=[{"name": "production"}], environments=[{"name": "production"}]))
    at = "projects/1/environments/1"
    assert api.post(f"{at}/stop", "bob").status == 403
    assert api.post(f"{at}/stop", "ada").status == 200
    assert api.delete(at, "bob").status == 403
    assert api.delete(at, "ada").status == 204


# Approving


def test_deployments_are_approved(api: Api) -> None:
    protect(api, approval_rules=[{"access_level": 30, "required_approvals": 2}])
    deploy(api, "ada")
    made = decide(api, "bob", comment="Fine")
    shown = made.json
    assert shown.pop("user")["username"] == "bob"
    assert (made.status, shown) == (
        201,
        {"status": "approved", "created_at": "2024-05-01T09:00:00.000Z", "comment": "Fine"},
    )
    deployment = api.get(f"{DEPLOYMENTS}/10001", "rex").json
    assert deployment["pending_approval_count"] == 1
    assert deployment["approvals"] == [made.json]
    rule = api.get(f"{AT}/production", "ada").json["approval_rules"][0]
    assert deployment["approval_summary"] == {"rules": [{**rule, "deployment_approvals": [made.json]}]}


def test_who_decides_again_changes_the_decision(api: Api) -> None:
    protect(api, approval_rules=[{"access_level": 30}])
    deploy(api, "ada")
    decide(api, "bob", "rejected", comment="No")
    assert decide(api, "bob", "rejected", comment="Never").json["comment"] == "No"
    assert decide(api, "bob", comment="Well").json["comment"] == "Well"
    shown = api.get(f"{DEPLOYMENTS}/10001").json
    assert ([one["status"] for one in shown["approvals"]], shown["pending_approval_count"]) == (["approved"], 0)


def test_rules_are_chosen_by_name(api: Api) -> None:
    protect(api, approval_rules=[{"access_level": 30}, {"user_id": 3}])
    deploy(api, "ada")
    decide(api, "bob", represented_as="Bob")
    rules = api.get(f"{DEPLOYMENTS}/10001").json["approval_summary"]["rules"]
    assert [len(one["deployment_approvals"]) for one in rules] == [0, 1]
    told = (
        "There are no approval rules for the given `represent_as` parameter. Use a valid User/Group/Role name instead."
    )
    assert refused(decide(api, "bob", represented_as="Nobody")) == told


def test_what_cannot_be_approved(api: Api) -> None:
    deploy(api, "ada")
    assert refused(decide(api, "bob")) == "This environment is not protected."
    protect(api)
    own = (
        "You cannot approve your own deployment. "
        "This configuration can be adjusted in the protected environment settings."
    )
    assert refused(decide(api, "ada")) == own
    assert refused(decide(api, "bob")) == "Deployment approvals is not configured for this environment."
    api.put(f"{AT}/production", "ada", approval_rules=[{"user_id": 3}])
    told = "You don't have permission to approve this deployment. Contact the project or group owner for help."
    assert refused(decide(api, "rex")) == told
    decide(api, "bob")
    assert refused(decide(api, "root")) == "This deployment is not waiting for approvals."
    assert decide(api, "gil").status == 403
    assert decide(api, "bob", "maybe").json == {"error": "status does not have a valid value"}
    assert api.post(f"{DEPLOYMENTS}/9/approval", "bob", status="approved").status == 404


def test_own_deployments_are_approved_where_the_project_allows_it() -> None:
    rule = {"name": "production", "approval_rules": [{"access_level": "maintainer"}]}
    api = Api(world(protected_environments=[rule], allow_pipeline_trigger_approve_deployment=True))
    deploy(api, "ada")
    assert decide(api, "ada").status == 201
