import LynxCedar

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// Decides the requests of a file a given number of times in all, one after the other, and prints how many were allowed: a program
// that does nothing else, for counting what a decision takes.
//
//     decide POLICIES ENTITIES REQUESTS DECISIONS

struct Unreadable: Error, CustomStringConvertible {
    let description: String
}

/// The bytes of a file.
func read(_ path: String) throws(Unreadable) -> [UInt8] {
    guard let file = fopen(path, "r") else { throw Unreadable(description: "cannot open \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        guard count > 0 else { return bytes }
        bytes += chunk.prefix(count)
    }
}

func requests(_ source: SourceText) throws -> [Request] {
    guard case .array(let elements) = try JSONValue(parsing: source).kind else {
        throw Unreadable(description: "\(source.name) is not an array of requests")
    }
    return try elements.map { try Request(json: $0, source: source) }
}

let arguments = CommandLine.arguments
guard arguments.count == 5, let decisions = Int(arguments[4]) else {
    throw Unreadable(description: "decide POLICIES ENTITIES REQUESTS DECISIONS")
}
let sources = try arguments[1...3].map { try SourceText(utf8: read($0), name: $0) }
let authorizer = try Authorizer(policies: PolicySet(cedar: sources[0]), entities: Entities(json: sources[1]))
let toDecide = try requests(sources[2])
guard !toDecide.isEmpty else { throw Unreadable(description: "there are no requests") }

/// A request as a service holds one while it is decided. An array's element would be copied for the call, with all its strings.
struct HeldRequest: ~Copyable {
    let request: Request

    borrowing func isAllowed(by authorizer: Authorizer) -> Bool { authorizer.isAuthorized(request).decision == .allow }
}

func allowed(_ requests: UnsafeMutableBufferPointer<HeldRequest>, of decisions: Int, by authorizer: Authorizer) -> Int {
    var allowed = 0
    var next = 0
    for _ in 0..<decisions {
        if requests[next].isAllowed(by: authorizer) { allowed += 1 }
        next = next + 1 == requests.count ? 0 : next + 1
    }
    return allowed
}

// Kept until the program ends.
let held = UnsafeMutableBufferPointer<HeldRequest>.allocate(capacity: toDecide.count)
for (index, request) in toDecide.enumerated() { held.initializeElement(at: index, to: HeldRequest(request: request)) }
print(allowed(held, of: decisions, by: authorizer))
