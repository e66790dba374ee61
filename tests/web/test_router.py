import re
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockgitlab.web.router import Match, Router, WrongMethod

GITLAB = """
    GET projects
    POST projects
    GET projects/:id
    PUT projects/:id
    POST projects/import
    GET projects/:project_id/issues
    POST projects/:id/issues
    GET projects/:id/issues/:issue_iid
    GET projects/:id/merge_requests/:merge_request_iid/notes
    GET projects/:id/repository/branches/:branch
    GET projects/:id/repository/files/*file_path
    GET projects/:id/repository/files/*file_path/raw
    GET projects/:id/packages/npm/*package_name
    GET projects/:id/packages/npm/*package_name/-/*file_name
    GET projects/:id/packages/generic/:name/*version/:file_name
    GET projects/:id/packages/cargo/config.json
    GET projects/:id/packages/helm/:channel/charts/:file_name.tgz
    GET dists/*distribution/:component/binary-:architecture/Packages
    GET nuget/Packages(Id=':name',Version=':version')
    HEAD runners
"""


def routed(routes: str | Iterable[tuple[str, str]] = GITLAB) -> Router[str]:
    router: Router[str] = Router()
    pairs = [line.split() for line in routes.split("\n") if line.strip()] if isinstance(routes, str) else routes
    for method, template in pairs:
        router.add(method, template, f"{method} {template}")
    return router


def route(path: str, method: str = "GET", router: Router[str] | None = None) -> tuple[str, dict[str, str]]:
    match = (router or routed()).match(method, path)
    assert isinstance(match, Match)
    assert match.value.endswith(" " + match.template)
    return match.template, match.parameters


@pytest.mark.parametrize(
    ("path", "template", "parameters"),
    [
        ("/projects", "projects", {}),
        ("projects/1", "projects/:id", {"id": "1"}),
        ("/projects/1/issues", "projects/:project_id/issues", {"project_id": "1"}),
        ("/projects/1/issues/2", "projects/:id/issues/:issue_iid", {"id": "1", "issue_iid": "2"}),
        ("//projects///1//", "projects/:id", {"id": "1"}),
        ("/projects/import", "projects/:id", {"id": "import"}),
        ("/projects/a%20b", "projects/:id", {"id": "a b"}),
        ("/projects/a+b", "projects/:id", {"id": "a+b"}),
        ("/projects/%C3%A9", "projects/:id", {"id": "é"}),
        ("/projects/é", "projects/:id", {"id": "é"}),
        ("/projects/a%00", "projects/:id", {"id": "a\0"}),
        ("/projects/100%", "projects/:id", {"id": "100%"}),
        ("/projects/a%252Fb", "projects/:id", {"id": "a%2Fb"}),
    ],
)
def test_a_path_takes_the_route_of_its_template(path: str, template: str, parameters: dict[str, str]) -> None:
    assert route(path) == (template, parameters)


@pytest.mark.parametrize("slash", ["%2F", "%2f"])
def test_a_slash_encoded_in_a_project_path_stays_one_segment(slash: str) -> None:
    assert route(f"/projects/acme{slash}tools{slash}rocket/issues")[1] == {"project_id": "acme/tools/rocket"}


@pytest.mark.parametrize("segment", ["%2E%2E", "%2e%2e", "%2e", "..", "."])
def test_dots_make_no_dot_segment(segment: str) -> None:
    assert route(f"/projects/{segment}")[1] == {"id": segment.replace("%2E", ".").replace("%2e", ".")}


@pytest.mark.parametrize(
    ("path", "template", "parameters"),
    [
        ("files/a", "files/*file_path", {"file_path": "a"}),
        ("files/src/a%2Fb.py", "files/*file_path", {"file_path": "src/a/b.py"}),
        ("files/src/a.py/raw", "files/*file_path/raw", {"file_path": "src/a.py"}),
        ("files/raw/raw", "files/*file_path/raw", {"file_path": "raw"}),
        ("files/raw", "files/*file_path", {"file_path": "raw"}),
        ("npm/@acme/ui", "npm/*package_name", {"package_name": "@acme/ui"}),
        (
            "npm/@acme/ui/-/ui/-/1.tgz",
            "npm/*package_name/-/*file_name",
            {"package_name": "@acme/ui", "file_name": "ui/-/1.tgz"},
        ),
        ("npm/ui/-", "npm/*package_name", {"package_name": "ui/-"}),
        ("npm/-/ui", "npm/*package_name", {"package_name": "-/ui"}),
        (
            "generic/:name/1/2/a.zip",
            "generic/:name/*version/:file_name",
            {"name": ":name", "version": "1/2", "file_name": "a.zip"},
        ),
    ],
)
def test_a_star_takes_as_few_segments_as_fit(path: str, template: str, parameters: dict[str, str]) -> None:
    place = "repository" if path.startswith("files") else "packages"
    assert route(f"projects/1/{place}/{path}") == (f"projects/:id/{place}/{template}", {"id": "1", **parameters})


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("projects/1/packages/helm/stable/charts/a.tgz.tgz", {"id": "1", "channel": "stable", "file_name": "a.tgz"}),
        (
            "dists/a/b/main/binary-x86%5F64/Packages",
            {"distribution": "a/b", "component": "main", "architecture": "x86_64"},
        ),
        ("nuget/Packages(Id='a',Version='1.0')", {"name": "a", "version": "1.0"}),
    ],
)
def test_a_parameter_may_be_part_of_a_segment(path: str, parameters: dict[str, str]) -> None:
    assert route(path)[1] == parameters


