import NIOCore
import NIOPosix

/// Runs tasks on event loops: on the one that resumes them where one does, so that a question is read, decided and answered by one thread.
///
/// The pool of threads that tasks otherwise run on has to be woken for a question and has to wake the event loop for the answer. The pages at
/// <https://github.com/swiftlang/swift-evolution/blob/main/proposals/0417-task-executor-preference.md> say which tasks inherit the preference.
final class EventLoopExecutor: TaskExecutor {
    /// The listeners' own event loops.
    static let shared = EventLoopExecutor(MultiThreadedEventLoopGroup.singleton)

    private let group: MultiThreadedEventLoopGroup

    private init(_ group: MultiThreadedEventLoopGroup) {
        self.group = group
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        // The one that runs this, if one does.
        group.any().execute { job.runSynchronously(on: executor) }
    }
}
