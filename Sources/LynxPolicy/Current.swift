import Synchronization

/// What is in force. Whoever decides takes it once and goes on with it; the next is put in place whole, and nobody waits.
public final class Current<Value: Sendable>: Sendable {
    private let storage: Mutex<Value>

    public init(_ value: Value) {
        storage = Mutex(value)
    }

    public var value: Value { storage.withLock { $0 } }

    public func replace(with next: Value) {
        storage.withLock { $0 = next }
    }
}
