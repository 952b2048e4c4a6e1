"""Writes the SBOM of the program in the format CycloneDX 1.6: every crate that is linked, with its licence and checksum.

sbom.py TARGET EPOCH, in the repository. The same sources always give the same bytes.
"""

import datetime
import hashlib
import json
import sys
import tomllib
import uuid

from crates import Crate, crates, workspace_version


def checksums() -> dict[tuple[str, str], str]:
    """The SHA-256 of each crate's archive in the registry."""
    with open("Cargo.lock", "rb") as file:
        packages = tomllib.load(file)["package"]
    return {(package["name"], package["version"]): package["checksum"] for package in packages if "checksum" in package}


def reference(crate: Crate) -> str:
    return f"pkg:cargo/{crate.name}@{crate.version}"


def component(crate: Crate, checksum: str | None) -> dict:
    entry = {
        "type": "library",
        "bom-ref": reference(crate),
        "name": crate.name,
        "version": crate.version,
        "licenses": [{"expression": crate.licence}],
    }
    if checksum:
        # Only crates of the registry have a package URL that leads somewhere.
        entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        entry["purl"] = reference(crate)
    return entry


def main(target: str, epoch: str) -> None:
    linked = crates(target)
    sums = checksums()
    program = next(crate for crate in linked if crate.name == "tintype")
    others = [crate for crate in linked if crate is not program]
    time = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {**component(program, None), "type": "application"},
            "properties": [{"name": "cdx:rustc:target", "value": target}],
        },
        "components": [component(crate, sums.get((crate.name, crate.version))) for crate in others],
        "dependencies": [
            {"ref": reference(crate), "dependsOn": sorted(f"pkg:cargo/{name}@{version}" for name, version in crate.uses)}
            for crate in linked
        ],
    }
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    serial = uuid.UUID(bytes=digest[:16], version=4)
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", **document}
    assert program.version == workspace_version()
    json.dump(document, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
