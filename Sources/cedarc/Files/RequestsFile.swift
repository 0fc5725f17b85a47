import LynxCedar

/// All requests of a file, for commands that need them at once; `RequestStream` says what such a file looks like.
enum RequestsFile {
    /// How many faulty requests are told before the rest of the file is left unread.
    static let maximumFaults = 20

    /// Reads the requests.
    ///
    /// - Parameter schema: what the requests must be like; `nil` when anything goes.
    /// - Throws: the faults of every request, up to ``maximumFaults`` requests.
    static func read(_ file: InputFile, schema: Schema?) throws(Failure) -> [Request] {
        var stream = try RequestStream(file)
        var requests: [Request] = []
        var faults: [Diagnostic] = []
        var faultyCount = 0
        while faultyCount < maximumFaults {
            do throws(RequestStream.StreamError) {
                guard let text = try stream.next() else { break }
                requests.append(try RequestStream.parse(text, schema: schema, isValidated: true))
            } catch {
                faults += error.failure.diagnostics
                faultyCount += 1
                // Behind a fault of the file itself there is nothing to read.
                if case .file = error { break }
            }
        }
        guard faults.isEmpty else { throw Failure(faults) }
        return requests
    }
}