@pytest.mark.parametrize(
    "path",
    [
        "projects/1/packages/helm/stable/charts/.tgz",
        "dists/a/main/binary-/Packages",
        "nuget/Packages(Id='',Version='1.0')",
        "nuget/Packages(Id='a')",
        "nuget/Packages(Id='a',Version='1.0",
        "nuget/Packages(Id=')",
    ],
)
def test_a_parameter_is_never_empty(path: str) -> None:
    assert routed().match("GET", path) is None


@pytest.mark.parametrize("path", ["", "/", "/nope", "/projects/1/nope", "/projects/1/issues/2/3", "/project"])
def test_a_path_that_fits_no_template_is_not_found(path: str) -> None:
    assert routed().match("GET", path) is None


@pytest.mark.parametrize("path", ["/projects/%FF", "/projects/%ED%A0%80", "/projects/\ud800", "/projects/%C3/issues"])
def test_a_path_that_is_no_utf8_is_not_found(path: str) -> None:
    assert routed().match("GET", path) is None


@pytest.mark.parametrize("order", [1, -1])
def test_literal_text_goes_before_a_pattern_a_parameter_and_a_star_in_any_order(order: int) -> None:
    templates = ["a/b-c", "a/b-:rest", "a/:one", "a/*many"]
    router = routed([("GET", template) for template in templates[::order]])
    assert [route(f"a/{path}", router=router)[0] for path in ("b-c", "b-d", "c-d", "c/d")] == templates


def test_a_literal_branch_that_fails_gives_way_to_a_parameter() -> None:
    router = routed([("GET", "a/b/c"), ("GET", "a/:x/d"), ("GET", ":y/b/e"), ("GET", "*all")])
    assert route("a/b/d", router=router) == ("a/:x/d", {"x": "b"})
    assert route("a/b/e", router=router) == (":y/b/e", {"y": "a"})
    assert route("a/b/f", router=router) == ("*all", {"all": "a/b/f"})


def test_a_route_of_the_root_answers_the_root_alone() -> None:
    assert routed([("GET", "/"), ("GET", ":a")]).match("GET", "//") == Match("GET /", "", {})
    assert routed([("GET", ":a"), ("GET", "*b")]).match("GET", "/") is None


@pytest.mark.parametrize(
    ("path", "template", "parameters"),
    [
        ("/projects.json", "projects", {}),
        ("/projects.json/", "projects", {}),
        ("/projects/1.json", "projects/:id", {"id": "1"}),
        ("/projects/group%2Fproject.json", "projects/:id", {"id": "group/project"}),
        ("/projects/1.json.json", "projects/:id", {"id": "1.json"}),
        ("/projects/.json", "projects/:id", {"id": ".json"}),
        ("/projects/1%2Ejson", "projects/:id", {"id": "1.json"}),
        ("/projects/1.json/issues", "projects/:project_id/issues", {"project_id": "1.json"}),
        ("/projects/1.JSON", "projects/:id", {"id": "1.JSON"}),
        ("/projects/1/packages/cargo/config.json", "projects/:id/packages/cargo/config.json", {"id": "1"}),
        ("/projects/1/packages/cargo/config.json.json", "projects/:id/packages/cargo/config.json", {"id": "1"}),
        (
            "/projects/1/repository/files/a.json",
            "projects/:id/repository/files/*file_path",
            {"id": "1", "file_path": "a.json"},
        ),
    ],
)
def test_a_json_suffix_is_the_format_unless_a_literal_or_a_star_takes_it(
    path: str, template: str, parameters: dict[str, str]
) -> None:
    assert route(path) == (template, parameters)


def test_a_path_without_its_json_suffix_prefers_literal_text() -> None:
    router = routed([("GET", "projects/:id/:page"), ("GET", "projects/:id/issues")])
    assert route("projects/1/issues.json", router=router)[0] == "projects/:id/issues"


def test_a_route_may_keep_a_json_suffix_in_its_last_parameter() -> None:
    router: Router[int] = Router()
    router.add("GET", "wikis/:slug", 1, json_suffix=False)
    match = router.match("GET", "wikis/data.json")
    assert match == Match(1, "wikis/:slug", {"slug": "data.json"})


