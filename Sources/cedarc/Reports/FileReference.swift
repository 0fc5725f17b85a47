/// A file's path as a URI reference (RFC 3986): relative to the working directory where the file lies in it.
enum FileReference: Hashable {
    case relative(String)
    case absolute(String)

    init(path: String, workingDirectory: String? = FileReference.workingDirectory) {
        guard let workingDirectory else {
            self = path.utf8.first == UInt8(ascii: "/")
                ? .absolute("file://" + FileReference.encode(path)) : .relative(FileReference.encode(path))
            return
        }
        let whole = path.utf8.first == UInt8(ascii: "/") ? path : workingDirectory + "/" + path
        let parts = FileReference.normalized(whole)
        let base = FileReference.normalized(workingDirectory)
        if parts.count > base.count, parts.starts(with: base) {
            self = .relative(FileReference.encode(parts.dropFirst(base.count).joined(separator: "/")))
        } else {
            self = .absolute("file:///" + FileReference.encode(parts.joined(separator: "/")))
        }
    }

    private static func normalized(_ path: String) -> [Substring] {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return parts
    }

    /// Everything is encoded but what RFC 3986, 2.3 leaves unreserved, and the slashes.
    private static func encode(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return path.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 0xF)])"
            }
        }
    }

    private static var workingDirectory: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}
