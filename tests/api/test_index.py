"""The index of pages: it says what they say, and an operation is the same however few of them are imported."""

import re
import subprocess
import sys
from pathlib import Path

from mockgitlab.api import index

ROOT = Path(index.__file__).parents[1]
DECLARES = re.compile(r"^@(\w+\.)?(finishes|when_removed)\(", re.MULTILINE)
"""What declares how work in the background is finished, and what else is removed with a record."""

ALONE = """
import sys
from mockgitlab.api import index
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


def test_what_happens_without_a_request_needs_no_page_to_be_imported() -> None:
    modules = {
        path: ".".join(("mockgitlab", *path.relative_to(ROOT).with_suffix("").parts)) for path in ROOT.rglob("*.py")
    }
    declaring = {name for path, name in modules.items() if DECLARES.search(path.read_text())}
    imported = run("import sys, mockgitlab.server; print('\\n'.join(sys.modules))").split()
    assert len(declaring) > 5
    assert declaring <= set(imported)