@pytest.mark.parametrize("path", ["/nope.json", "/.json", "/projects/1/.json", ".json"])
def test_a_json_suffix_finds_no_route_that_is_not_there(path: str) -> None:
    assert routed().match("GET", path) is None


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/projects", ("GET", "HEAD", "OPTIONS", "POST")),
        ("DELETE", "/projects/1", ("GET", "HEAD", "OPTIONS", "PUT")),
        ("DELETE", "/projects/import", ("GET", "HEAD", "OPTIONS", "POST", "PUT")),
        ("DELETE", "/projects/1/issues.json", ("GET", "HEAD", "OPTIONS", "POST")),
        ("OPTIONS", "/projects/1/issues/1", ("GET", "HEAD", "OPTIONS")),
        ("GET", "/runners", ("HEAD", "OPTIONS")),
        ("get", "/projects", ("GET", "HEAD", "OPTIONS", "POST")),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(method: str, path: str, allowed: tuple[str, ...]) -> None:
    assert routed().match(method, path) == WrongMethod(allowed)


def test_a_method_which_the_literal_branch_lacks_is_looked_for_in_the_others() -> None:
    assert route("/projects/import", "POST")[0] == "projects/import"
    assert route("/projects/import", "PUT") == ("projects/:id", {"id": "import"})


def test_head_takes_its_own_route_else_that_of_get() -> None:
    assert route("/projects/1", "HEAD") == ("projects/:id", {"id": "1"})
    router = routed([("GET", "a"), ("HEAD", "a")])
    match = router.match("HEAD", "a")
    assert isinstance(match, Match)
    assert match.value == "HEAD a"


@pytest.mark.parametrize(
    ("template", "wording"),
    [
        ("projects/:other", "GET projects/:other takes the same paths as GET projects/:id"),
        ("a//b", "the template 'a/' has an empty segment"),
        ("a/:x/b/:x", "the template 'a/:x/b/:x' has two parameters of one name"),
        ("a/:x:y", "two parameters of the segment ':x:y' have no text between them"),
    ],
)
def test_a_template_that_cannot_be_added_is_refused(template: str, wording: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wording)):
        routed().add("GET", template, "")


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/projects/12/isues/3", "projects/:id/issues/:issue_iid"),
        ("/project", "projects"),
        ("/projects/acme%2Frocket/merge_request/1/note", "projects/:id/merge_requests/:merge_request_iid/notes"),
        ("/projects/issues", "projects/:project_id/issues"),
        ("/projects/1/repository/file/a", "projects/:id/repository/files/*file_path"),
    ],
)
def test_the_nearest_template_is_the_one_that_was_meant(path: str, template: str) -> None:
    nearest = routed().nearest(path)
    assert nearest[0] == template
    assert len(nearest) <= 3


def test_a_path_like_nothing_has_no_nearest_template() -> None:
    assert routed().nearest("/wp-admin/setup.php") == []


GITLAB_ROUTER = routed()


@given(st.sampled_from(["GET", "HEAD", "DELETE"]) | st.text(), st.text() | st.text("abprojects/-%2Ff.json:*\ud800"))
@example("GET", "a/" * 5_000)
@example("GET", "projects/1/packages/npm/" + "-/" * 5_000 + "%FF")
def test_any_path_whatever_is_matched_or_not(method: str, path: str) -> None:
    match = GITLAB_ROUTER.match(method, path)
    if isinstance(match, Match):
        assert all(value and value.encode() for value in match.parameters.values())
    assert len(GITLAB_ROUTER.nearest(path)) <= 3


segments = st.sampled_from(["a", "b", "a-b", ":", "*", "a-:"])
templates = st.lists(st.lists(segments, min_size=1, max_size=5), min_size=1, max_size=6)
paths = st.lists(st.sampled_from(["a", "b", "a-b", "a-", "%2F", "c"]), max_size=6)


def named(template: list[str]) -> str:
    """A template whose parameters have names of their own."""
    return "/".join(re.sub("[:*]", rf"\g<0>n{place}", segment) for place, segment in enumerate(template))


def fits(template: str, path: str) -> bool:
    pattern = re.sub(r"\\\*\w+", "[^/]+(/[^/]+)*", re.sub(r":\w+", "[^/]+", re.escape(template)))
    return re.fullmatch(pattern, path) is not None


@given(templates, paths)
def test_a_route_is_found_exactly_where_some_template_fits(written: list[list[str]], path: list[str]) -> None:
    router = routed([("GET", template) for template in {named(template) for template in written}])
    raw = "/".join(path)
    match = router.match("GET", raw)
    if isinstance(match, Match):
        filled = re.sub(r"[:*](n\d)", lambda name: match.parameters[name[1]], match.template)
        assert filled == raw.replace("%2F", "/")
        assert fits(match.template, raw)
    else:
        assert not any(fits(named(template), raw) for template in written)
