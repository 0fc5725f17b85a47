import Foundation
import LynxAudit
import Testing

@Suite("Records that were never finished")
struct TearTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)").path

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body("\(folder)/audit.jsonl")
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    private func append(_ text: String, to path: String) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    /// What verification finds, and how many records there are.
    private func verified(_ path: String) throws -> (count: Int64?, tears: [AuditTear]) {
        var tears: [AuditTear] = []
        let outcome = try AuditVerification.verify(AuditFiles.files(path)) { tear, _, _ in tears.append(tear) }
        guard case .intact(let chain) = outcome else { return (nil, tears) }
        return (chain.sequence, tears)
    }

    // `printf '{"seq":3,"prev"' | sha256sum`
    private static let torn = #"{"seq":3,"prev""#
    private static let hash = "53f79362439fcef3eebf98e9ce1c3f833099dfadd78890ab8e6a846d0dd9dc94"

    @Test("what was torn lies beside the file, and the next record says what it was")
    func kept() async throws {
        try await withFolder { path in
            do {
                let log = try AuditLog(path: path, AuditSettings(.always))
                for id in ["1", "2"] { try await log.record(AuditRecord(.decision, id: id, time: 0)) }
            }
            try append(Self.torn, to: path)
            do {
                let log = try await AuditLog.reopened(path: path, AuditSettings(.always))
                #expect(log.tears.map(\.name) == ["audit.jsonl.000000000002.torn"])
                #expect(log.tears.map(\.size) == [15])
                #expect(log.tears.map(\.hash) == [Self.hash])
                #expect(log.chain.sequence == 3, "before anything else is written")
                try await log.record(AuditRecord(.decision, id: "3", time: 0))
            }
            #expect(try names() == ["audit.jsonl", "audit.jsonl.000000000002.torn"])
            #expect(try String(contentsOfFile: "\(folder)/audit.jsonl.000000000002.torn", encoding: .utf8) == Self.torn)
            let found = try verified(path)
            #expect(found.count == 4)
            #expect(found.tears.map(\.hash) == [Self.hash])
            let tear = try #require(found.tears.first)
            #expect(tear.remains(in: folder) == .whole)
            // Nothing is torn any more.
            let log = try await AuditLog.reopened(path: path, AuditSettings(.always))
            #expect(log.tears.isEmpty && log.chain.sequence == 4)
            try Data("other".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(tear.name)"))
            #expect(tear.remains(in: folder) == .altered)
            try FileManager.default.removeItem(atPath: "\(folder)/\(tear.name)")
            #expect(tear.remains(in: folder) == .missing)
        }
    }

    @Test("a program that was ended before it could say so says it when it is started again")
    func endedMeanwhile() async throws {
        try await withFolder { path in
            do {
                let log = try AuditLog(path: path, AuditSettings(.always))
                try await log.record(AuditRecord(.decision, id: "1", time: 0))
            }
            // Kept and cut off, and the record of it begun.
            try Data(Self.torn.utf8).write(to: URL(fileURLWithPath: path + ".000000000001.torn"))
            try append("{", to: path)
            let log = try await AuditLog.reopened(path: path, AuditSettings(.always))
            #expect(log.tears.map(\.name) == ["audit.jsonl.000000000001.torn", "audit.jsonl.000000000001.torn-2"])
            #expect(log.tears.map(\.size) == [15, 1])
            let found = try verified(path)
            #expect(found.count == 3)
            #expect(found.tears == log.tears)
        }
    }

    @Test("a program that was ended between keeping and cutting off keeps it once")
    func keptOnce() async throws {
        try await withFolder { path in
            try Data(Self.torn.utf8).write(to: URL(fileURLWithPath: path))
            try Data(Self.torn.utf8).write(to: URL(fileURLWithPath: path + ".000000000000.torn"))
            let log = try AuditLog(path: path, AuditSettings(.always))
            #expect(log.tears.map(\.name) == ["audit.jsonl.000000000000.torn"])
            #expect(try verified(path).count == 1)
            #expect(try verified(folder).tears == log.tears, "a folder's records are the same")
        }
    }

    @Test("what cannot be kept is not cut off")
    func cannotKeep() async throws {
        try await withFolder { path in
            try Data(Self.torn.utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.createDirectory(atPath: path + ".000000000000.torn", withIntermediateDirectories: false)
            #expect(throws: AuditFault.self) { _ = try AuditLog(path: path, AuditSettings(.always)) }
            #expect(FileManager.default.contents(atPath: path) == Data(Self.torn.utf8))
        }
    }

    @Test("what could not be kept as a whole leaves nothing, and is kept when there is room")
    func noRoom() async throws {
        try await withFolder { path in
            try Data(Self.torn.utf8).write(to: URL(fileURLWithPath: path))
            // Whatever is written there finds no space.
            try FileManager.default.createSymbolicLink(atPath: path + ".unfinished", withDestinationPath: "/dev/full")
            #expect(throws: AuditFault.self) { _ = try AuditLog(path: path, AuditSettings(.always)) }
            #expect(FileManager.default.contents(atPath: path) == Data(Self.torn.utf8))
            #expect(try names() == ["audit.jsonl"])
            let log = try await AuditLog.reopened(path: path, AuditSettings(.always))
            #expect(log.tears.map(\.hash) == [Self.hash])
            #expect(try names() == ["audit.jsonl", "audit.jsonl.000000000000.torn"])
        }
    }

    @Test("a record of a tear that is altered breaks the chain, as any other")
    func altered() async throws {
        try await withFolder { path in
            try Data(Self.torn.utf8).write(to: URL(fileURLWithPath: path))
            do { _ = try AuditLog(path: path, AuditSettings(.always)) }
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try Data(text.replacingOccurrences(of: Self.hash, with: String(Self.hash.reversed())).utf8).write(to: URL(fileURLWithPath: path))
            #expect(try verified(path).count == nil)
        }
    }
}
