"""Validates bodies of MediaConvert's CreateJob against AWS's published model of the service, which botocore contains.

Reads a JSON list of bodies from standard input. Writes a JSON list of error texts; the text of a valid body is empty.
"""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator


def members(shape, value, path, reports):
    """Translates member names from the wire's spelling to the model's. Reports unknown members, and values outside of
    enumerations and ranges, which ParamValidator does not check."""
    if shape.type_name == "structure" and isinstance(value, dict):
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        unknown = [f"{path}.{name}: unknown" for name in value if name not in names]
        reports.extend(unknown)
        return {
            names[name]: members(shape.members[names[name]], part, f"{path}.{name}", reports)
            for name, part in value.items()
            if name in names
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [members(shape.member, part, f"{path}[{i}]", reports) for i, part in enumerate(value)]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: members(shape.value, part, f"{path}.{name}", reports) for name, part in value.items()}
    enum = getattr(shape, "enum", None)
    if enum and value not in enum:
        reports.append(f"{path}: {value!r} is none of {enum}")
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name in ("integer", "long", "float", "double") and not isinstance(value, (str, bool)):
        if (least is not None and value < least) or (most is not None and value > most):
            reports.append(f"{path}: {value} is not in {least}..{most}")
    return value


def main():
    service = botocore.session.get_session().get_service_model("mediaconvert")
    shape = service.operation_model("CreateJob").input_shape
    answers = []
    for job in json.load(sys.stdin):
        reports = []
        named = members(shape, job, "", reports)
        reports.append(ParamValidator().validate(named, shape).generate_report())
        answers.append("\n".join(filter(None, reports)))
    json.dump(answers, sys.stdout)


main()
