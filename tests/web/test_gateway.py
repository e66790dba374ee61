from tests.support import Api, names


def test_an_answer_is_not_given_again_to_another_query_when_the_uri_holds_no_query(api: Api) -> None:
    assert names(api.get("namespaces", search="labs"), "path") == ["labs"]
    assert names(api.get("namespaces", search="open"), "path") == ["open"]
