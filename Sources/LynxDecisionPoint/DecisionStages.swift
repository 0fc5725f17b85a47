/// How long the parts of a decision take.
struct DecisionStages {
    enum Stage: String, CaseIterable {
        /// The body, the trace, and where the call goes.
        case parse
        /// Who calls.
        case verify
        /// What the call is, and whether policies permit it.
        case evaluate
        /// The credential that is sent on.
        case sign
        /// The record, until it is written.
        case record
    }

    private var last: ContinuousClock.Instant
    private(set) var times: [(stage: Stage, duration: Duration)] = []

    init(start: ContinuousClock.Instant) {
        last = start
        times.reserveCapacity(Stage.allCases.count)
    }

    /// Ends a stage; the next begins.
    mutating func end(_ stage: Stage) {
        let now = ContinuousClock.now
        times.append((stage, now - last))
        last = now
    }

    /// Leaves out a stage that was not gone through to its end.
    mutating func abandon() {
        last = ContinuousClock.now
    }
}
