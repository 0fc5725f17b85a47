import ArgumentParser

/// The standard input can be read only once.
enum StandardInput {
    /// - Throws: a usage error when more than one of `files` is the standard input.
    static func checkUsedOnce(_ files: [InputFile?]) throws {
        guard files.count(where: { $0 == .standardInput }) > 1 else { return }
        throw ValidationError("The standard input can be read only once; give a file for all inputs but one.")
    }
}
