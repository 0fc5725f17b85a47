"""Asks the reference implementation (PyPI: cedarpy) which of the schemas on standard input it accepts; see README.md."""

import json
import sys

import cedarpy


def accepted(case):
    try:
        if "schema" in case:
            cedarpy.Schema.from_str(case["schema"])
        else:
            cedarpy.Schema.from_json_str(case["jsonSchema"])
        return True
    except ValueError:
        return False


for line in sys.stdin:
    case = json.loads(line)
    case["accepted"] = accepted(case)
    print(json.dumps(case, ensure_ascii=False))
