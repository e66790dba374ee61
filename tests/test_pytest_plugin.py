import pytest

pytest_plugins = ["pytester"]

SCENARIO = """
mockgitlab: 1
users: [{username: root, admin: true}, {username: ada}]
tokens: [{token: root-token, user: root, scopes: [api]}, {token: ada-token, user: ada, scopes: [api]}]
groups: [{path: NAME}]
"""
HELP = """
import json, urllib.request
import pytest

def groups(gitlab):
    request = urllib.request.Request(gitlab.url + "/api/v4/namespaces", headers={"PRIVATE-TOKEN": gitlab.token()})
    with urllib.request.urlopen(request) as answer:
        return {one["full_path"] for one in json.load(answer) if one["kind"] == "group"}
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    for name in ("acme", "other"):
        (pytester.path / f"{name}.yaml").write_text(SCENARIO.replace("NAME", name))
    pytester.makepyfile(helping=HELP)
    return pytester


def run(suite: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    suite.makepyfile(test_it=f"from helping import *\n{source}")
    return suite.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly", *options)


def test_without_a_scenario_a_fresh_instance_is_served(suite: pytest.Pytester) -> None:
    result = run(suite, "def test_fresh(mockgitlab): assert mockgitlab.token() and groups(mockgitlab) == set()")
    result.assert_outcomes(passed=1)


def test_the_mark_the_fixture_the_option_and_the_ini_value_name_the_scenario(suite: pytest.Pytester) -> None:
    suite.makeini("[pytest]\nmockgitlab_scenario = acme.yaml\n")
    source = """
def test_ini(mockgitlab): assert groups(mockgitlab) == {NAME}

@pytest.mark.mockgitlab(scenario="other.yaml")
def test_mark(mockgitlab): assert groups(mockgitlab) == {"other"}

@pytest.mark.mockgitlab(scenario={"mockgitlab": 1, "groups": [{"path": "inline"}], "tokens": [
    {"token": "t", "user": "root", "scopes": ["api"]}]})
def test_mapping(mockgitlab): assert groups(mockgitlab) == {"inline"}

class TestFixture:
    @pytest.fixture
    def mockgitlab_scenario(self): return ["acme.yaml", {"mockgitlab": 1, "groups": [{"path": "more"}]}]

    def test_override(self, mockgitlab): assert groups(mockgitlab) == {"acme", "more"}
"""
    run(suite, source.replace("NAME", '"acme"')).assert_outcomes(passed=4)
    option = run(suite, source.replace("NAME", '"other"'), "--mockgitlab-scenario=other.yaml", "--strict-markers")
    option.assert_outcomes(passed=4)


def test_each_test_begins_with_the_scenario_as_loaded(suite: pytest.Pytester) -> None:
    source = """
URLS = []

@pytest.mark.parametrize("turn", [1, 2])
def test_turn(mockgitlab, turn):
    URLS.append(mockgitlab.url)
    assert mockgitlab.store.today == "2024-05-01"
    mockgitlab.advance("1d")
    assert len(set(URLS)) == 1
"""
    run(suite, source, "--mockgitlab-scenario=acme.yaml").assert_outcomes(passed=2)


def test_further_servers_stop_at_the_end_of_the_test(suite: pytest.Pytester) -> None:
    source = """
URLS = []

def test_two(mockgitlab, make_mockgitlab):
    other = make_mockgitlab("other.yaml")
    URLS.append(other.url)
    assert (groups(mockgitlab), groups(other)) == (set(), {"other"})

def test_stopped():
    with pytest.raises(OSError):
        urllib.request.urlopen(URLS[0])
"""
    run(suite, source).assert_outcomes(passed=2)


def test_options_of_the_server_come_from_a_fixture(suite: pytest.Pytester) -> None:
    suite.makeconftest("""
import pytest

@pytest.fixture(scope="session")
def mockgitlab_config(): return {"intercept": "https://gitlab.com"}
""")
    run(suite, "def test_url(mockgitlab): assert mockgitlab.url == 'https://gitlab.com'").assert_outcomes(passed=1)


BROKEN = """
from mockgitlab.web import pipeline

@pytest.fixture
def broken(monkeypatch):
    def fail(*arguments): raise ZeroDivisionError("broken inside the server")
    monkeypatch.setattr(pipeline, "present", fail)
"""


def test_a_test_during_which_the_server_failed_fails_with_its_traceback(suite: pytest.Pytester) -> None:
    source = f"""{BROKEN}
