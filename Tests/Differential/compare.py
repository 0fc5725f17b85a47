"""Asks the reference engine (cedarpy) about the cases that `differential` writes, and compares the answers.

Reads one JSON object a line from standard input. Prints what was compared, how the answers are distributed, each disagreement whole, and as
the last line `differential: N passed, M failed`. Exits with 1 when there was a disagreement.

With --record FILE it writes the reference's answer to the `input` of a case of Corpus/differential into that case.
"""

import argparse
import collections
import json
import re
import sys

import cedarpy

ERROR_POLICY = re.compile(r"error while evaluating policy `(.*?)`: ", re.DOTALL)
# Ids stand in the texts of errors in the form of Rust's `escape_debug`.
RUST_ESCAPE = re.compile(r"\\(u\{([0-9a-f]+)\}|.)", re.DOTALL)
RUST_NAMED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def unescaped(text):
    def scalar(match):
        return chr(int(match[2], 16)) if match[2] else RUST_NAMED.get(match[1], match[1])

    return RUST_ESCAPE.sub(scalar, text)


class Comparison:
    """Counts what was compared and keeps the disagreements."""

    def __init__(self):
        self.compared = collections.Counter()
        self.distribution = collections.Counter()
        self.disagreements = []

    def check(self, case, kind, reference, ours, note=None):
        """Compares one answer."""
        self.compared[kind] += 1
        # As text, because Python takes 1 and true for equal.
        if json.dumps(reference, sort_keys=True) == json.dumps(ours, sort_keys=True):
            return True
        self.disagreements.append(
            {"kind": kind, "reference": reference, "ours": ours, "note": note, "case": case}
        )
        return False


def attempt(function, *arguments):
    """The result and no error, or no result and the text of the error."""
    try:
        return function(*arguments), None
    except ValueError as error:
        return None, str(error) or "refused"




def reference_response(result):
    """The reference's answer to one request in the form of ours; None where it refused the request."""
    answer = result._authz_resp
    if answer["decision"] == "NoDecision":
        return None
    diagnostics = answer["diagnostics"]
    errors = [ERROR_POLICY.match(text) for text in diagnostics["errors"]]
    return {
        "decision": answer["decision"].lower(),
        "reasons": sorted(diagnostics["reason"]),
        "errors": sorted(unescaped(match[1]) if match else "?" for match in errors),
    }


def our_response(response):
    if response is None:
        return None
    return {
        "decision": response["decision"],
        "reasons": sorted(response["reasons"]),
        "errors": sorted(response["errors"]),
    }


def compare_responses(comparison, case, name, policies, entities, responses):
    requests = case["input"]["requests"]
    results = cedarpy.is_authorized_batch(requests, policies, entities)
    for index, (result, response) in enumerate(zip(results, responses, strict=True)):
        reference, ours = reference_response(result), our_response(response)
        messages = result._authz_resp["diagnostics"]["errors"]
        note = {"request": index, "messages": messages}
        if not comparison.check(case, f"{name}: request taken", reference is not None, ours is not None, note):
            continue
        if reference is None:
            comparison.distribution["requests refused"] += 1
            continue
        for part in ("decision", "reasons", "errors"):
            comparison.check(case, f"{name}: {part}", reference[part], ours[part], note)
        count(comparison.distribution, reference, messages)


def count(distribution, response, messages):
    distribution["requests decided"] += 1
    distribution[response["decision"]] += 1
    if response["errors"]:
        distribution["responses with errors"] += 1
    if response["decision"] == "deny" and response["reasons"]:
        distribution["denied by a forbid"] += 1
    distribution[f"responses with {min(len(response['reasons']), 3)}{'+' if len(response['reasons']) > 2 else ''} reasons"] += 1
    for message in messages:
        text = ERROR_POLICY.sub("", message)
        for word, kind in ERROR_KINDS.items():
            if word in text:
                distribution[f"error: {kind}"] += 1
                break
        else:
            distribution["error: other"] += 1


ERROR_KINDS = {
    "wrong number of arguments": "argument count",
    "type error": "type",
    "overflow": "overflow",
    "extension function": "extension",
    "does not have the attribute": "missing attribute",
    "does not have the tag": "missing tag",
    "does not exist": "missing entity",
}


