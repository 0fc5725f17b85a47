import Foundation
import LynxAudit
import Testing

@Suite("Records")
struct AuditTests {
    private func withFile(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func record(_ id: String) -> AuditRecord { AuditRecord(.decision, id: id, time: 0) }

    @Test("records that come together are all there, in one chain, whatever the durability", arguments: [
        AuditSettings.Durability.always, .interval(10),
    ])
    func together(_ durability: AuditSettings.Durability) async throws {
        try await withFile { path in
            let log = try AuditLog(path: path, AuditSettings(durability))
            await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<500 { group.addTask { try await log.record(record("\(index)")) } }
            }
            guard case .intact(let chain) = try AuditVerification.verify([path]) else {
                Issue.record("not intact")
                return
            }
            #expect(chain.sequence == 500)
            #expect(chain == log.chain)
        }
    }

    @Test("a file goes on where it ended")
    func goesOn() async throws {
        try await withFile { path in
            do {
                let log = try AuditLog(path: path, AuditSettings(.always))
                try await log.record(record("1"))
            }
            let log = try await AuditLog.reopened(path: path, AuditSettings(.always))
            #expect(log.tears.isEmpty)
            try await log.record(record("2"))
            guard case .intact(let chain) = try AuditVerification.verify([path]) else {
                Issue.record("not intact")
                return
            }
            #expect(chain.sequence == 2)
        }
    }

    @Test("every altered byte shows")
    func altered() async throws {
        try await withFile { path in
            let log = try AuditLog(path: path, AuditSettings(.always))
            for id in ["1", "2", "3"] { try await log.record(record(id)) }
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            let copy = path + ".copy"
            defer { try? FileManager.default.removeItem(atPath: copy) }
            for index in bytes.indices.dropLast() {
                var altered = bytes
                altered[index] ^= 1
                try Data(altered).write(to: URL(fileURLWithPath: copy))
                switch try AuditVerification.verify([copy]) {
                case .broken: break
                default: Issue.record("byte \(index) does not show")
                }
            }
        }
    }

    @Test("a file goes on behind a line that is longer than most")
    func longLine() async throws {
        try await withFile { path in
            do {
                let log = try AuditLog(path: path, AuditSettings(.always))
                try await log.record(record("1"))
                try await log.record(record(String(repeating: "2", count: 3 << 20)))
            }
            let log = try await AuditLog.reopened(path: path, AuditSettings(.always))
            try await log.record(record("3"))
            guard case .intact(let chain) = try AuditVerification.verify([path]) else {
                Issue.record("not intact")
                return
            }
            #expect(chain.sequence == 3)
        }
    }

    // Linux: what is written to the device is taken, and fsync answers with EINVAL.
    @Test("where the disk refuses what the system's memory has taken, no record is acknowledged any more")
    func refusingDisk() async throws {
        let log = try AuditLog(path: "/dev/zero", AuditSettings(.interval(1000)))
        try await log.record(record("1"))
        #expect(log.isReady)
        log.synchronize()
        #expect(!log.isReady)
        await #expect(throws: AuditFault.self) { try await log.record(record("2")) }
        #expect(!log.isReady)
    }

    @Test("a file whose last line was altered is not gone on with")
    func alteredEnd() async throws {
        try await withFile { path in
            try Data("{\"seq\":1}\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: AuditFault.self) { _ = try AuditLog(path: path, AuditSettings(.always)) }
        }
    }

    @Test("one process at a time writes a file")
    func oneWriter() async throws {
        try await withFile { path in
            let log = try AuditLog(path: path, AuditSettings(.always))
            try await log.record(record("1"))
            #expect(throws: AuditFault.self) { _ = try AuditLog(path: path, AuditSettings(.always)) }
        }
    }

    /// Where there is a file that is always full.
    @Test("what cannot be written is told, and counted by the first record that can", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func full() async throws {
        for unrecorded in AuditSettings.Unrecorded.allCases {
            let log = try AuditLog(path: "/dev/full", AuditSettings(.interval(1000), unrecorded: unrecorded))
            await #expect(throws: AuditFault.self) { try await log.record(record("1")) }
            #expect(log.fault?.description.contains("No space left") == true)
            #expect(log.isReady == (unrecorded == .allow))
            if unrecorded == .allow {
                #expect(try await !log.recordDecision(record("2")))
            } else {
                await #expect(throws: AuditFault.self) { _ = try await log.recordDecision(record("2")) }
            }
            #expect(log.chain.sequence == 0)
        }
    }
}
