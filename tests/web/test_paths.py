from typing import Any

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, EnvironBuilder

from mockgitlab.web.paths import canonical, normalise, plain_path, raw_path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "/"),
        ("/", "/"),
        ("//", "/"),
        ("a", "/a"),
        ("/a//b///c/", "/a/b/c"),
        ("/a%2F%2Fb/", "/a%2F%2Fb"),
        ("/.json", "/.json"),
    ],
)
def test_a_normalised_path_has_single_slashes_and_none_at_the_end(path: str, expected: str) -> None:
    assert normalise(path) == expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"REQUEST_URI": "/a%2Fb?c=/d", "PATH_INFO": "/a/b"}, "/a%2Fb"),
        ({"RAW_URI": "/a%2Fb?c", "PATH_INFO": "/a/b"}, "/a%2Fb"),
        ({"REQUEST_URI": "http://host:80/a%2Fb?c=://", "PATH_INFO": "/a/b"}, "/a%2Fb"),
        ({"REQUEST_URI": "http://host", "PATH_INFO": "/"}, "/"),
        ({"REQUEST_URI": "//a//b", "PATH_INFO": "//a//b"}, "//a//b"),
        ({"REQUEST_URI": "/\xc3\xa9%20", "PATH_INFO": "/\xc3\xa9 "}, "/%C3%A9%20"),
        ({"REQUEST_URI": "*", "PATH_INFO": ""}, "/"),
        ({"PATH_INFO": "/a b/100%/\xc3\xa9/@c:d"}, "/a%20b/100%25/%C3%A9/@c:d"),
        ({"PATH_INFO": ""}, "/"),
        ({}, "/"),
    ],
)
def test_the_raw_path_is_what_the_client_sent(environ: dict[str, str], expected: str) -> None:
    assert raw_path(environ) == expected


@pytest.mark.parametrize(
    ("mount", "uri", "path_info", "expected"),
    [
        ("/gitlab", "/gitlab/a%2Fb?c", "/a/b", "/a%2Fb"),
        ("/git lab/x", "/git%20lab/x/a%2Fb", "/a/b", "/a%2Fb"),
        ("/x/y", "/x%2Fy/a%2Fb", "/a/b", "/a%2Fb"),
        ("/gitlab", "/gitlab", "", "/"),
        ("/gitlab", "/gitlab/", "/", "/"),
        ("/gitlab", "/gitlab/gitlab/a", "/gitlab/a", "/gitlab/a"),
        ("/gitlab", "/a%2Fb", "/a/b", "/a%2Fb"),
        ("/gitlab", "/elsewhere/a%2Fb", "/a/b", "/a%2Fb"),
        ("/gitlab", "/gitlab/c%2Fd", "/a/b", "/a/b"),
        ("/gitlab", "", "/a b", "/a%20b"),
    ],
)
def test_the_raw_path_begins_below_the_mount_point(mount: str, uri: str, path_info: str, expected: str) -> None:
    assert raw_path({"SCRIPT_NAME": mount, "REQUEST_URI": uri, "PATH_INFO": path_info}) == expected


def test_the_raw_path_survives_werkzeugs_dispatcher_and_test_client() -> None:
    seen = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(raw_path(environ))
        start_response("204 No Content", [])
        return []

    Client(application).get("/projects/a%2Fb?c=1")
    Client(DispatcherMiddleware(application, {"/gitlab": application})).get("/gitlab/projects/a%2Fb")
    Client(application).get("http://localhost/projects/é")
    assert seen == ["/projects/a%2Fb", "/projects/a%2Fb", "/projects/%C3%A9"]


def test_the_raw_path_survives_a_base_url() -> None:
    environ = EnvironBuilder("/projects/a%2Fb", base_url="http://localhost/gitlab").get_environ()
    assert raw_path(environ) == "/projects/a%2Fb"


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/a/b", "/a/b"),
        ("/%61/%7A%41%39%2D%5f", "/a/zA9-_"),
        ("/a%2fb%2Ejson%7e%e9", "/a%2Fb%2Ejson%7E%E9"),
        ("/100%/%zz", "/100%/%zz"),
    ],
)
def test_a_plain_path_encodes_what_must_be_encoded_alone(path: str, plain: str) -> None:
    assert plain_path(path) == plain


@pytest.mark.parametrize("other", ["/a%2fb/c", "//a%2Fb//c/", "/%61%2Fb/c"])
def test_paths_that_are_written_otherwise_mean_the_same(other: str) -> None:
    assert canonical("/a%2Fb/c") == canonical(other)


@pytest.mark.parametrize("other", ["/a/b/c", "/a%2Fb/C", "/a%252Fb/c"])
def test_paths_that_mean_something_else_do_not(other: str) -> None:
    assert canonical("/a%2Fb/c") != canonical(other)
