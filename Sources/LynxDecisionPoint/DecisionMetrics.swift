import LynxAudit
import Synchronization

/// Counts for Prometheus: decisions by outcome and reason, and how long they took.
public final class DecisionMetrics: Sendable {
    private struct Label: Hashable, Comparable {
        let entrance: String
        let outcome: String
        let reason: String

        static func < (lhs: Label, rhs: Label) -> Bool {
            (lhs.entrance, lhs.outcome, lhs.reason) < (rhs.entrance, rhs.outcome, rhs.reason)
        }
    }

    private struct Histogram {
        var buckets = [Int](repeating: 0, count: DecisionMetrics.bounds.count + 1)
        var nanoseconds: Int64 = 0

        mutating func add(_ duration: Duration) {
            let elapsed = duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
            buckets[DecisionMetrics.bounds.firstIndex { elapsed <= $0 * 1000 } ?? DecisionMetrics.bounds.count] += 1
            nanoseconds += elapsed
        }

        /// Lines of the text format.
        func lines(_ name: String, _ label: String? = nil) -> [String] {
            var lines: [String] = []
            var total = 0
            let prefix = label.map { $0 + "," } ?? ""
            for (bound, count) in zip(DecisionMetrics.bounds, buckets) {
                total += count
                lines.append("\(name)_bucket{\(prefix)le=\"\(Double(bound) / 1_000_000)\"} \(total)")
            }
            total += buckets.last ?? 0
            let labels = label.map { "{\($0)}" } ?? ""
            lines.append("\(name)_bucket{\(prefix)le=\"+Inf\"} \(total)")
            lines.append("\(name)_sum\(labels) \(Double(nanoseconds) / 1_000_000_000)")
            lines.append("\(name)_count\(labels) \(total)")
            return lines
        }
    }

    private struct State {
        var counts: [Label: Int] = [:]
        var total = Histogram()
        var stages: [DecisionStages.Stage: Histogram] = [:]
        var auditFaults = 0
        var shadowDifferences = 0
    }

    private let state = Mutex(State())

    /// Upper bounds of the buckets, in microseconds.
    private static let bounds: [Int64] = [
        1, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    ]

    public init() {}

    public func count(_ record: AuditRecord, elapsed: Duration) {
        count(record, elapsed: elapsed, stages: nil)
    }

    func count(_ record: AuditRecord, elapsed: Duration, stages: DecisionStages?) {
        let label = Label(
            entrance: record.entrance ?? "", outcome: record.isAllowed == true ? "allow" : "deny", reason: record.reason ?? "")
        let isDifferent = record.shadow.map { $0.isAllowed != (record.isAllowed == true) } ?? false
        state.withLock { state in
            state.counts[label, default: 0] += 1
            state.total.add(elapsed)
            for (stage, duration) in stages?.times ?? [] { state.stages[stage, default: Histogram()].add(duration) }
            if isDifferent { state.shadowDifferences += 1 }
        }
    }

    public func countAuditFault() {
        state.withLock { $0.auditFaults += 1 }
    }

    /// The text format of Prometheus, 0.0.4.
    public var text: String {
        let state = state.withLock { $0 }
        var lines = ["# HELP lynxd_decisions_total Decisions and issuances.", "# TYPE lynxd_decisions_total counter"]
        for (label, count) in state.counts.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "lynxd_decisions_total{entrance=\"\(label.entrance)\",outcome=\"\(label.outcome)\",reason=\"\(label.reason)\"} \(count)")
        }
        lines += ["# HELP lynxd_decision_seconds Time from the question to the answer.", "# TYPE lynxd_decision_seconds histogram"]
        lines += state.total.lines("lynxd_decision_seconds")
        lines += ["# HELP lynxd_stage_seconds Time that the parts of a decision take.", "# TYPE lynxd_stage_seconds histogram"]
        for stage in DecisionStages.Stage.allCases {
            if let times = state.stages[stage] { lines += times.lines("lynxd_stage_seconds", "stage=\"\(stage.rawValue)\"") }
        }
        lines += [
            "# HELP lynxd_audit_faults_total Decisions that could not be recorded.",
            "# TYPE lynxd_audit_faults_total counter",
            "lynxd_audit_faults_total \(state.auditFaults)",
            "# HELP lynxd_shadow_differences_total Decisions that the policies that are tried out would have made otherwise.",
            "# TYPE lynxd_shadow_differences_total counter",
            "lynxd_shadow_differences_total \(state.shadowDifferences)",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
