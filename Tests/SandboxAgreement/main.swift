import CedarGenerators
import Foundation
import SandboxCases

// Decides on random events by the engine, by the generated code on this machine, and by the generated code in its kernel.
//
//     sandbox-agreement [--seed N] [--policies N] [--events N] [--only SEED] [--write FOLDER]
//
// Policies come in sets of up to twenty and families of more, each with its share of the events. `--write` leaves the code and the tables of one set
// in a folder, for programs that are not of here.

var seed: UInt64 = 1
var policies = 1000
var events = 1_000_000
var only: UInt64?
var output: String?
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
    guard let text = arguments.popFirst() else { usage() }
    if argument == "--write" {
        output = text
        continue
    }
    guard let value = UInt64(text) else { usage() }
    switch argument {
    case "--seed": seed = value
    case "--policies": policies = Int(clamping: value)
    case "--events": events = Int(clamping: value)
    case "--only": only = value
    default: usage()
    }
}

func usage() -> Never {
    print("usage: sandbox-agreement [--seed N] [--policies N] [--events N] [--only SEED] [--write FOLDER]")
    exit(2)
}

if let output {
    let attempt = try SandboxCase(seed: only ?? seed, policyCount: 12, eventCount: 1)
    for (name, bytes) in attempt.files { try Data(bytes).write(to: URL(fileURLWithPath: "\(output)/\(name)")) }
    exit(0)
}

let folder = try CaseFolder()
guard let programs = try CasePrograms(folder) else {
    print("skipped: there is no clang here that compiles for the kernel")
    exit(0)
}
if let reason = programs.reasonWithoutKernel { print("skipped: the kernel, because \(reason); the code runs natively only") }

var seeds = SeededGenerator(seed: seed)
var (policiesTried, eventsTried, allowed, errors, failures) = (0, 0, 0, 0, 0)
while (policiesTried < policies || eventsTried < events) && failures < 20 {
    let caseSeed = only ?? seeds.next()
    let count = Int(caseSeed % 12) + 1
    // About fifteen policies make a set.
    let share = max(100, events / max(1, policies / 15))
    let attempt: SandboxCase
    do {
        attempt = try SandboxCase(seed: caseSeed, policyCount: count, eventCount: share)
    } catch {
        // The set is more than one program can hold.
        if only != nil { print(error) }
        if only != nil { break }
        continue
    }
    var runs = [("native", try programs.nativeVerdicts(attempt.program, events: attempt.wire))]
    if programs.reasonWithoutKernel == nil { runs.append(("kernel", try programs.kernelVerdicts(attempt.program, events: attempt.wire))) }
    for (name, verdicts) in runs {
        let found = attempt.disagreements(verdicts)
        failures += found.count
        for line in found.prefix(3) { print("\(name), seed \(caseSeed): \(line)") }
    }
    policiesTried += attempt.policyCount
    eventsTried += attempt.eventCount
    allowed += attempt.allowedCount
    errors += attempt.errorCount
    if only != nil { break }
}
print("of these: \(allowed) allowed, \(errors) with policies that are errors")
print(
    "sandbox-agreement: \(eventsTried) events, \(policiesTried) policies,",
    "\(programs.reasonWithoutKernel == nil ? "native and kernel" : "native only"), \(failures) disagreements")
exit(failures == 0 ? 0 : 1)
