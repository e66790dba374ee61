"""What tests of git share: random histories, and the real git looking at the same objects."""

import random
import subprocess
import zlib
from pathlib import Path

from mockgitlab.git.objects import EXECUTABLE, FILE, LINK, Entry, Person, read_commit, write_commit
from mockgitlab.git.trees import files, with_changes
from mockgitlab.store import Objects

NAMES = ("a.txt", "b.txt", "src/c.py", "src/deep/d.py", "src/e", "docs/f.md")
WORDS = ("", "return", "}", "def one():", "  two", "    three", "four", "five", "six", "seven\r")


class RealGit:
    """A bare repository on disk with the objects of a store, seen by the git command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run("init", "-q", "--bare", "-b", "main", ".")

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,), stdin: bytes = b"", errors: bool = False) -> bytes:
        """Run git and return what it prints, or with ``errors`` what it complains of."""
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, input=stdin, check=False)
        assert done.returncode in codes, done.stderr.decode()
        return done.stderr if errors else done.stdout

    def text(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        return self.run(*arguments, codes=codes).decode().strip()

    def take(self, objects: Objects) -> None:
        """Write every object of a store as git keeps it."""
        for sha, (kind, data) in objects._own.items():
            place = self.folder / "objects" / sha[:2] / sha[2:]
            place.parent.mkdir(exist_ok=True)
            if not place.exists():
                place.write_bytes(zlib.compress(f"{kind} {len(data)}\0".encode() + data, 1))


class History:
    """A random history: commits that change a few files each, and merge now and then."""

    def __init__(self, seed: int, length: int = 12) -> None:
        self.random = random.Random(seed)
        self.seconds = (60, 0, 7)[seed % 3]  # none: in a scenario, whose clock stands still, commits have one date
        self.objects = Objects()
        self.commits: list[str] = []
        for number in range(length):
            self.commit(number)

    def commit(self, number: int) -> None:
        chance = self.random
        parents = [self.commits[-1]] if self.commits else []
        if len(self.commits) > 3 and chance.random() < 0.5:
            parents = [chance.choice(self.commits[-4:])]
        if len(self.commits) > 3 and chance.random() < 0.2:
            parents = list(dict.fromkeys([*parents, self.commits[-1]]))
        tree = read_commit(self.objects, parents[0]).tree if parents else ""
        person = Person("Ada", "ada@example.com", 1_714_554_000 + self.seconds * number)
        tree = with_changes(self.objects, tree, self.changes(tree))
        self.commits.append(write_commit(self.objects, tree, parents, person, person, f"Commit {number}").sha)

    def changes(self, tree: str) -> dict[str, Entry | None]:
        known, chance = files(self.objects, tree) if tree else {}, self.random
        changes: dict[str, Entry | None] = {}
        for name in chance.sample(NAMES, 2):
            old = known.get(name)
            if old is None or chance.random() < 0.15:
                changes[name] = Entry(FILE, self.blob(chance.choices(WORDS, k=12)))
            elif chance.random() < 0.15:
                changes[name] = None
                changes[f"{name}.moved"] = old
            elif chance.random() < 0.1:
                changes[name] = Entry(EXECUTABLE, old.sha)
            elif chance.random() < 0.1:
                changes[name] = Entry(LINK, self.blob(["elsewhere"]))
            elif chance.random() < 0.15:
                changes[name] = None
                changes[f"{name}.changed"] = Entry(old.mode, self.edited(old))
            else:
                changes[name] = Entry(old.mode, self.edited(old))
        return changes

    def edited(self, old: Entry) -> str:
        chance, lines = self.random, self.objects.data(old.sha, "blob").decode().split("\n")[:-1]
        at = chance.randint(0, len(lines))
        lines[at : at + chance.randint(0, 2)] = chance.choices(WORDS, k=chance.randint(0, 2))
        return self.blob(lines)

    def blob(self, lines: list[str]) -> str:
        return self.objects.add("blob", "".join(f"{line}\n" for line in lines).encode())
