import CedarGenerators
import Foundation
import LynxCedar

// Writes random cases with this engine's answers to standard output, one JSON object a line; compare.py asks the
// reference engine about the same.
//
//     differential --seed 1 --count 20000

func fail(_ message: String) -> Never {
    let text = "differential: \(message)\nusage: differential [--seed NUMBER] [--count NUMBER]\n"
    FileHandle.standardError.write(Data(text.utf8))
    exit(64)
}

var seed: UInt64 = 1
var count = 1000
var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.popFirst() {
    guard let value = arguments.popFirst() else { fail("\(option) needs a number") }
    switch option {
    case "--seed":
        guard let number = UInt64(value) else { fail("'\(value)' is no seed") }
        seed = number
    case "--count":
        guard let number = Int(value), number >= 0 else { fail("'\(value)' is no count") }
        count = number
    default:
        fail("unknown option \(option)")
    }
}

// Every case has a seed of its own: `Scenario(seed:)` and `TypedScenario(seed:)` make it again without the others.
var seeds = SeededGenerator(seed: seed)
for number in 0..<count {
    let caseSeed = seeds.next()
    let scenario = Scenario(seed: caseSeed)
    let line: JSONValue = [
        "case": JSONValue(.integer(Int64(number))),
        "seed": JSONValue(.string(CedarString("\(caseSeed)"))),
        "schema": JSONValue(.string(CedarString(scenario.schema))),
        "input": scenario.input.json,
        "answer": DifferentialAnswer(scenario.input).json,
        "validation": ValidationCase(TypedScenario(seed: caseSeed)).json,
    ]
    print(line)
}
