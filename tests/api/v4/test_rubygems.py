import gzip
import io
import tarfile
from typing import Any

import pytest

from tests.packages_world import WORLD, send
from tests.support import Api, names, seen

AT = "projects/1/packages/rubygems"
MISSING = (404, {"message": "404 Not Found"})
SPECIFICATION = """--- !ruby/object:Gem::Specification
name: {name}
version: !ruby/object:Gem::Version
  version: {version}
platform: {platform}
dependencies:
- !ruby/object:Gem::Dependency
  name: fuel
  requirement: !ruby/object:Gem::Requirement
    requirements:
    - - "~>"
      - !ruby/object:Gem::Version
        version: '1.2'
    - - ">="
      - !ruby/object:Gem::Version
        version: 1.2.3
  type: :runtime
- !ruby/object:Gem::Dependency
  name: rspec
  type: :development
"""


@pytest.fixture
def api() -> Api:
    api = Api(WORLD)
    api.post("features/rubygem_packages", "root", value=True)
    return api


def gem(name: Any = "rocket", version: Any = "1.0.0", platform: str = "ruby", file: str = "metadata.gz") -> bytes:
    text = SPECIFICATION.format(name=name, version=version, platform=platform)
    content, packed = io.BytesIO(), gzip.compress(text.encode(), mtime=0)
    with tarfile.open(fileobj=content, mode="w") as archive:
        member = tarfile.TarInfo(file)
        member.size = len(packed)
        archive.addfile(member, io.BytesIO(packed))
    return content.getvalue()


def push(api: Api, data: bytes, secret: str = "bob-token") -> Any:
    return send(api, "POST", f"{AT}/api/v1/gems", headers={"Authorization": secret}, data=data)


def fetch(api: Api, path: str, secret: str = "rex-token") -> Any:
    return send(api, "GET", f"{AT}/{path}", headers={"Authorization": secret})


def test_a_gem_is_pushed_and_fetched(api: Api) -> None:
    made = push(api, gem())
    assert (made.status_code, made.json) == (201, {"message": "201 Created"})
    assert fetch(api, "gems/rocket-1.0.0.gem").data == gem()
    push(api, gem(platform="java"))
    assert fetch(api, "gems/rocket-1.0.0-java.gem").data == gem(platform="java")
    [package] = api.get("projects/1/packages", "rex").json
    assert [package[name] for name in ("name", "version", "package_type")] == ["rocket", "1.0.0", "rubygems"]
    assert fetch(api, "gems/rocket-2.0.0.gem").json == {"message": "404 Not found"}


def test_what_gems_need_is_told_in_the_format_of_ruby(api: Api) -> None:
    push(api, gem())
    push(api, gem(version="1.1.0.pre"))
    told = fetch(api, "api/v1/dependencies?gems=rocket")
    one = (
        b'{\x09:\x09nameI"\x0brocket\x06:\x06ET:\x0bnumberI"\x0a1.0.0\x06;\x06T'
        b':\x0dplatformI"\x09ruby\x06;\x06T'
        b':\x11dependencies[\x06[\x07I"\x09fuel\x06;\x06TI"\x15~> 1.2, >= 1.2.3\x06;\x06T'
    )
    two = (
        b'{\x09;\x00I"\x0brocket\x06;\x06T;\x07I"\x0e1.1.0.pre\x06;\x06T'
        b';\x08I"\x09ruby\x06;\x06T;\x09[\x06[\x07I"\x09fuel\x06;\x06TI"\x15~> 1.2, >= 1.2.3\x06;\x06T'
    )
    assert (told.status_code, told.content_type) == (200, "application/octet-stream")
    assert told.data == b"\x04\x08[\x07" + one + two
    assert fetch(api, "api/v1/dependencies").data == b"null"
    assert fetch(api, "api/v1/dependencies?gems=rocket,other").json == {"message": "other not found"}


@pytest.mark.parametrize("data", [b"no archive", gem(file="data.tar.gz"), gem(version="1"), gem(name="[]")])
def test_what_is_no_gem_becomes_a_package_in_error(api: Api, data: bytes) -> None:
    assert push(api, data).status_code == 201
    [package] = api.get("projects/1/packages", "rex").json
    assert (package["name"], package["status"]) == ("Gem.Temporary.Package", "error")


def test_there_are_no_indexes(api: Api) -> None:
    for path in ("specs.4.8.gz", "latest_specs.4.8.gz", "quick/Marshal.4.8/rocket-1.0.0.gemspec.rz"):
        assert seen(api.get(f"{AT}/{path}", "rex")) == MISSING


def test_who_pushes_and_fetches(api: Api) -> None:
    assert [push(api, gem(), one).status_code for one in ("rex-token", "reads", "none")] == [403, 403, 404]
    assert [push(api, gem(), one).status_code for one in ("writes", "glcbt-job")] == [201, 201]
    assert names(api.get("projects/1/packages/1/pipelines", "rex"), "id") == [7]
    path = "gems/rocket-1.0.0.gem"
    assert [fetch(api, path, one).status_code for one in ("reads", "gil-token", "nora-token")] == [200, 403, 404]
    assert api.post(f"{AT}/api/v1/gems/authorize", "bob").status == 403


def test_a_flag_switches_the_registry_on() -> None:
    api = Api(WORLD)
    assert seen(api.get(f"{AT}/api/v1/dependencies", "rex")) == MISSING
    api.post("features/rubygem_packages", "root", value=True, project="acme/rocket")
    assert api.get(f"{AT}/api/v1/dependencies", "rex").status == 200
    assert api.get("projects/4/packages/rubygems/api/v1/dependencies", "ada").status == 404