def compare_text(comparison, case, entities):
    text, answer = case["input"]["policies"], case["answer"]["policies"]
    policies, error = attempt(cedarpy.PolicySet.from_str, text)
    note = {"reference error": error, "our error": answer["error"]}
    comparison.distribution["policy texts " + ("refused" if error else "taken")] += 1
    if not comparison.check(case, "text: parse verdict", policies is not None, answer["error"] is None, note):
        return
    if policies is None:
        return
    compare_layout(comparison, case, text, answer["formatted"])
    reference = json.loads(cedarpy.policies_to_json_str(text))
    comparison.distribution["policies in texts"] += len(reference["staticPolicies"])
    comparison.distribution["templates in texts"] += len(reference["templates"])
    comparison.check(case, "text: as JSON", reference, answer["json"])
    printed, error = attempt(cedarpy.policies_to_json_str, answer["text"])
    if comparison.check(case, "text: our printing is taken", True, printed is not None, error):
        # Templates are printed first, which renumbers.
        comparison.check(case, "text: our printing means the same", bodies(reference), bodies(json.loads(printed)))
    if answer["responses"] is not None and entities is not None:
        compare_responses(comparison, case, "text", policies, entities, answer["responses"])


def compare_layout(comparison, case, text, ours):
    expected, error = attempt(cedarpy.format_policies, text)
    # The reference's layout is not always final, and ours is.
    for _ in range(4):
        if error is None:
            expected, error = attempt(cedarpy.format_policies, expected)
    if error:
        comparison.distribution["policy texts that the reference cannot format"] += 1
        return
    if expected.count("//") != text.count("//"):
        comparison.distribution["policy texts that the reference formats with the loss of a comment"] += 1
        return
    comparison.check(case, "text: layout", expected.rstrip(), None if ours is None else ours.rstrip())


def bodies(policy_set):
    return [list(policy_set[part].values()) for part in ("templates", "staticPolicies")]


def meaning(policy_json):
    """What a policy set in JSON says, in the reference's own words: its static and linked policies by way of text."""
    return texts_meaning(cedarpy.policies_from_json_str(policy_json))


def texts_meaning(text):
    policies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"].values()
    return sorted(json.dumps(policy, sort_keys=True) for policy in policies)


def is_refused_by_design(policy_json):
    """Whether the policies have what the reference overlooks and this engine refuses, because it is surely a mistake.

    That is a key beside those that a scope's operator or `has` takes (the reference declares such keys an error, but its
    decoder does not see these), and a value made by an extension function that does not exist.
    """
    policies = json.loads(policy_json)
    bodies = [*policies["staticPolicies"].values(), *policies["templates"].values()]
    return any(
        any(has_odd_scope(element, body[element]) for element in ("principal", "action", "resource"))
        or any(has_odd_expression(condition["body"]) for condition in body["conditions"])
        for body in bodies
    )


REFERENCE_KEYS = {
    ("principal", "All"): [],
    ("principal", "=="): ["entity", "slot"],
    ("principal", "in"): ["entity", "slot"],
    ("principal", "is"): ["entity_type", "in"],
    ("action", "All"): [],
    ("action", "=="): ["entity"],
    ("action", "in"): ["entity", "entities"],
}


def has_odd_scope(element, constraint):
    operation = {"all": "All"}.get(constraint["op"], constraint["op"])
    keys = REFERENCE_KEYS["action" if element == "action" else "principal", operation]
    inner = constraint.get("in") or {}
    return (
        any(key not in [*keys, "op"] for key in constraint)
        or any(key not in ("entity", "slot") for key in inner)
        or any(len({*some} & {"entity", "slot", "entities"}) > 1 for some in (constraint, inner))
    )


def has_odd_expression(expression):
    return any(
        (key == "Value" and has_odd_call(body)) or (key == "has" and not {*body} <= {"left", "attr"})
        for key, body in subexpressions(expression)
    )


def subexpressions(expression):
    """An expression and those in it, each as its operator and what that is applied to."""
    ((key, body),) = expression.items()
    yield key, body
    if key in ("Value", "Var", "Slot"):
        return
    parts = body.values() if isinstance(body, dict) else body
    for part in [body["left"]] if key == "like" else parts:
        if isinstance(part, dict):
            yield from subexpressions(part)


CONSTRUCTORS = {"decimal", "ip", "datetime", "duration"}
FUNCTIONS = CONSTRUCTORS | {
    *("lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"),
    *("isIpv4", "isIpv6", "isLoopback", "isMulticast", "isInRange"),
    *("offset", "durationSince", "toDate", "toTime"),
    *("toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"),
}


def has_odd_call(value):
    if isinstance(value, list):
        return any(has_odd_call(element) for element in value)
    if not isinstance(value, dict):
        return False
    call = value.get("__extn")
    if len(value) == 1 and isinstance(call, dict) and isinstance(call.get("fn"), str):
        if "arg" in call or isinstance(call.get("args"), list):
            return call["fn"] not in FUNCTIONS or has_odd_call(call["arg"] if "arg" in call else call["args"])
    return any(has_odd_call(part) for part in value.values())


