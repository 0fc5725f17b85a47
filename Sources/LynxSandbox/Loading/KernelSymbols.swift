/// What the kernel says of where its variables are.
enum KernelSymbols {
    /// Goes through all symbols, some hundred thousand lines.
    ///
    /// - Returns: the addresses of those that are there once and have one. A kernel that keeps them to itself gives none, or says 0 of all
    ///   (kernel.kptr_restrict in Documentation/admin-guide/sysctl/kernel.rst).
    static func addresses(of names: [String]) -> [String: UInt64] {
        guard let text = try? SmallFile.read("/proc/kallsyms") else { return [:] }
        return addresses(of: names, in: text)
    }

    /// - Parameter text: a line for each symbol: the address in 16 digits, a letter for its kind, the name, and for modules theirs behind a tab.
    static func addresses(of names: [String], in text: [UInt8]) -> [String: UInt64] {
        let digits = 16
        let prefix = digits + " D ".utf8.count
        var found: [String: Set<UInt64>] = [:]
        var rest = text[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            for name in names where line.count == prefix + name.utf8.count && line.dropFirst(prefix).elementsEqual(name.utf8) {
                guard let address = UInt64(String(decoding: line.prefix(digits), as: UTF8.self), radix: 16) else { continue }
                found[name, default: []].insert(address)
            }
        }
        return found.compactMapValues { $0.count == 1 && $0 != [0] ? $0.first : nil }
    }
}
