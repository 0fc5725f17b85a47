import LynxCedar
import Yams

/// A mapping of the configuration, whose keys are read one by one. Faults are collected, and a key that nobody has asked for is one.
struct ConfigurationSection {
    let faults: ConfigurationFaults
    /// What messages call it; empty for the whole file.
    let name: String
    private let mapping: Node.Mapping
    private let asked = AskedKeys()

    private final class AskedKeys {
        var names: Set<String> = []
    }

    /// - Returns: `nil` when the node is no mapping, which is reported.
    init?(_ node: Node, name: String, _ faults: ConfigurationFaults) {
        guard case .mapping(let mapping) = node else {
            faults.report("\(name.isEmpty ? "the file" : "`\(name)`") must be a mapping of keys to values", at: node)
            return nil
        }
        self.mapping = mapping
        self.name = name
        self.faults = faults
    }

    var mark: Mark? { mapping.mark }

    /// All of them, where names are free.
    var keys: [String] { mapping.compactMap { $0.key.scalar?.string } }

    private func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    /// - Returns: `nil` also for a key without a value.
    func node(_ key: String) -> Node? {
        asked.names.insert(key)
        guard let node = mapping.first(where: { $0.key.scalar?.string == key })?.value else { return nil }
        if case .scalar(let scalar) = node, scalar.string.isEmpty, scalar.style == .plain { return nil }
        return node
    }

    func has(_ key: String) -> Bool { node(key) != nil }

    func report(_ message: String, at key: String, help: String? = nil) {
        faults.report(message, at: mapping.first { $0.key.scalar?.string == key }?.value.mark ?? mapping.mark, help: help)
    }

    // MARK: Texts

    func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard case .scalar(let scalar) = node else {
            faults.report("`\(path(key))` must be a text", at: node)
            return nil
        }
        return scalar.string
    }

    /// - Returns: an empty text when there is none, which is reported.
    func required(_ key: String) -> String {
        if let text = text(key) { return text }
        if node(key) == nil { faults.report("`\(path(key))` is missing", at: mapping.mark) }
        return ""
    }

    /// A list of texts, or one text.
    func texts(_ key: String) -> [String] {
        guard let node = node(key) else { return [] }
        switch node {
        case .scalar(let scalar): return [scalar.string]
        case .sequence(let elements):
            return elements.compactMap { element in
                if case .scalar(let scalar) = element { return scalar.string }
                faults.report("`\(path(key))` must be a list of texts", at: element)
                return nil
            }
        default:
            faults.report("`\(path(key))` must be a list of texts", at: node)
            return []
        }
    }

    // MARK: Choices and numbers

    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, default choice: Choice) -> Choice where Choice.RawValue == String {
        guard let text = text(key) else { return choice }
        if let chosen = Choice(rawValue: text) { return chosen }
        let known = Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        report("`\(path(key))` cannot be `\(text)`", at: key, help: "it is one of \(known)")
        return choice
    }

    func flag(_ key: String, default flag: Bool) -> Bool {
        switch text(key) {
        case nil: return flag
        case "true"?: return true
        case "false"?: return false
        default:
            report("`\(path(key))` must be `true` or `false`", at: key)
            return flag
        }
    }

    /// A time such as `30s`, `5m`, `2h` or `1d`.
    func seconds(_ key: String, default seconds: Int64, in range: ClosedRange<Int64>) -> Int64 {
        guard let text = text(key) else { return seconds }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            case (let value, false) = count.multipliedReportingOverflow(by: unit)
        else {
            report("`\(path(key))` must be a time", at: key, help: "write `30s`, `5m`, `2h` or `1d`")
            return seconds
        }
        guard range.contains(value) else {
            report("`\(path(key))` must be between \(range.lowerBound) and \(range.upperBound) seconds", at: key)
            return seconds
        }
        return value
    }

    /// A size such as `4096`, `64KB`, `100MB` or `1GB`, in steps of 1024.
    func bytes(_ key: String, default bytes: Int64, in range: ClosedRange<Int64>) -> Int64 {
        guard let text = text(key) else { return bytes }
        let units: [(String, Int64)] = [("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("", 1)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            guard let count = Int64(text.dropLast(unit.count)), case (let value, false) = count.multipliedReportingOverflow(by: factor) else { break }
            guard range.contains(value) else {
                report("`\(path(key))` must be between \(range.lowerBound) and \(range.upperBound) bytes", at: key)
                return bytes
            }
            return value
        }
        report("`\(path(key))` must be a size", at: key, help: "write `64KB`, `100MB` or `1GB`")
        return bytes
    }

    /// A number.
    func number(_ key: String, default number: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = text(key) else { return number }
        guard let value = Int(text), range.contains(value) else {
            report("`\(path(key))` must be a number between \(range.lowerBound) and \(range.upperBound)", at: key)
            return number
        }
        return value
    }

    // MARK: Sections

    func section(_ key: String) -> ConfigurationSection? {
        node(key).flatMap { ConfigurationSection($0, name: path(key), faults) }
    }

    func sections(_ key: String) -> [ConfigurationSection] {
        guard let node = node(key) else { return [] }
        guard case .sequence(let elements) = node else {
            faults.report("`\(path(key))` must be a list", at: node)
            return []
        }
        return elements.enumerated().compactMap { ConfigurationSection($1, name: "\(path(key))[\($0)]", faults) }
    }

    /// Reports the keys that nobody has asked for.
    func finish() {
        for (key, _) in mapping where !asked.names.contains(key.scalar?.string ?? "") {
            let known = asked.names.sorted().map { "`\($0)`" }.joined(separator: ", ")
            faults.report("there is no key `\(path(key.scalar?.string ?? "?"))`", at: key, help: "the keys here are \(known)")
        }
    }
}
