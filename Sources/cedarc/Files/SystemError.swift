/// An error number of the C library with its text.
struct SystemError: CustomStringConvertible {
    let code: Int32

    var description: String {
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
