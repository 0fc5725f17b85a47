import LynxCedar

/// Requests as services hold them while they are decided: each in a place of its own, from which it is decided as it is.
///
/// The element of an array would be copied for the call, which counts references to all its strings: that would be measured too, and
/// where several threads decide the same requests they would wait for each other. `cedarc bench` holds them in the same way.
public final class HeldRequests: Sendable {
    // Invariant: `count` initialised places, which are only read.
    private nonisolated(unsafe) let places: UnsafeMutablePointer<Held>
    public let count: Int

    public init(_ requests: [Request]) {
        count = requests.count
        places = .allocate(capacity: count)
        for (index, request) in requests.enumerated() { (places + index).initialize(to: Held(request: request)) }
    }

    deinit {
        places.deinitialize(count: count)
        places.deallocate()
    }

    /// Decides so many requests in their order, from the first one after the last.
    ///
    /// - Parameter first: where to begin; any number, as threads begin at different ones.
    /// - Returns: how many were allowed: nobody may find that the decisions are not needed and leave them out.
    public func allowed(of decisions: Int, from first: Int = 0, by authorizer: Authorizer) -> Int {
        guard count > 0 else { return 0 }
        var allowed = 0
        var next = first % count
        for _ in 0..<decisions {
            if places[next].decision(by: authorizer) == .allow { allowed += 1 }
            next = next + 1 == count ? 0 : next + 1
        }
        return allowed
    }

    private struct Held: ~Copyable {
        let request: Request

        borrowing func decision(by authorizer: Authorizer) -> Decision { authorizer.isAuthorized(request).decision }
    }
}
