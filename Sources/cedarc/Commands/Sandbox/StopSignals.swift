/// The signals that ask this program to end, held back while it has something to put away.
///
/// They are blocked, not handled: nothing interrupts what goes on, and ``next()`` takes them when it is time for them.
struct StopSignals {
    /// What was blocked before, and is in children.
    let before: sigset_t
    private let held: sigset_t

    /// One signal that came.
    struct Arrival {
        let signal: Int32
        /// Sent by a process to this one, not by a terminal to all that run in its foreground.
        let isForUsAlone: Bool
    }

    init() {
        var held = sigset_t()
        sigemptyset(&held)
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { sigaddset(&held, signal) }
        var before = sigset_t()
        sigemptyset(&before)
        pthread_sigmask(SIG_BLOCK, &held, &before)
        self.held = held
        self.before = before
    }

    /// The next that came; `nil` when there is none.
    func next() -> Arrival? {
        var wanted = held
        var info = siginfo_t()
        var now = timespec(tv_sec: 0, tv_nsec: 0)
        let signal = sigtimedwait(&wanted, &info, &now)
        // man 2 sigaction: codes above 0 are the kernel's own.
        return signal > 0 ? Arrival(signal: signal, isForUsAlone: info.si_code <= 0) : nil
    }
}
