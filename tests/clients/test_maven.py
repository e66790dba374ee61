"""Maven packages deployed and resolved by Maven as it comes; nothing is asked for at Maven Central."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support import WORLD

PLUGIN = "org.apache.maven.plugins:maven-deploy-plugin:3.2.0"
pytestmark = [
    pytest.mark.mockgitlab(scenario={**WORLD, "gitlab": {"settings": {"maven_package_requests_forwarding": False}}}),
    pytest.mark.skipif(shutil.which("mvn") is None, reason="Maven is not there to deploy anything"),
]
SETTINGS = """<settings>
<mirrors><mirror><id>kept</id><mirrorOf>central</mirrorOf><url>{}</url></mirror></mirrors>
<servers>
<server><id>writes</id><configuration><httpHeaders><property>
<name>Private-Token</name><value>bob-token</value></property></httpHeaders></configuration></server>
<server><id>reads</id><username>rex</username><password>rex-token</password></server>
</servers></settings>"""
PARENT = """<project><modelVersion>4.0.0</modelVersion>
<groupId>com.acme</groupId><artifactId>base</artifactId><version>{}</version><packaging>pom</packaging></project>"""
CHILD = """<project><modelVersion>4.0.0</modelVersion><artifactId>app</artifactId><packaging>pom</packaging>
<parent><groupId>com.acme</groupId><artifactId>base</artifactId><version>{}</version><relativePath/></parent>
<repositories><repository><id>reads</id><url>{}</url></repository></repositories></project>"""


def maven(folder: Path, *command: str) -> str:
    """Run Maven with a repository of its own; the plugin with which it deploys is to be in that of the user."""
    kept = (Path.home() / ".m2" / "repository").as_uri()
    (folder / "settings.xml").write_text(SETTINGS.format(kept))
    options = ["mvn", "-B", "-s", str(folder / "settings.xml"), f"-Dmaven.repo.local={folder / 'kept'}"]
    done = subprocess.run([*options, *command], cwd=folder, capture_output=True, encoding="utf-8", timeout=120)
    if done.returncode and "PluginResolutionException" in done.stdout:
        pytest.skip("the plugin with which Maven deploys is not on this machine")
    if done.returncode:
        raise AssertionError(done.stdout)
    return done.stdout


def test_maven_resolves_the_snapshot_that_it_deployed(mockgitlab: Any, tmp_path: Path) -> None:
    version = "1.1-SNAPSHOT"
    base = f"{mockgitlab.url}/api/v4"
    deployed, resolved = tmp_path / "deployed", tmp_path / "resolved"
    for folder in (deployed, resolved):
        folder.mkdir()
    (deployed / "base.xml").write_text(PARENT.format(version))
    (resolved / "pom.xml").write_text(CHILD.format(version, f"{base}/groups/1/-/packages/maven"))
    named = ("-DgroupId=com.acme", "-DartifactId=base", f"-Dversion={version}", "-Dpackaging=pom", "-Dfile=base.xml")
    url = f"-Durl={base}/projects/1/packages/maven"
    maven(deployed, f"{PLUGIN}:deploy-file", url, "-DrepositoryId=writes", *named)
    maven(resolved, "validate")
    fetched = [one.path for one in mockgitlab.journal if one.method == "GET" and "/groups/" in one.path]
    assert any(path.endswith(".pom") for path in fetched)
