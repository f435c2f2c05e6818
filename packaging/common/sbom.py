"""Print the frozen program's bill of materials as CycloneDX JSON; reproducible.

Runs in the build's environment: `python packaging/common/sbom.py NAME VERSION`.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import sys
import uuid
from importlib.metadata import Distribution

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from locked import licence_of, normal, shipped_distributions
from packageurl import PackageURL


def main(name: str, version: str) -> None:
    licences = LicenseFactory()
    program = Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=f"{name}@{version}",
        licenses=[licences.make_from_string("MIT")],
    )
    distributions = {normal(one.metadata["Name"]): one for one in shipped_distributions()}
    components = {key: _component(one, licences) for key, one in distributions.items()}
    python = Component(
        name="CPython",
        version=platform.python_version(),
        type=ComponentType.PLATFORM,
        bom_ref=f"cpython@{platform.python_version()}",
        purl=PackageURL("generic", name="cpython", version=platform.python_version()),
        licenses=[licences.make_from_string("PSF-2.0")],
    )
    bom = Bom(components=[python, *components.values()])
    bom.metadata.component = program
    bom.metadata.timestamp = dt.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), dt.UTC)
    identity = "\n".join(sorted(component.bom_ref.value or "" for component in bom.components))
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"{name}@{version}\n{identity}")
    needed_by_others = set[str]()
    for key, one in distributions.items():
        needs = [need for need in _requirements(one) if need in components and need != key]
        needed_by_others.update(needs)
        bom.register_dependency(components[key], [components[need] for need in needs])
    direct = [component for key, component in components.items() if key not in needed_by_others]
    bom.register_dependency(program, [python, *direct])
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if problem is not None:
        raise SystemExit(f"The bill of materials is not valid CycloneDX: {problem}")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    print(text)


def _component(distribution: Distribution, licences: LicenseFactory) -> Component:
    name = normal(distribution.metadata["Name"])
    licence = licences.make_from_string(
        licence_of(distribution), license_acknowledgement=LicenseAcknowledgement.DECLARED
    )
    return Component(
        name=name,
        version=distribution.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{distribution.version}",
        purl=PackageURL("pypi", name=name, version=distribution.version),
        licenses=[licence],
    )


def _requirements(distribution: Distribution) -> list[str]:
    always = (line for line in distribution.requires or [] if "extra ==" not in line)
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in always)
    return sorted({normal(name[0]) for name in names if name})


main(*sys.argv[1:])
