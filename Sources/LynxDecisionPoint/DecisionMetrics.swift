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

    private struct State {
        var counts: [Label: Int] = [:]
        var buckets = [Int](repeating: 0, count: DecisionMetrics.bounds.count + 1)
        var microseconds: Int64 = 0
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
        let label = Label(
            entrance: record.entrance ?? "", outcome: record.isAllowed == true ? "allow" : "deny", reason: record.reason ?? "")
        let microseconds = elapsed.components.seconds * 1_000_000 + elapsed.components.attoseconds / 1_000_000_000_000
        let bucket = DecisionMetrics.bounds.firstIndex { microseconds <= $0 } ?? DecisionMetrics.bounds.count
        let isDifferent = record.shadow.map { $0.isAllowed != (record.isAllowed == true) } ?? false
        state.withLock { state in
            state.counts[label, default: 0] += 1
            state.buckets[bucket] += 1
            state.microseconds += microseconds
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
        var total = 0
        for (bound, count) in zip(DecisionMetrics.bounds, state.buckets) {
            total += count
            lines.append("lynxd_decision_seconds_bucket{le=\"\(Double(bound) / 1_000_000)\"} \(total)")
        }
        total += state.buckets.last ?? 0
        lines += [
            "lynxd_decision_seconds_bucket{le=\"+Inf\"} \(total)",
            "lynxd_decision_seconds_sum \(Double(state.microseconds) / 1_000_000)",
            "lynxd_decision_seconds_count \(total)",
            "# HELP lynxd_audit_faults_total Records that could not be written; what they tell of was denied.",
            "# TYPE lynxd_audit_faults_total counter",
            "lynxd_audit_faults_total \(state.auditFaults)",
            "# HELP lynxd_shadow_differences_total Decisions that the policies that are tried out would have made otherwise.",
            "# TYPE lynxd_shadow_differences_total counter",
            "lynxd_shadow_differences_total \(state.shadowDifferences)",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
