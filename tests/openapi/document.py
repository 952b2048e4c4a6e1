"""`docs/openapi.json`, and the comparison of an answer with it."""

import json
import pathlib

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

FILE = pathlib.Path(__file__).parents[2] / "docs/openapi.json"
DOCUMENT = json.loads(FILE.read_text())
METHODS = {"get", "post", "put", "patch", "delete"}

# The path, method and description of each operation, by its id.
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}


def check_document():
    """Fails if the document is not a valid OpenAPI 3.1, or an example of a schema breaks the schema."""
    validate(DOCUMENT)
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for member in schema.get("properties", {}).values():
            for example in member.get("examples", []):
                check_schema(member, example, name)


def check_schema(schema, value, what):
    """Fails if a value breaks a schema of the document."""
    rooted = {"allOf": [schema], "components": DOCUMENT["components"]}
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(rooted).iter_errors(value)]
    assert not errors, f"{what}: {errors}\n{json.dumps(value)[:2000]}"


def check_answer(operation_id, response):
    """Fails if an answer isn't one that the document describes."""
    _, _, operation = OPERATIONS[operation_id]
    what = f"{operation_id} {response.status_code}"
    described = resolved(operation["responses"].get(str(response.status_code)))
    assert described, f"{what} isn't described: {response.text[:500]}"
    for name, header in described["headers"].items():
        if resolved(header).get("required") or name in response.headers:
            check_schema(resolved(header)["schema"], response.headers.get(name), f"{what}: {name}")
    if "content" not in described:
        assert not response.content, f"{what} has a body: {response.text[:500]}"
        return
    media_type = response.headers["content-type"].split(";")[0]
    assert media_type in described["content"], f"{what}: {media_type}"
    check_schema(described["content"][media_type]["schema"], response.json(), what)


def resolved(node):
    """A node of the document, or the one that its reference names."""
    while node and "$ref" in node:
        target = DOCUMENT
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node
