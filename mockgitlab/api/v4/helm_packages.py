"""The registry of Helm charts of a project, in channels: Helm installs from it, curl and helm-push upload to it.

What is in a chart's ``Chart.yaml`` names its package; a file that has none becomes a package in error.

Source: https://docs.gitlab.com/api/packages/helm/, https://docs.gitlab.com/user/packages/helm_repository/ and GitLab's
lib/api/helm_packages.rb, app/services/packages/helm/*.rb, app/presenters/packages/helm/index_presenter.rb.
"""

import io
import re
import tarfile
import zlib
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

import yaml

from mockgitlab import dsl
from mockgitlab.api import package_access
from mockgitlab.api.models.package import DISPLAYED, INSTALLED, Package, PackageFile, files_of, packages_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.package_access import OF_ASKED
from mockgitlab.api.services.packages import SEMVER, add_file, built, check_size, publish
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.packages import downloaded
from mockgitlab.errors import Forbidden, InvalidParameters, RecordNotFound

AT = "projects/:id/packages/helm"
UPLOAD = f"{AT}/api/:channel/charts"
TEMPORARY = "Helm.Temporary.Package"
CHART_BYTES = 1024 * 1024
"""So much of a ``Chart.yaml`` is read."""
_CHANNEL = re.compile(r"(?!.*[._-]{2})[a-zA-Z0-9]([a-zA-Z0-9._-]{0,253}[a-zA-Z0-9])?")
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")


def _check_channel(channel: str) -> None:
    if not _CHANNEL.fullmatch(channel):
        raise InvalidParameters(["channel is invalid"], reason="channels have letters and digits, and . _ - between")


def _charts(call: dsl.Call, project: Project, channel: str) -> list[tuple[Package, PackageFile]]:
    """Return the packages of a channel, the newest first, each with its newest file there."""
    found = []
    for package in packages_of(call.store, project).where(package_type="helm").among("status", INSTALLED):
        files = [one for one in files_of(call.store, package) if (one.metadata or {}).get("channel") == channel]
        found += [(package, one) for one in files[-1:]]
    return found[::-1]


@v4.get(f"{AT}/:channel/index.yaml", rule=package_access.ASKED_READS, **OF_ASKED)
def show_helm_index(call: dsl.Call, project: Project, channel: str) -> dsl.Raw:
    """Show the charts of a channel, as Helm reads them."""
    _check_channel(channel)
    entries: dict[str, list[Any]] = {}
    for package, file in _charts(call, project, channel):
        entries.setdefault(package.name, []).append(_entry(call, file))
    path = f"{urlsplit(call.base).path}/api/v4/{AT.replace(':id', quote(call.path['id'], safe=''))}"
    shown = {"apiVersion": "v1", "entries": entries, "generated": _nanoseconds(call.now)}
    shown["serverInfo"] = {"contextPath": path}
    text = yaml.safe_dump(shown, explicit_start=True, sort_keys=False, allow_unicode=True)
    return dsl.Raw(text.encode(), "text/yaml")


def _entry(call: dsl.Call, file: PackageFile) -> dict[str, Any]:
    added = {
        "created": _nanoseconds(file.created_at),
        "digest": file.file_sha256(call.view()),
        "urls": [f"charts/{file.file_name}"],
    }
    return {**((file.metadata or {}).get("chart") or {}), **added}


def _nanoseconds(instant: str) -> str:
    return f"{instant.removesuffix('Z')}000000Z"


@v4.get(f"{AT}/:channel/charts/:file_name.tgz", rule=package_access.ASKED_READS, **OF_ASKED)
def download_helm_chart(call: dsl.Call, project: Project, channel: str, file_name: str) -> dsl.Raw:
    """Download a chart of a channel."""
    _check_channel(channel)
    for package, file in _charts(call, project, channel):
        if file.file_name == f"{file_name}.tgz":
            return downloaded(call, package, file)
    raise RecordNotFound(reason=f"{project.full_path} has no chart {file_name}.tgz in the channel {channel}")


@v4.post(f"{UPLOAD}/authorize", rule=package_access.ASKED_WRITES, success=200, **OF_ASKED)
def authorize_helm_chart(project: Project, channel: str) -> None:
    """Tell GitLab's own proxy where to put a chart; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the chart to the address without /authorize")


@v4.post(UPLOAD, rule=package_access.ASKED_WRITES, **OF_ASKED)
def upload_helm_chart(
    call: dsl.Call, project: Project, channel: str, chart: Annotated[dsl.File, "The chart"]
) -> dict[str, str]:
    """Upload a chart to a channel; one that is there already is kept beside the new one, which is installed."""
    _check_channel(channel)
    data = getattr(chart, "data", None)
    if data is None:
        raise InvalidParameters(["chart is invalid"], reason="send the chart as a part of a multipart form")
    check_size(call.store, "helm_max_file_size", data)
    told = _chart(data)
    if told is None:
        broken = publish(call, project, "helm", TEMPORARY, f"0.0.0-{call.store.mint_hex('helm', 32)}", status="error")
        add_file(call, broken, "package.tgz", data)
    else:
        package = _find_or_create(call, project, told["name"], told["version"])
        name = f"{told['name']}-{told['version']}.tgz"
        add_file(call, package, name, data, {"channel": channel, "chart": told})
    return {"message": "201 Created"}


def _find_or_create(call: dsl.Call, project: Project, name: str, version: str) -> Package:
    same = packages_of(call.store, project).where(package_type="helm", name=name, version=version)
    found = list(same.among("status", (*DISPLAYED, "hidden")))
    return built(call, found[-1]) if found else publish(call, project, "helm", name, version)


def _chart(data: bytes) -> dict[str, Any] | None:
    """Return what a chart says of itself, nothing where it has no valid name and version."""
    try:
        told = yaml.safe_load(_chart_yaml(data))
    except (tarfile.TarError, OSError, EOFError, zlib.error, yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    name, version = told.get("name"), told.get("version")
    valid = isinstance(name, str) and _NAME.fullmatch(name) and isinstance(version, str)
    return told if valid and SEMVER.fullmatch(str(version).removeprefix("v")) and _plain(told) else None


def _plain(told: Any) -> bool:
    """Tell whether something read from YAML can be kept as it is: mappings, lists, texts and numbers."""
    if isinstance(told, dict):
        return all(isinstance(key, str) and _plain(value) for key, value in told.items())
    return all(map(_plain, told)) if isinstance(told, list) else told is None or isinstance(told, str | int | float)


def _chart_yaml(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        for member in archive:
            if member.isfile() and re.fullmatch(r"[^/]+/Chart\.yaml", member.name):
                file = archive.extractfile(member)
                return file.read(CHART_BYTES) if file else b""
    raise ValueError("it has no Chart.yaml")
