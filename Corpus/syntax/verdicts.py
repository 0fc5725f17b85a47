"""Asks the reference implementation (PyPI: cedarpy) which of the texts on standard input it accepts; see README.md."""

import json
import sys

import cedarpy


def accepted(case):
    text = case.get("policies")
    if text is None:
        text = "permit(principal,action,resource) when { %s\n};" % case["expression"]
    try:
        cedarpy.policies_to_json_str(text)
        return True
    except ValueError:
        return False


for line in sys.stdin:
    case = json.loads(line)
    case["accepted"] = accepted(case)
    print(json.dumps(case))
