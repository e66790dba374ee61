"""The index of pages: it says what they say, and an operation is the same however few of them are imported."""

import re
import subprocess
import sys
from pathlib import Path

from mockgitlab.api import index
from mockgitlab.api.seeds import index as seeds

ROOT = Path(index.__file__).parents[1]
DECLARES = re.compile(r"^@(\w+\.)?(finishes|when_removed)\(", re.MULTILINE)
"""What declares how work in the background is finished, and what else is removed with a record."""
LATER = """
import sys
from contextlib import suppress
from mockgitlab.api.models.user import User
from mockgitlab.api.services import progress, removal
from mockgitlab.store import Settings, Store
with suppress(KeyError):
    progress.finishing("what nobody declares")
store = Store(Settings())
removal.remove(store, store.insert(User(username="ada")))
print(*sys.modules)
"""

ALONE = """
import sys
from mockgitlab.api import index
from mockgitlab.api.seeds import index as seeds
declared = index.declared("v4")
found = [(one, one.load()) for one in declared[::{step}]]
pages = len([name for name in sys.modules if name.startswith("mockgitlab.api.v4.")])
api = index.load("v4")
for one, operation in found:
    assert (operation.method, operation.path) == (one.method, one.path)
    assert operation.locators == api._locators_of(operation) or not operation.built, operation.key
    assert operation is one.load(), operation.key
print(pages, len(found), len(declared))
"""


def run(code: str) -> str:
    """Run code in a process that has imported no page yet."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_index_is_what_the_pages_say() -> None:
    written = run("from mockgitlab.api import index; print(index.written('v4'), end='')")
    assert written == index.place_of("v4").read_text(), "write it anew: python -m mockgitlab.api.index"


def test_operations_loaded_one_by_one_are_those_of_all_pages_together() -> None:
    for step in (1, -1):
        _, loaded, known = map(int, run(ALONE.format(step=step)).split())
        assert loaded == known > 1_400


def test_a_server_imports_no_page_before_a_request_needs_it() -> None:
    pages = "[name for name in sys.modules if name.startswith('mockgitlab.api.v4.project')]"
    code = (
        "import sys; from mockgitlab import MockGitLab\n"
        "from tests.support import Api\n"
        f"api = Api({{'mockgitlab': 1}}); print({pages})\n"
        f"assert api.get('projects', None).status == 200; print({pages})"
    )
    before, after = run(code).splitlines()
    assert (before, "mockgitlab.api.v4.projects" in after) == ("[]", True)


def test_whatever_declares_what_happens_later_is_found_when_it_happens() -> None:
    modules = {
        path: ".".join(("mockgitlab", *path.relative_to(ROOT).with_suffix("").parts)) for path in ROOT.rglob("*.py")
    }
    declaring = {name for path, name in modules.items() if DECLARES.search(path.read_text())}
    assert len(declaring) > 5
    assert declaring <= set(run(LATER).split())


def test_the_index_of_collections_is_what_the_seeds_say() -> None:
    written = run("from mockgitlab.api.seeds import index; print(index.written(), end='')")
    assert written == seeds.PLACE.read_text(), "write it anew: python -m mockgitlab.api.index"


def test_a_server_imports_only_the_seeds_that_its_scenario_needs() -> None:
    code = (
        "import sys\nfrom mockgitlab import MockGitLab\nMockGitLab({'mockgitlab': 1, 'users': [{'username': 'ada'}]})"
    )
    seeded = run(
        f"import sys\n{code}\nprint(*[name for name in sys.modules if name.startswith('mockgitlab.api.seeds.')])"
    )
    assert {name.rpartition(".")[2] for name in seeded.split()} == {"index", "users"}


def test_a_page_that_takes_operations_of_another_api_may_be_imported_first() -> None:
    pages = run(
        "import sys, mockgitlab.api.v3.branches\nprint(*[one for one in sys.modules if '.api.v4.' in one])"
    ).split()
    assert "mockgitlab.api.v4.branches" in pages
    assert "mockgitlab.api.v4.epics" not in pages
