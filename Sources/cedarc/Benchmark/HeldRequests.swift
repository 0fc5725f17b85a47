import LynxCedar

/// Requests as services hold them while they are decided: each in a place of its own, from which it is decided as it is.
///
/// The element of an array would be copied for the call, which counts references to all its strings, and where several threads
/// decide the same requests makes them wait for each other.
final class HeldRequests: Sendable {
    // Invariant: `count` initialised places, which are only read.
    private nonisolated(unsafe) let places: UnsafeMutablePointer<Held>
    let count: Int

    init(_ requests: [Request]) {
        count = requests.count
        places = .allocate(capacity: count)
        for (index, request) in requests.enumerated() { (places + index).initialize(to: Held(request: request)) }
    }

    deinit {
        places.deinitialize(count: count)
        places.deallocate()
    }

    /// - Precondition: `index` is one of a request.
    func decision(at index: Int, by authorizer: Authorizer) -> Decision {
        places[index].decision(by: authorizer)
    }

    private struct Held: ~Copyable {
        let request: Request

        borrowing func decision(by authorizer: Authorizer) -> Decision { authorizer.isAuthorized(request).decision }
    }
}
