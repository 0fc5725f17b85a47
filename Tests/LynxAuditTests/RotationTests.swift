import Foundation
import LynxAudit
import Testing

@Suite("Files of records")
struct RotationTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)").path

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body("\(folder)/audit.jsonl")
    }

    private func write(_ count: Int, to log: AuditLog) async throws {
        for index in 0..<count { try await log.record(AuditRecord(.decision, id: "\(index)", time: 0)) }
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    private func expectIntact(_ path: String, _ count: Int64, sourceLocation: SourceLocation = #_sourceLocation) throws {
        switch try AuditVerification.verify(AuditFiles.files(path)) {
        case .intact(let chain): #expect(chain.sequence == count, sourceLocation: sourceLocation)
        case let other: Issue.record("\(other)", sourceLocation: sourceLocation)
        }
    }

    private static let settings = AuditSettings(.always, rotation: 4096)

    @Test("a file that has grown is put aside, and the chain goes on in the next, through ends and starts of the program")
    func rotates() async throws {
        try await withFolder { path in
            // A line has over 200 bytes: two hashes of 64 digits and their names.
            for _ in 0..<3 { try await write(100, to: AuditLog.reopened(path: path, Self.settings)) }
            let names = try names()
            #expect(names.count >= 4)
            #expect(names.first == "audit.jsonl")
            #expect(names.dropFirst().allSatisfy { $0.hasPrefix("audit.jsonl.000000000") && $0.utf8.count == "audit.jsonl.".utf8.count + 12 })
            for name in names.dropFirst() {
                let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                #expect(text.utf8.count >= 4096 && text.utf8.count < 8192)
                // The name is the number of the last record.
                #expect(text.split(separator: "\n").last?.hasPrefix("{\"seq\":\(Int(name.suffix(12)) ?? -1),") == true)
            }
            try expectIntact(path, 300)
            try expectIntact(folder, 300)
        }
    }

    @Test("a file that was taken away from between the others shows")
    func missingFile() async throws {
        try await withFolder { path in
            try await write(100, to: AuditLog(path: path, Self.settings))
            let names = try names()
            try FileManager.default.removeItem(atPath: "\(folder)/\(names[2])")
            guard case .broken(let file, 1, .outOfOrder) = try AuditVerification.verify(AuditFiles.files(path)) else {
                Issue.record("nothing shows")
                return
            }
            #expect(file.hasSuffix(names.count > 3 ? names[3] : "audit.jsonl"))
        }
    }

    @Test("a program that was ended in the midst of putting a file aside goes on with it")
    func halfRotated() async throws {
        try await withFolder { path in
            try await write(100, to: AuditLog(path: path, AuditSettings(.always)))
            try FileManager.default.linkItem(atPath: path, toPath: path + ".000000000100")
            try await write(1, to: AuditLog.reopened(path: path, Self.settings))
            #expect(try names() == ["audit.jsonl", "audit.jsonl.000000000100"])
            try expectIntact(path, 101)
        }
    }

    @Test("when a file cannot be put aside, it is gone on with, and that is told")
    func cannotRotate() async throws {
        try await withFolder { path in
            try FileManager.default.createDirectory(atPath: path + ".next", withIntermediateDirectories: false)
            let log = try AuditLog(path: path, Self.settings)
            try await write(100, to: log)
            #expect(log.rotationFault != nil)
            #expect(log.fault == nil)
            try expectIntact(path, 100)
        }
    }

    @Test("where somebody else moves the file, the chain goes on in a new one when that is asked for")
    func reopens() async throws {
        try await withFolder { path in
            let log = try AuditLog(path: path, AuditSettings(.always))
            try await write(3, to: log)
            #expect(try !log.reopen())
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            try await write(1, to: log)
            #expect(try log.reopen())
            try await write(2, to: log)
            guard case .intact(let chain) = try AuditVerification.verify([path + ".1", path]) else {
                Issue.record("not intact")
                return
            }
            #expect(chain.sequence == 6)
            // Another's file is not written to.
            try FileManager.default.moveItem(atPath: path, toPath: path + ".2")
            try Data("somebody's\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: AuditFault.self) { try log.reopen() }
            try await write(1, to: log)
            guard case .intact(let last) = try AuditVerification.verify([path + ".1", path + ".2"]) else {
                Issue.record("not intact")
                return
            }
            #expect(last.sequence == 7)
        }
    }
}