def has_text(policy_set):
    """Whether Cedar text can say it: there are no templates without slots in text, and no methods without receiver."""
    templates = policy_set["templates"].values()
    bodies = [*policy_set["staticPolicies"].values(), *templates]
    conditions = [condition["body"] for body in bodies for condition in body["conditions"]]
    return all(map(has_slot, templates)) and not any(
        key in FUNCTIONS - CONSTRUCTORS and not body for condition in conditions for key, body in subexpressions(condition)
    )


def has_slot(template):
    scopes = (template["principal"], template["resource"])
    return any("slot" in scope or "slot" in scope.get("in", {}) for scope in scopes)


def compare_json(comparison, case, entities):
    text, answer = case["input"]["policyJSON"], case["answer"]["policyJSON"]
    policies, error = attempt(cedarpy.PolicySet.from_json_str, text)
    note = {"reference error": error, "our error": answer["error"]}
    if policies is not None and is_refused_by_design(text):
        comparison.distribution["policy JSON refused here by design"] += 1
        comparison.check(case, "JSON: refused by design", True, answer["error"] is not None)
        return
    comparison.distribution["policy JSON " + ("refused" if error else "taken")] += 1
    if not comparison.check(case, "JSON: verdict", policies is not None, answer["error"] is None, note):
        return
    if policies is None:
        return
    comparison.distribution["policies in JSON"] += len(policies)
    printed_json = json.dumps(answer["json"])
    reread, error = attempt(cedarpy.PolicySet.from_json_str, printed_json)
    if comparison.check(case, "JSON: our JSON is taken", True, reread is not None, error):
        ids = [sorted(template["id"] for template in some.templates()) for some in (policies, reread)]
        comparison.check(case, "JSON: templates", *ids)
    if has_text(answer["json"]):
        expected, error = attempt(meaning, text)
        if error:
            # `has` with several names that are no identifiers: the reference's own printing of it is no Cedar text.
            comparison.distribution["policy JSON that the reference prints wrongly"] += 1
            expected = meaning(printed_json)
        comparison.check(case, "JSON: our JSON means the same", expected, meaning(printed_json))
        printed, error = attempt(texts_meaning, answer["text"])
        if comparison.check(case, "JSON: our printing is taken", True, printed is not None, error):
            comparison.check(case, "JSON: our printing means the same", expected, printed)
    if answer["responses"] is not None and entities is not None:
        compare_responses(comparison, case, "JSON", policies, entities, answer["responses"])


def compare_case(comparison, case, number):
    text, ours = case["input"]["entities"], case["answer"]["entitiesError"]
    entities, error = attempt(cedarpy.Entities.from_json_str, text)
    comparison.distribution["entity files " + ("refused" if error else "taken")] += 1
    note = {"reference error": error, "our error": ours}
    if not comparison.check(case, "entities: verdict", entities is not None, ours is None, note):
        entities = None
    elif entities is not None:
        # The same entity may come twice, and nothing but the same.
        both = text.rstrip()[:-1] + ("," if len(entities) else "") + json.dumps(case["answer"]["entities"])[1:]
        doubled, error = attempt(cedarpy.Entities.from_json_str, both)
        comparison.check(case, "entities: ours mean the same", len(entities), None if doubled is None else len(doubled), error)
    compare_text(comparison, case, entities)
    compare_json(comparison, case, entities)
    compare_validation(comparison, case)
    if number % 20 == 0:
        survey_schema(comparison, case)


def compare_validation(comparison, case):
    """Strict validation: the verdict, and the errors as a set (the reference repeats some)."""
    ours = case["validation"]
    schema, error = attempt(cedarpy.Schema.from_str, ours["schema"])
    note = {"reference error": error, "our error": ours["schemaError"]}
    if not comparison.check(case, "validation: schema verdict", schema is not None, ours["schemaError"] is None, note):
        return
    if schema is None:
        comparison.distribution["validated schemas refused"] += 1
        return
    policies, error = attempt(cedarpy.PolicySet.from_str, ours["policies"])
    note = {"reference error": error, "our error": ours["policyError"]}
    if not comparison.check(case, "validation: parse verdict", policies is not None, ours["policyError"] is None, note):
        return
    if policies is None:
        comparison.distribution["validated policies refused"] += 1
        return
    result = cedarpy.validate_policies(ours["policies"], schema)
    messages = sorted({comparable(error.error) for error in result.errors})
    comparison.distribution["validated policies that are " + ("valid" if result.validation_passed else "not valid")] += 1
    for message in messages:
        for words in VALIDATION_ERRORS:
            if words in message:
                comparison.distribution[f"validation error: {words}"] += 1
                break
        else:
            comparison.distribution["validation error: other"] += 1
    comparison.check(case, "validation: verdict", result.validation_passed, ours["passes"])
    ours = sorted({*map(comparable, ours["messages"])})
    note = {"only the reference": sorted({*messages} - {*ours}), "only ours": sorted({*ours} - {*messages})}
    comparison.check(case, "validation: errors", messages, ours, note)