def test_lenient(mockgitlab, broken):
    with pytest.raises(urllib.error.HTTPError):
        groups(mockgitlab)

def test_after(mockgitlab):
    assert groups(mockgitlab) == set()
"""
    result = run(suite, source)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError: broken inside the server"])


def test_a_failing_test_shows_what_failed_in_the_server(suite: pytest.Pytester) -> None:
    result = run(suite, f"{BROKEN}\ndef test_strict(mockgitlab, broken): groups(mockgitlab)")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*Captured mockgitlab call*", "*in fail*", "*ZeroDivisionError: broken inside the server"]
    )


def test_a_server_of_make_mockgitlab_is_watched_too(suite: pytest.Pytester) -> None:
    source = f"""{BROKEN}
def test_lenient(make_mockgitlab, broken):
    with pytest.raises(urllib.error.HTTPError):
        groups(make_mockgitlab())
"""
    run(suite, source).assert_outcomes(failed=1)


def test_a_wrong_scenario_is_told_with_its_place(suite: pytest.Pytester) -> None:
    (suite.path / "wrong.yaml").write_text("mockgitlab: 1\ngruops: []\n")
    result = run(suite, "def test_it(mockgitlab): pass", "--mockgitlab-scenario=wrong.yaml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*wrong.yaml:2:1*gruops*"])


@pytest.mark.parametrize("mark", ['mockgitlab("acme.yaml")', 'mockgitlab(scenrio="acme.yaml")'])
def test_a_mark_that_is_written_wrongly_is_an_error(suite: pytest.Pytester, mark: str) -> None:
    result = run(suite, f"@pytest.mark.{mark}\ndef test_it(mockgitlab): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the mark mockgitlab takes scenario, faults, traps, *, playback, not *"])


def test_workers_of_xdist_have_each_a_server(suite: pytest.Pytester) -> None:
    source = """
@pytest.mark.parametrize("turn", range(6))
def test_turn(mockgitlab, turn):
    assert mockgitlab.store.today == "2024-05-01"
    mockgitlab.advance("1d")
    assert groups(mockgitlab) == {"acme"}
"""
    result = run(suite, source, "-n", "2", "--dist=load", "--mockgitlab-scenario=acme.yaml")
    result.assert_outcomes(passed=6)


def test_pytests_start_loads_nothing_of_the_server(suite: pytest.Pytester) -> None:
    source = "import sys\ndef test_it(): assert not {'flask', 'yaml', 'mockgitlab.server'} & set(sys.modules)"
    run(suite, source).assert_outcomes(passed=1)


def test_help_names_the_option_and_the_fixtures(suite: pytest.Pytester) -> None:
    result = suite.runpytest_subprocess("--help")
    result.stdout.fnmatch_lines(["*--mockgitlab-scenario=PATH*", "*mockgitlab_scenario (string)*"])
    fixtures = suite.runpytest_subprocess("--fixtures")
    fixtures.stdout.fnmatch_lines_random(["mockgitlab -- *", "make_mockgitlab -- *"])


def test_a_failed_test_lists_its_refused_requests_with_reasons(suite: pytest.Pytester) -> None:
    source = """
