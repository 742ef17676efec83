"""Every object against the schemas of the oldest and the newest Kubernetes that are supported; custom resources by their structure."""
import json
from functools import cache

import kubernetes_validate
from kubernetes_validate import utils

OLDEST, NEWEST = "1.30", "1.37"
MONITORING = "monitoring.coreos.com/v1"

# The validator reads its definitions anew for each object; once is enough.
utils.schema_contents = cache(utils.schema_contents)


def check(renderings, problems):
    seen, custom = set(), 0
    for name, documents in renderings.items():
        names = [(document["kind"], document["metadata"].get("namespace"), document["metadata"]["name"]) for document in documents]
        for double in {entry for entry in names if names.count(entry) > 1}:
            problems.add(name, f"{double} is there twice")
        for document in documents:
            key = json.dumps(document, sort_keys=True)
            if key in seen:
                continue
            seen.add(key)
            if document["apiVersion"] == MONITORING:
                custom += 1
                check_structure(name, document, problems)
                continue
            for version in (OLDEST, NEWEST):
                validate(name, document, version, problems)
    problems.counted(f"schemas: {len(seen) - custom} different objects against Kubernetes {OLDEST} and {NEWEST}, "
                     f"{custom} custom resources by structure")


def validate(name, document, version, problems):
    what = f"{name}: {document['kind']} {document['metadata']['name']} (Kubernetes {version})"
    try:
        used = kubernetes_validate.validate(document, version, strict=True)
        if used != version:
            problems.add(what, f"validated against {used} instead")
    except kubernetes_validate.ValidationError as error:
        problems.add(what, f"{'.'.join(map(str, error.path))}: {error.message[:300]}")
    except Exception as error:  # a schema that is not there is a problem too
        problems.add(what, str(getattr(error, "message", error))[:300])


ENDPOINT = {"port": str, "path": str, "interval": str, "scrapeTimeout": str, "relabelings": list, "honorLabels": bool, "sampleLimit": int}
RELABELING = {"sourceLabels": list, "targetLabel": str, "action": str, "regex": str, "replacement": str}
RULE = {"alert": str, "expr": str, "for": str, "labels": dict, "annotations": dict, "keep_firing_for": str}


def check_structure(name, document, problems):
    what = f"{name}: {document['kind']} {document['metadata']['name']}"

    def shaped(where, value, shape, required):
        for key in required:
            if key not in value:
                problems.add(what, f"{where}.{key} is missing")
        for key, item in value.items():
            if key not in shape:
                problems.add(what, f"{where}.{key} is not known")
            elif not isinstance(item, shape[key]):
                problems.add(what, f"{where}.{key} is not a {shape[key].__name__}")

    spec = document["spec"]
    if document["kind"] == "PodMonitor":
        shaped("spec", spec, {"selector": dict, "podMetricsEndpoints": list, "namespaceSelector": dict, "sampleLimit": int},
               ["selector", "podMetricsEndpoints"])
        for endpoint in spec["podMetricsEndpoints"]:
            shaped("podMetricsEndpoints", endpoint, ENDPOINT, ["port"])
            for relabeling in endpoint.get("relabelings", []):
                shaped("relabelings", relabeling, RELABELING, [])
    elif document["kind"] == "PrometheusRule":
        shaped("spec", spec, {"groups": list}, ["groups"])
        for group in spec["groups"]:
            shaped("groups", group, {"name": str, "rules": list, "interval": str}, ["name", "rules"])
            for rule in group["rules"]:
                shaped(f"rules[{rule.get('alert')}]", rule, RULE, ["alert", "expr", "labels", "annotations"])
    else:
        problems.add(what, "is of a kind whose structure is not checked")
