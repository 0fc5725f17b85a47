#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs `body` to its end on a thread of its own whose stack has `size` bytes: what overflows it ends the test run.
func withStack(of size: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0, pthread_attr_setstacksize(&attributes, size * stackScale) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    let box = Unmanaged.passRetained(Box(body))
    #if canImport(Darwin)
    var thread: pthread_t?
    let status = pthread_create(&thread, &attributes, { Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body(); return nil }, box.toOpaque())
    guard status == 0, let thread else { return false }
    #else
    var thread = pthread_t()
    let status = pthread_create(&thread, &attributes, {
        guard let box = $0 else { return nil }
        Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body()
        return nil
    }, box.toOpaque())
    guard status == 0 else { return false }
    #endif
    return pthread_join(thread, nil) == 0
}

/// Sanitizers put their own between what a function keeps on the stack; `make test-sanitizers` says that they are there.
private var stackScale: Int {
    #if SANITIZED
        16
    #else
        1
    #endif
}