def test_it(mockgitlab):
    for path in ("/api/v4/projects/acme/rocket", "/@box/api/v4/user"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(mockgitlab.url + path)
    assert groups(mockgitlab) == {"nothing"}

def test_passing(mockgitlab):
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(mockgitlab.url + "/api/v4/user")
"""
    result = run(suite, source, "--mockgitlab-scenario=acme.yaml")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*Captured mockgitlab call*",
            "refused requests: 2",
            "#1 GET /api/v4/projects/acme/rocket * 404: no route *%2F: /api/v4/projects/acme%2Frocket",
            "@box #1 GET /api/v4/user * 401 by nobody: GET /user needs a user; the request carries no token",
        ]
    )
    assert str(result.stdout).count("refused requests") == 1


def test_a_long_list_of_refused_requests_is_cut(suite: pytest.Pytester) -> None:
    source = """
def test_it(mockgitlab):
    for _ in range(25):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(mockgitlab.url + "/api/v4/user")
    assert False
"""
    run(suite, source).stdout.fnmatch_lines(["refused requests: 25", "*#20 *", "... and 5 more"])


def test_a_passed_test_fails_when_its_scenario_expected_something_else(suite: pytest.Pytester) -> None:
    expect = "\nexpect: [{on: GET /namespaces, times: 1}]\n"
    (suite.path / "acme.yaml").write_text(SCENARIO.replace("NAME", "acme") + expect)
    source = """
def test_met(mockgitlab): groups(mockgitlab)

def test_unmet(mockgitlab): groups(mockgitlab), groups(mockgitlab)
"""
    result = run(suite, source, "--mockgitlab-scenario=acme.yaml")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["expected GET /namespaces, once; it came 2 times", "  #1 GET /api/v4/namespaces *"])


def test_a_client_that_makes_more_requests_than_it_may_fails(suite: pytest.Pytester) -> None:
    source = """
@pytest.mark.mockgitlab(max_requests=1)
def test_it(mockgitlab): groups(mockgitlab), groups(mockgitlab)

@pytest.mark.mockgitlab(max_requests=2)
def test_enough(mockgitlab): groups(mockgitlab), groups(mockgitlab)
"""
    result = run(suite, source, "--mockgitlab-scenario=acme.yaml")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["the client made 2 requests, max_requests is 1; most often GET /namespaces (2)"])


def test_strict_fails_or_warns_of_what_gitlab_would_ignore(suite: pytest.Pytester) -> None:
    source = """
def ask(gitlab):
    headers = {"PRIVATE-TOKEN": gitlab.token()}
    urllib.request.urlopen(urllib.request.Request(gitlab.url + "/api/v4/namespaces?serch=x", headers=headers)).close()

@pytest.mark.mockgitlab(strict="fail")
def test_fail(mockgitlab): ask(mockgitlab)

@pytest.mark.mockgitlab(strict="warn")
def test_warn(mockgitlab): ask(mockgitlab)

def test_lenient(mockgitlab): ask(mockgitlab)
"""
    result = run(suite, source, "--mockgitlab-scenario=acme.yaml")
    result.assert_outcomes(failed=1, passed=2, warnings=1)
    result.stdout.fnmatch_lines(
        ["#1 GET /namespaces has no parameter serch, GitLab ignores it; did you mean search[?]"]
    )
    result.stdout.fnmatch_lines(["*UserWarning: mockgitlab: #1 GET /namespaces has no parameter serch*"])


TRAPPED = """
def status(gitlab):
    try:
        return urllib.request.urlopen(gitlab.url + "/api/v4/groups").status
    except urllib.error.HTTPError as error:
        return error.code

@pytest.mark.mockgitlab(traps=["html_429"])
def test_marked(mockgitlab):
    assert (mockgitlab.traps[0], status(mockgitlab)) == ("html_429", 429)

def test_unmarked(mockgitlab, make_mockgitlab):
    assert [status(mockgitlab), status(make_mockgitlab())] == [200, 200]
"""


def test_a_mark_sets_traps_for_its_test(suite: pytest.Pytester) -> None:
    run(suite, TRAPPED, "--mockgitlab-scenario=acme.yaml").assert_outcomes(passed=2)


def test_the_environment_sets_traps_for_every_test(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKGITLAB_TRAP", "bad_gateway")
    result = run(suite, TRAPPED, "--mockgitlab-scenario=acme.yaml")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*assert ('bad_gateway', 502) ==*", "*assert [[]502, 502[]] == [[]200, 200[]]*"])


def test_traps_of_the_environment_are_in_sandboxes_and_outlast_a_reset(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKGITLAB_TRAP", "sparse,no_totals")
    source = """
def test_it(mockgitlab):
    mockgitlab.reset()
    assert mockgitlab.traps == mockgitlab.sandbox("box").traps == ["sparse", "no_totals"]
"""
    run(suite, source).assert_outcomes(passed=1)


def test_the_marks_of_a_test_its_class_and_its_module_say_together_what_is_served(suite: pytest.Pytester) -> None:
    source = """
pytestmark = pytest.mark.mockgitlab(scenario="acme.yaml")

@pytest.mark.mockgitlab(max_requests=1)
class TestClass:
    def test_few(self, mockgitlab): groups(mockgitlab), groups(mockgitlab)

    @pytest.mark.mockgitlab(max_requests=2)
    def test_more(self, mockgitlab): assert groups(mockgitlab) == groups(mockgitlab) == {"acme"}
"""
    result = run(suite, source)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["the client made 2 requests, max_requests is 1; *"])


def test_a_mark_is_strict_by_one_of_two_words(suite: pytest.Pytester) -> None:
    result = run(suite, '@pytest.mark.mockgitlab(strict="yes")\ndef test_it(mockgitlab): pass')
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*strict of the mark mockgitlab is warn or fail, not 'yes'"])
