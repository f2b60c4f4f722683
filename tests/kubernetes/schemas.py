"""Makes strict JSON schemas for kubeconform of what Kubernetes publishes: one file a kind.

usage: schemas.py SWAGGER_JSON OUTPUT_DIRECTORY [CUSTOM_RESOURCE_DEFINITION_YAML...]

The API's swagger.json lets unknown fields pass; here every object that lists its fields allows no others, so that a
misspelt field is found.
"""
import json
import pathlib
import sys

from ruamel.yaml import YAML

ANY_OF_INT_OR_STRING = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
# Types that swagger calls a string and the API reads from numbers too.
QUANTITY = {"anyOf": [{"type": "number"}, {"type": "string"}]}


def strict(schema):
    """A copy in JSON Schema's own words that allows only listed fields."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "int-or-string" or schema.get("x-kubernetes-int-or-string"):
        return ANY_OF_INT_OR_STRING
    result = {}
    for key, value in schema.items():
        if key in ("properties", "patternProperties"):
            result[key] = {name: strict(item) for name, item in value.items()}
        elif key in ("description", "example") or key.startswith("x-kubernetes-"):
            continue
        else:
            result[key] = strict(value)
    # The formats of the API (int32, quantities, byte) are not JSON Schema's.
    result.pop("format", None)
    if result.pop("nullable", False) and "type" in result:
        result["type"] = [result["type"], "null"]
    if "properties" in result and not schema.get("x-kubernetes-preserve-unknown-fields"):
        result.setdefault("additionalProperties", False)
    return result


def reached(name, definitions, seen):
    """All definitions that one refers to, itself included."""
    if name in seen:
        return
    seen.add(name)
    text = json.dumps(definitions[name])
    for part in text.split('"#/definitions/')[1:]:
        reached(part.split('"', 1)[0], definitions, seen)


def file_name(kind, group, version):
    """As kubeconform's template {{.ResourceKind}}{{.KindSuffix}} spells it."""
    group = group.split(".", 1)[0]
    return f"{kind}-{group}-{version}.json".lower() if group else f"{kind}-{version}.json".lower()


def with_identity(schema, kind, api_version):
    schema["properties"]["kind"] = {"enum": [kind]}
    schema["properties"]["apiVersion"] = {"enum": [api_version]}
    schema["required"] = sorted({*schema.get("required", []), "apiVersion", "kind", "metadata"})
    return schema


def main(swagger_path, output, crd_paths):
    output = pathlib.Path(output)
    output.mkdir(parents=True, exist_ok=True)
    swagger = json.loads(pathlib.Path(swagger_path).read_text())["definitions"]
    definitions = {name: strict(schema) for name, schema in swagger.items()}
    definitions["io.k8s.apimachinery.pkg.api.resource.Quantity"] = QUANTITY
    written = 0
    for name, original in swagger.items():
        kinds = original.get("x-kubernetes-group-version-kind", [])
        if len(kinds) != 1 or "metadata" not in original.get("properties", {}):
            continue  # Lists, options and parts.
        kind, group, version = (kinds[0][key] for key in ("kind", "group", "version"))
        seen = set()
        reached(name, definitions, seen)
        schema = with_identity(json.loads(json.dumps(definitions[name])), kind, f"{group}/{version}".lstrip("/"))
        schema["definitions"] = {item: definitions[item] for item in seen}
        (output / file_name(kind, group, version)).write_text(json.dumps(schema))
        written += 1
    for path in crd_paths:
        crd = YAML(typ="safe").load(pathlib.Path(path))
        group, kind = crd["spec"]["group"], crd["spec"]["names"]["kind"]
        for version in crd["spec"]["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            # The API server's own part, which definitions leave open.
            schema["properties"]["metadata"] = {"$ref": "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
            seen = set()
            reached("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", definitions, seen)
            schema["definitions"] = {item: definitions[item] for item in seen}
            with_identity(schema, kind, f"{group}/{version['name']}")
            (output / file_name(kind, group, version["name"])).write_text(json.dumps(schema))
            written += 1
    print(f"{written} schemas in {output}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
