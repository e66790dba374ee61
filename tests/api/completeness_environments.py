"""The calls of operations on environments, deployments and feature flags, and where there are some to read."""

from typing import Any

AT, CODE = "projects/:id", "projects/root%2Fcode"
FLAG = {"name": "f1", "strategies": [{"name": "default", "parameters": {}, "scopes": [{"environment_scope": "*"}]}]}
DEPLOYED = {"environment": "production", "sha": "main", "ref": "main", "tag": False, "status": "running"}
USERS = {"name": "Beta", "user_xids": "u1"}
DEVELOPERS = [{"access_level": 30}]
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    (f"POST /{AT}/environments", f"{CODE}/environments", "root", {"name": "production"}),
    (f"PUT /{AT}/environments/:environment_id", f"{CODE}/environments/1", "root", {"description": "d"}),
    (
        f"POST /{AT}/protected_environments",
        f"{CODE}/protected_environments",
        "root",
        {"name": "production", "deploy_access_levels": DEVELOPERS, "approval_rules": DEVELOPERS},
    ),
    (
        f"POST /{AT}/protected_environments",
        f"{CODE}/protected_environments",
        "root",
        {"name": "a", "deploy_access_levels": DEVELOPERS},
    ),
    (f"POST /{AT}/deployments", f"{CODE}/deployments", "root", DEPLOYED),
    (f"POST /{AT}/deployments", f"{CODE}/deployments", "root", {**DEPLOYED, "environment": "other"}),
    (f"PUT /{AT}/deployments/:deployment_id", f"{CODE}/deployments/10001", "root", {"status": "success"}),
    (
        f"POST /{AT}/deployments/:deployment_id/approval",
        f"{CODE}/deployments/10001/approval",
        "root",
        {"status": "rejected", "comment": "No"},
    ),
    (f"POST /{AT}/environments", f"{CODE}/environments", "root", {"name": "review/one"}),
    (f"POST /{AT}/environments/:environment_id/stop", f"{CODE}/environments/3/stop", "root", {}),
    (f"POST /{AT}/feature_flags", f"{CODE}/feature_flags", "root", FLAG),
    (f"POST /{AT}/feature_flags", f"{CODE}/feature_flags", "root", {"name": "a1"}),
    (f"PUT /{AT}/feature_flags/:feature_flag_name", f"{CODE}/feature_flags/f1", "root", {"description": "d"}),
    (f"POST /{AT}/feature_flags_user_lists", f"{CODE}/feature_flags_user_lists", "root", USERS),
    (f"POST /{AT}/feature_flags_user_lists", f"{CODE}/feature_flags_user_lists", "root", {**USERS, "name": "Alpha"}),
    (f"PUT /{AT}/feature_flags_user_lists/:iid", f"{CODE}/feature_flags_user_lists/1", "root", {"name": "B"}),
]
"""Steps as those of ``completeness_world``; they need the project of those of repositories."""
READS = {
    f"{AT}/environments": f"{CODE}/environments",
    f"{AT}/deployments": f"{CODE}/deployments",
    f"{AT}/deployments/:deployment_id": f"{CODE}/deployments/10001",
    f"{AT}/feature_flags": f"{CODE}/feature_flags",
    f"{AT}/feature_flags/:feature_flag_name": f"{CODE}/feature_flags/f1",
    f"{AT}/feature_flags_user_lists": f"{CODE}/feature_flags_user_lists",
    f"{AT}/protected_environments": f"{CODE}/protected_environments",
    f"{AT}/protected_environments/:name": f"{CODE}/protected_environments/production",
}
"""Where there is something to read."""
