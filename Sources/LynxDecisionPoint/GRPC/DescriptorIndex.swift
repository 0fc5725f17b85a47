/// The descriptions of our services, as reflection gives them out: files of protobuf definitions, and what is declared in each.
struct DescriptorIndex: Sendable {
    private let files: [String: File]
    private let fileBySymbol: [String: String]
    let services: [String]

    private struct File: Sendable {
        let bytes: [UInt8]
        let imports: [String]
    }

    /// - Parameter set: a FileDescriptorSet.
    /// - Throws: when it is none.
    init(set: [UInt8]) throws(WireReader.Fault) {
        var files: [String: File] = [:]
        var fileBySymbol: [String: String] = [:]
        var services: [String] = []
        var reader = WireReader(set[...])
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            let bytes = try field.value.bytes()
            let contents = try FileContents(bytes)
            files[contents.name] = File(bytes: Array(bytes), imports: contents.imports)
            for symbol in contents.symbols { fileBySymbol[symbol] = contents.name }
            services += contents.services
        }
        self.files = files
        self.fileBySymbol = fileBySymbol
        self.services = services.sorted()
    }

    /// The definitions of a file and of all that it imports.
    func definitions(file name: String) -> [[UInt8]]? {
        guard files[name] != nil else { return nil }
        var definitions: [[UInt8]] = []
        var pending = [name]
        var seen: Set<String> = []
        while let next = pending.popLast() {
            guard seen.insert(next).inserted, let file = files[next] else { continue }
            definitions.append(file.bytes)
            pending += file.imports
        }
        return definitions
    }

    func definitions(symbol: String) -> [[UInt8]]? {
        fileBySymbol[symbol].flatMap { definitions(file: $0) }
    }
}

/// What a FileDescriptorProto declares: google/protobuf/descriptor.proto has the numbers.
private struct FileContents {
    private(set) var name = ""
    private(set) var imports: [String] = []
    private(set) var symbols: [String] = []
    private(set) var services: [String] = []
    private var package = ""

    init(_ bytes: ArraySlice<UInt8>) throws(WireReader.Fault) {
        var reader = WireReader(bytes)
        var declared: [(isService: Bool, message: WireReader)] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try field.value.text()
            case 2: package = try field.value.text()
            case 3: imports.append(try field.value.text())
            case 4: declared.append((false, try field.value.message()))
            case 6: declared.append((true, try field.value.message()))
            default: break
            }
        }
        for (isService, message) in declared {
            let names = try FileContents.names(message)
            let full = package.isEmpty ? names.own : "\(package).\(names.own)"
            symbols.append(full)
            symbols += names.inner.map { "\(full).\($0)" }
            if isService { services.append(full) }
        }
    }

    /// The name of a message or service, and those of its methods.
    private static func names(_ message: WireReader) throws(WireReader.Fault) -> (own: String, inner: [String]) {
        var reader = message
        var own = ""
        var inner: [String] = []
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, _): own = try field.value.text()
            case (2, .bytes):
                var member = try field.value.message()
                while let field = try member.next() { if field.number == 1 { inner.append(try field.value.text()) } }
            default: break
            }
        }
        return (own, inner)
    }
}
