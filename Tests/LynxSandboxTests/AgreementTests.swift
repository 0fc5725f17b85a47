import SandboxCases
import Testing

@Suite("Generated decisions")
struct AgreementTests {
    @Test("the generated code decides as the engine does, natively and in the kernel", arguments: [1, 2, 4, 11] as [UInt64])
    func agrees(seed: UInt64) throws {
        let folder = try CaseFolder()
        guard let programs = try CasePrograms(folder) else {
            print("skipped: there is no clang here that compiles for the kernel")
            return
        }
        let attempt = try SandboxCase(seed: seed, policyCount: 4, eventCount: 1000)
        #expect(attempt.disagreements(try programs.nativeVerdicts(attempt.program, events: attempt.wire)).isEmpty)
        if let reason = programs.reasonWithoutKernel {
            print("skipped: the kernel, because \(reason)")
            return
        }
        #expect(attempt.disagreements(try programs.kernelVerdicts(attempt.program, events: attempt.wire)).isEmpty)
    }
}
