"""States of Terraform driven as its backend ``http`` does: with its methods, its query and its authentication."""

import json
from typing import Any

import requests

INFO = {
    "ID": "7d9",
    "Operation": "OperationTypeApply",
    "Info": "",
    "Who": "bob@desk",
    "Version": "1.9.0",
    "Path": "",
    "Created": "2024-05-01T09:00:00Z",
}


def test_a_run_locks_reads_writes_and_unlocks(ada: Any) -> None:
    address = f"{ada.url}/api/v4/projects/acme%2Frocket/terraform/state/prod"
    session = requests.Session()
    session.auth = ("ada", "ada-token")
    with session:
        assert session.get(address).status_code == 404
        assert session.post(f"{address}/lock", json=INFO).status_code == 200
        state = {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "outputs": {}}
        headers = {"Content-Type": "application/json"}
        written = session.post(address, params={"ID": "7d9"}, data=json.dumps(state), headers=headers)
        assert (written.status_code, written.content) == (200, b"")
        assert session.get(address).json() == state
        assert session.delete(f"{address}/lock", json=INFO).status_code == 200
        assert session.post(f"{address}/lock", json=INFO).status_code == 200
