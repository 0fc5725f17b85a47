/// What decisions are made with, as one thread holds it: answers refer to this, so that threads do not count references to the same
/// thing.
///
/// A thread keeps the handle of the last snapshot that it gave an answer by, and so the snapshot, until it decides by another.
final class SnapshotHandle: Sendable {
    let snapshot: any AnyObject & Sendable

    init(_ snapshot: any AnyObject & Sendable) {
        self.snapshot = snapshot
    }
}
