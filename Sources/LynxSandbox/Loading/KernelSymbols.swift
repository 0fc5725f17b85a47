/// What the kernel says of where its variables are.
enum KernelSymbols {
    /// Goes through all symbols, some hundred thousand lines, of which few are held at a time.
    ///
    /// - Returns: the addresses of those that are there once and have one. A kernel that keeps them to itself gives none, or says 0 of all
    ///   (kernel.kptr_restrict in Documentation/admin-guide/sysctl/kernel.rst).
    static func addresses(of names: [String], in path: String = "/proc/kallsyms") -> [String: UInt64] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [:] }
        defer { close(descriptor) }
        var found: [String: Set<UInt64>] = [:]
        var text: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = block.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            text += block[..<count]
            guard let end = text.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            collect(names, in: text[...end], into: &found)
            text.removeSubrange(...end)
        }
        return found.compactMapValues { $0.count == 1 && $0 != [0] ? $0.first : nil }
    }

    /// - Parameter lines: one for each symbol: the address in 16 digits, a letter for its kind, the name, and for modules theirs behind a tab.
    private static func collect(_ names: [String], in lines: ArraySlice<UInt8>, into found: inout [String: Set<UInt64>]) {
        let digits = 16
        let prefix = digits + " D ".utf8.count
        // The letter says in which section the kernel's linker has put a variable, which may be the text (6.18): the name decides.
        var rest = lines
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            for name in names where line.count == prefix + name.utf8.count && line.dropFirst(prefix).elementsEqual(name.utf8) {
                guard let address = UInt64(String(decoding: line.prefix(digits), as: UTF8.self), radix: 16) else { continue }
                found[name, default: []].insert(address)
            }
        }
    }
}