# A tag whose name is no literal.
COMPUTED_TAG = re.compile(r"(access to tag `)(?:(?!\").*|.*(?:&&|\|\|| then | has ).*)(`)", re.DOTALL)


def comparable(message):
    """A message without what need not be the same."""
    # The reference has changed this capital between versions; the shared cases have the older form.
    message = message.replace(": failed to parse as", ": Failed to parse as")
    # Of a computed tag the reference prints what an environment leaves of it, once for each environment.
    return COMPUTED_TAG.sub(r"\1...\2", message)


VALIDATION_ERRORS = [
    *("unrecognized entity type", "unrecognized action", "unable to find an applicable action", "enumerated entity type"),
    *("unexpected type", "are not compatible", "access to optional attribute", "access to tag", "`.getTag()` is not allowed"),
    *("not found", "wrong number of arguments", "Failed to parse", "non-literal expressions", "empty set literals"),
]


def survey_schema(comparison, case):
    """How many of the cases are what the generator meant them to be; no comparison."""
    schema, error = attempt(cedarpy.Schema.from_str, case["schema"])
    comparison.distribution["sampled schemas " + ("refused" if error else "taken")] += 1
    if schema is None:
        return
    entities, error = attempt(cedarpy.Entities.from_json_str, case["input"]["entities"], schema)
    comparison.distribution["sampled entity files " + ("that do not conform" if error else "that conform")] += 1
    policies, error = attempt(cedarpy.PolicySet.from_str, case["input"]["policies"])
    if policies is not None:
        valid = cedarpy.validate_policies(case["input"]["policies"], schema).validation_passed
        comparison.distribution["sampled policy texts that are " + ("valid" if valid else "not valid")] += 1


def record(path):
    """Writes the reference's answer into a case of the corpus."""
    with open(path) as file:
        case = json.load(file)
    given = case["input"]
    entities, _ = attempt(cedarpy.Entities.from_json_str, given.get("entities", "[]"))
    answer = {"entities": {"taken": entities is not None}} if "entities" in given else {}
    for name, parse in (("policies", cedarpy.PolicySet.from_str), ("policyJSON", cedarpy.PolicySet.from_json_str)):
        if name not in given:
            continue
        policies, _ = attempt(parse, given[name])
        answer[name] = {"taken": policies is not None}
        if policies is None:
            continue
        if name == "policies":
            answer[name]["json"] = json.loads(cedarpy.policies_to_json_str(given[name]))
        if entities is not None and given.get("requests"):
            results = cedarpy.is_authorized_batch(given["requests"], policies, entities)
            answer[name]["responses"] = [reference_response(result) for result in results]
    with open(path, "w") as file:
        json.dump({**case, "reference": answer}, file, indent=2, ensure_ascii=False)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", type=int, default=10, help="how many disagreements to print whole (default 10)")
    parser.add_argument("--disagreements", help="a file for all of them, one JSON object a line")
    parser.add_argument("--record", metavar="FILE", nargs="+", help="cases of the corpus to write the reference's answer into")
    arguments = parser.parse_args()
    if arguments.record:
        for path in arguments.record:
            record(path)
        return

    comparison = Comparison()
    number = -1
    for number, line in enumerate(sys.stdin):
        compare_case(comparison, json.loads(line), number)

    print(f"cases: {number + 1}\n\ncompared:")
    for kind, total in sorted(comparison.compared.items()):
        failed = sum(1 for d in comparison.disagreements if d["kind"] == kind)
        print(f"  {kind}: {total}" + (f", {failed} DIFFER" if failed else ""))
    print("\ndistribution:")
    for name, total in sorted(comparison.distribution.items()):
        print(f"  {name}: {total}")

    failed = {d["case"]["case"] for d in comparison.disagreements}
    if arguments.disagreements:
        with open(arguments.disagreements, "w") as file:
            for disagreement in comparison.disagreements:
                file.write(json.dumps(disagreement, ensure_ascii=False) + "\n")
    for disagreement in comparison.disagreements[: arguments.show]:
        print("\ndisagreement:\n" + json.dumps(disagreement, indent=2, ensure_ascii=False))
    if len(comparison.disagreements) > arguments.show:
        print(f"\n{len(comparison.disagreements) - arguments.show} more disagreements are not shown")
    print(f"\ndifferential: {number + 1 - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed or number < 0 else 0)


if __name__ == "__main__":
    main()
