import CedarGenerators
import LynxCedar
import Testing

@Suite("The machine and the simple semantics")
struct AgreementTests {
    @Test("agree on decision, reasons and errors, also after changes and with entities of the request's own", arguments: 0..<6)
    func agreement(seed: Int) {
        var tally = AgreementCase.Tally()
        var seeds = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<12 { AgreementCase(seed: seeds.next()).run(&tally) }
        #expect(tally.failures.isEmpty, "\(tally.failures.joined(separator: "\n"))")
        // Agreement is worth little where nothing is decided.
        #expect(tally.passed > 100 && tally.satisfied > 10 && tally.errors > 10)
    }
}
