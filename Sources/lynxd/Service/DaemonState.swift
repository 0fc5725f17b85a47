import LynxAudit
import LynxDecisionPoint
import LynxIdentity
import LynxPolicy
import LynxTokenExchange
import Synchronization

/// What is in force, and whether we are ready to answer.
final class DaemonState: Sendable {
    let decisions: Current<DecisionRules>
    let exchanges: Current<ExchangeRules>
    let issuers: Current<[Issuer]>
    let peers: PeerVerifier
    let fingerprint: Current<ConfigurationFingerprint>
    /// Of what listeners were started with.
    private let listenerFingerprint: ConfigurationFingerprint
    private let audit: AuditLog
    private let reload = Mutex<String?>(nil)
    private let isDraining = Mutex(false)

    init(_ loaded: LoadedConfiguration, audit: AuditLog) {
        self.audit = audit
        decisions = Current(loaded.decisionRules)
        exchanges = Current(loaded.exchangeRules)
        issuers = Current(loaded.issuers)
        peers = PeerVerifier(loaded.bundles)
        listenerFingerprint = loaded.listenerFingerprint
        fingerprint = Current(loaded.fingerprint.adding(loaded.listenerFingerprint))
    }

    func install(_ loaded: LoadedConfiguration) {
        decisions.replace(with: loaded.decisionRules)
        exchanges.replace(with: loaded.exchangeRules)
        issuers.replace(with: loaded.issuers)
        peers.replace(with: loaded.bundles)
        fingerprint.replace(with: fingerprint(with: loaded))
    }

    /// Of what is in force when a configuration is: listeners stay as they were started.
    func fingerprint(with loaded: LoadedConfiguration) -> ConfigurationFingerprint {
        loaded.fingerprint.adding(listenerFingerprint)
    }

    /// Calls that are under way are answered; no more should come.
    func drain() {
        isDraining.withLock { $0 = true }
    }

    /// Why the files as they are now are not in force; `nil` when they are.
    var reloadFault: String? {
        get { reload.withLock { $0 } }
        set { reload.withLock { $0 = newValue } }
    }

    /// We are ready when the keys of every issuer may be used, and decisions can be recorded or go on without.
    var health: HealthService.Health {
        if isDraining.withLock({ $0 }) { return .ending }
        return audit.isReady && issuers.value.allSatisfy { $0.keys.isReady } ? .ready : .unready
    }

    /// What is not as it should be, a line each.
    var complaints: [String] {
        var lines = issuers.value.filter { !$0.keys.isReady }.map { "no keys of \($0.name)" }
        if isDraining.withLock({ $0 }) { lines.append("no more calls are taken: the program ends") }
        if let fault = audit.fault { lines.append("decisions are not recorded: \(fault)") }
        if let fault = audit.rotationFault { lines.append("records go on in a file that is too large: \(fault)") }
        // Not a reason to take us out: what was in force still is.
        if let fault = reloadFault { lines.append("the configuration on the disk is not in force: \(fault)") }
        return lines
    }
}
