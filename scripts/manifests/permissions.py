"""The verbs of the ClusterRoles, the table of calls, and the code must say the same; so must the cloud's policy."""
import json
import re
from pathlib import Path

import sources


def check(renderings, facts, problems):
    table = {row["call"]: (row["method"], sources.plain(row["path"])) for row in facts.calls}
    problems.require_same(str(sources.TABLE), "calls of ClusterAPI", map(str, table.items()), map(str, facts.declared_calls.items()))
    for row in facts.calls:
        check_row(row, problems)
    roles = 0
    for name, documents in renderings.items():
        role = [document for document in documents if document["kind"] == "ClusterRole"]
        if len(role) != 1:
            problems.add(name, f"has {len(role)} ClusterRoles instead of one")
            continue
        roles += 1
        settings = {entry["name"]: entry.get("value") for entry in environment(documents)}
        wanted = {(row["resource"], row["verb"]) for row in facts.calls
                  if row["granted by"] == "ClusterRole" and needed(row["when"], settings)}
        problems.require_same(name, "ClusterRole", granted(role[0]["rules"], name, problems), wanted)
        check_binding(name, documents, problems)
    check_cloud_policy(facts, problems)
    problems.counted(f"permissions: {len(facts.calls)} calls, {roles} ClusterRoles with exactly their verbs")


def check_row(row, problems):
    """The resource and the verb follow from method and path."""
    match = re.fullmatch(r"/apis?(?:/([\w.]+))?/v1(?:/namespaces/\{\w+\})?/(\w+)(?:/\{\w+\}(?:/(\w+))?)?(\?watch=true)?", row["path"])
    if not match:
        if row["path"] != "/version":
            problems.add(row["call"], f"the path {row['path']} is not understood")
        return
    group, resource, sub, watched = match.groups()
    one = "/{" in row["path"].rsplit(resource, 1)[1]
    verb = {"GET": "watch" if watched else "get" if one else "list", "POST": "create", "PATCH": "patch", "DELETE": "delete"}.get(row["method"])
    full = resource + (f"/{sub}" if sub else "") + (f".{group}" if group else "")
    if (row["resource"], row["verb"]) != (full, verb):
        problems.add(row["call"], f"{row['method']} {row['path']} needs {verb} on {full}, not {row['verb']} on {row['resource']}")


def needed(when, settings):
    return when == "always" or settings.get(when.upper().replace("-", "_")) == "true"


def environment(documents):
    return [entry for document in documents if document["kind"] == "DaemonSet"
            for container in document["spec"]["template"]["spec"]["containers"] for entry in container.get("env", [])]


def granted(rules, name, problems):
    pairs = []
    for rule in rules:
        if set(rule) != {"apiGroups", "resources", "verbs"} or rule["apiGroups"] != [""] or "*" in rule["verbs"] + rule["resources"]:
            problems.add(name, f"a rule that this check does not understand: {rule}")
            continue
        pairs += [(resource, verb) for resource in rule["resources"] for verb in rule["verbs"]]
    for pair in {pair for pair in pairs if pairs.count(pair) > 1}:
        problems.add(name, f"{pair} is granted twice")
    return pairs


def check_binding(name, documents, problems):
    account = [d["metadata"] for d in documents if d["kind"] == "ServiceAccount"]
    sets = [d for d in documents if d["kind"] == "DaemonSet"]
    binding = [d for d in documents if d["kind"] == "ClusterRoleBinding"]
    role = [d["metadata"]["name"] for d in documents if d["kind"] == "ClusterRole"]
    if not (len(account) == len(sets) == len(binding) == 1):
        problems.add(name, "wants one ServiceAccount, one DaemonSet and one ClusterRoleBinding")
        return
    who = [("ServiceAccount", account[0]["name"], account[0]["namespace"])]
    if [(s["kind"], s["name"], s["namespace"]) for s in binding[0]["subjects"]] != who or binding[0]["roleRef"]["name"] not in role:
        problems.add(name, "the ClusterRoleBinding does not bind the ClusterRole to the ServiceAccount")
    used = sets[0]["spec"]["template"]["spec"].get("serviceAccountName"), sets[0]["metadata"]["namespace"]
    if used != (account[0]["name"], account[0]["namespace"]):
        problems.add(name, "the DaemonSet does not run as the ServiceAccount")
    user = f"system:serviceaccount:{account[0]['namespace']}:{account[0]['name']}"
    policies = {d["metadata"]["name"]: d for d in documents if d["kind"] == "ValidatingAdmissionPolicy"}
    bound = {d["spec"]["policyName"] for d in documents if d["kind"] == "ValidatingAdmissionPolicyBinding"
             if d["spec"]["validationActions"] == ["Deny"]}
    problems.require_same(name, "ValidatingAdmissionPolicyBinding that denies, for", bound, policies)
    for title, policy in policies.items():
        conditions = [condition["expression"] for condition in policy["spec"]["matchConditions"]]
        if conditions != [f"request.userInfo.username == '{user}'"]:
            problems.add(name, f"{title} is not about {user}, so it would never be asked")


def check_cloud_policy(facts, problems):
    path = Path("deploy/components/auto-scaling/iam-policy.json")
    actions = []
    for statement in json.loads(path.read_text())["Statement"]:
        actions += statement["Action"]
        reads = all(action.split(":")[1].startswith("Describe") for action in statement["Action"])
        if statement["Effect"] != "Allow" or (not reads and "Condition" not in statement):
            problems.add(str(path), f"{statement['Sid']} allows writing without a condition")
    problems.require_same(str(path), "actions", actions, [f"autoscaling:{action}" for action in facts.cloud_actions])
