import base64
import json
from urllib.parse import parse_qsl

import pytest

from mockgitlab.report.har import to_har
from mockgitlab.report.journal import json_lines
from mockgitlab.report.masking import masked_headers, masked_text, masked_value
from mockgitlab.web.parameters import UploadedFile
from tests.support import Api

SECRET = "ada-token"


def everything(api: Api) -> str:
    entries = list(api.server.journal)
    return json_lines(entries) + json.dumps(to_har(entries)) + "".join(map(str, entries))


BASIC = base64.b64encode(b"ada:ada-token").decode()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("projects", {"Private-Token": SECRET}),
        ("projects", {"Authorization": f"Bearer {SECRET}"}),
        ("projects", {"Authorization": f"Basic {BASIC}"}),
        (f"projects?private_token={SECRET}&per_page=1", {}),
        (f"projects?access_token={SECRET}", {}),
        (f"projects?job_token={SECRET}", {}),
        ("projects", {"Job-Token": SECRET}),
        ("projects", {"Cookie": f"_gitlab_session={SECRET}"}),
        (f"no-route?private_token={SECRET}", {}),
    ],
)
def test_the_secret_of_a_request_is_nowhere_in_the_journal(api: Api, path: str, headers: dict[str, str]) -> None:
    place, _, query = path.partition("?")
    api.request("GET", place, None, headers=headers, **dict(parse_qsl(query)))
    [entry] = api.server.journal
    told = everything(api)
    assert (SECRET not in told, BASIC not in told, entry.status < 500) == (True, True, True)


def test_a_secret_in_a_body_is_hidden(api: Api) -> None:
    api.post("users", "root", username="new", email="n@example.com", name="N", password="correct horse battery")
    [entry] = api.server.journal
    assert (entry.status, entry.parameters["password"]) == (201, "***")
    assert "correct horse" not in everything(api)


def test_the_value_of_a_variable_is_hidden_wherever_it_stands(api: Api) -> None:
    for sent in ({"value": "vAlUe-123456"}, {"value": "short"}):
        assert api.post("projects/1/variables", "ada", key=f"KEY_{len(sent['value'])}", **sent).status == 201
        entry = api.server.journal[-1]
        assert entry.parameters["value"] == "***"
    [first, second] = api.server.journal
    assert "vAlUe-123456" not in json.dumps(first.to_line())
    assert api.post("projects/1/issues", "ada", title="value", value="seen").status == 201
    assert api.server.journal[-1].parameters["value"] == "seen"
    assert second.parameters["key"] == "KEY_5"


def test_a_minted_token_is_hidden_where_the_answer_tells_it(api: Api) -> None:
    created = api.post("users/2/personal_access_tokens", "root", name="bot", scopes=["api"], expires_at="2024-06-01")
    assert created.json["token"].startswith("glpat-")
    assert '"token":"***"' in api.server.journal[0].text
    assert created.json["token"] not in everything(api)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('{"token":"abc","name":"n"}', '{"token":"***","name":"n"}'),
        ('{"runners_token": "a\\"b", "x": 1}', '{"runners_token": "***", "x": 1}'),
        ('{"token":"cut of', '{"token":"***"'),
        ('{"push_token":false,"token_id":5}', '{"push_token":false,"token_id":5}'),
        ("/x?private_token=abc&page=2", "/x?private_token=***&page=2"),
        ("see glpat-abcdefghij0123456789, ok", "see ***, ok"),
        ("glossary-of-many-words", "glossary-of-many-words"),
    ],
)
def test_secrets_are_found_in_texts(text: str, masked: str) -> None:
    assert masked_text(text) == masked


def test_a_short_secret_is_hidden_by_its_place_alone() -> None:
    assert masked_headers([("Private-Token", "t"), ("X", "tea")], ["t"]) == [("Private-Token", "***"), ("X", "tea")]


def test_files_are_told_by_their_size() -> None:
    sent = {"file": UploadedFile("logo.png", "image/png", b"12345"), "list": [{"secret": "s", "n": 1}], "none": None}
    assert masked_value(sent) == {"file": "<logo.png: 5 bytes>", "list": [{"secret": "***", "n": 1}], "none": None}
