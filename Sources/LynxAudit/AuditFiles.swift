import Foundation

/// The names of files that were put aside, and which belong together.
public enum AuditFiles {
    private static let digits = 12

    /// `audit.jsonl.000000000123`, by the number of the last record in it: sorted by name they are in order.
    static func name(_ path: String, endingWith sequence: Int64) -> String {
        let number = String(sequence)
        return "\(path).\(String(repeating: "0", count: max(0, digits - number.utf8.count)))\(number)"
    }

    /// The name without that ending; `nil` when it has none.
    private static func base(_ name: String) -> String? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let ending = name[name.index(after: dot)...].utf8
        guard ending.count >= digits, ending.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return String(name[..<dot])
    }

    /// The names, without folder, of what was torn off behind a record: ``AuditTear``. There is more than one where the record that tells of the first was never written.
    static func torn(from path: String, behind sequence: Int64) -> [String] {
        let url = URL(fileURLWithPath: name(path, endingWith: sequence))
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
        return names.filter { $0.hasPrefix(url.lastPathComponent + ".torn") }.sorted(by: isBefore)
    }

    /// The name of the next of those.
    static func nextTorn(from path: String, behind sequence: Int64) -> String {
        let base = name(path, endingWith: sequence) + ".torn"
        let taken = Set(torn(from: path, behind: sequence))
        // One of them is free: there are more than are taken.
        let count = (1...taken.count + 1).first { !taken.contains(URL(fileURLWithPath: ending(base, $0)).lastPathComponent) }
        return ending(base, count ?? 1)
    }

    private static func ending(_ base: String, _ count: Int) -> String { count == 1 ? base : "\(base)-\(count)" }

    /// The files that were put aside from one, in order.
    static func putAside(from path: String) -> [String] {
        let url = URL(fileURLWithPath: path)
        let (folder, name) = (url.deletingLastPathComponent().path, url.lastPathComponent)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { base($0) == name }.sorted(by: isBefore).map { "\(folder)/\($0)" }
    }

    /// Longer numbers are greater.
    private static func isBefore(_ lhs: String, _ rhs: String) -> Bool { (lhs.utf8.count, lhs) < (rhs.utf8.count, rhs) }

    /// What a path stands for: a file with those that were put aside from it before it, or those of a folder.
    ///
    /// - Throws: for a folder that has records of several kinds, or none.
    public static func files(_ path: String) throws(AuditFault) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return putAside(from: path) + [path] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let kinds = Set(names.compactMap { name in base(name) ?? (name.hasSuffix(".jsonl") ? name : nil) })
        guard let kind = kinds.first, kinds.count == 1 else {
            throw AuditFault(kinds.isEmpty ? "`\(path)` has no records" : "`\(path)` has records of several kinds: name the files")
        }
        let file = "\(path)/\(kind)"
        return putAside(from: file) + (FileManager.default.fileExists(atPath: file) ? [file] : [])
    }
}
