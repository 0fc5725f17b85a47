import LynxCedar

/// An open file, read piece by piece so that no more of it is in memory than is asked for.
struct InputReader: ~Copyable {
    private let descriptor: Int32
    private let isOwned: Bool
    private let role: String
    private let name: String
    /// What the file says of its size; 0 for pipes and devices.
    private let expectedSize: Int
    private var chunk = [UInt8](repeating: 0, count: 1 << 18)

    /// - Parameter isOwned: whether the descriptor is closed with the reader.
    init(descriptor: Int32, role: String, name: String, isOwned: Bool) throws(Failure) {
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        let kind = status.st_mode & S_IFMT
        self.descriptor = descriptor
        self.isOwned = isOwned
        self.role = role
        self.name = name
        self.expectedSize = isKnown && kind == S_IFREG ? Int(status.st_size) : 0
        if isKnown && kind == S_IFDIR { throw Failure("the \(role) file `\(name)` is a directory") }
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Appends the next bytes of the file to `bytes`.
    ///
    /// - Returns: how many; 0 at the end of the file.
    mutating func read(into bytes: inout [UInt8]) throws(Failure) -> Int {
        while true {
            let count = chunk.withUnsafeMutableBytes { readBytes(descriptor, $0) }
            if count >= 0 {
                bytes += chunk.prefix(count)
                return count
            }
            guard errno == EINTR else {
                throw Failure("cannot read the \(role) file `\(name)`: \(SystemError(code: errno))")
            }
        }
    }

    /// The rest of the file.
    ///
    /// - Throws: when it is larger than ``SourceText/maximumSize``, before more of it than that is in memory.
    mutating func readToEnd() throws(Failure) -> [UInt8] {
        let tooLarge = Failure(
            "the \(role) file `\(name)` is too large", help: "at most \(SourceText.maximumSize) bytes can be read")
        guard expectedSize <= SourceText.maximumSize else { throw tooLarge }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expectedSize)
        while try read(into: &bytes) > 0 {
            guard bytes.count <= SourceText.maximumSize else { throw tooLarge }
        }
        return bytes
    }
}

/// `read(2)`, under a name that the method above does not hide.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
