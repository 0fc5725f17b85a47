import CedarGenerators
import Foundation
import LynxCedar

// Decides random requests by the machine and by the simple semantics, and compares all that an answer says.
//
//     agreement [--seed N] [--cases N] [--only SEED]
//
// A case is a policy set, a store and a request. Every seed's scenario is asked about as it is, again with policies and entities added,
// replaced and removed one by one, and with entities that come with the request.

var seed: UInt64 = 1
var cases = 100_000
var only: UInt64?
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    guard let value = arguments.popFirst().flatMap({ UInt64($0) }) else { usage() }
    switch argument {
    case "--seed": seed = value
    case "--cases": cases = Int(clamping: value)
    case "--only": only = value
    default: usage()
    }
}

func usage() -> Never {
    print("usage: agreement [--seed N] [--cases N] [--only SEED]")
    exit(2)
}

var tally = AgreementCase.Tally()
if let only {
    AgreementCase(seed: only).run(&tally, isVerbose: true)
} else {
    // A long run says how far it is after every twentieth, so that one that was ended early has still shown something.
    var seeds = SeededGenerator(seed: seed)
    var reported = 0
    while tally.passed < cases && tally.failures.count < 20 {
        AgreementCase(seed: seeds.next()).run(&tally)
        let twentieth = tally.passed / max(1, cases / 20)
        if twentieth > reported {
            reported = twentieth
            FileHandle.standardError.write(Data("\(tally.passed) passed, \(tally.failures.count) failed so far\n".utf8))
        }
    }
}
for failure in tally.failures { print(failure) }
print(
    "of these: \(tally.satisfied) with reasons, \(tally.errors) with errors,",
    "\(tally.policies / max(1, tally.passed + tally.failures.count)) policies on average")
print("agreement: \(tally.passed) passed, \(tally.failures.count) failed")
exit(tally.failures.isEmpty ? 0 : 1)
