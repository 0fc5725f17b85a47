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
    private let reload = Mutex<String?>(nil)

    init(_ loaded: LoadedConfiguration) {
        decisions = Current(loaded.decisionRules)
        exchanges = Current(loaded.exchangeRules)
        issuers = Current(loaded.issuers)
        peers = PeerVerifier(loaded.bundles)
    }

    func install(_ loaded: LoadedConfiguration) {
        decisions.replace(with: loaded.decisionRules)
        exchanges.replace(with: loaded.exchangeRules)
        issuers.replace(with: loaded.issuers)
        peers.replace(with: loaded.bundles)
    }

    /// Why the files as they are now are not in force; `nil` when they are.
    var reloadFault: String? {
        get { reload.withLock { $0 } }
        set { reload.withLock { $0 = newValue } }
    }

    /// Whether the keys of every issuer may be used.
    var isReady: Bool { issuers.value.allSatisfy { $0.keys.isReady } }

    /// The issuers whose keys may not be used.
    var unready: [String] { issuers.value.filter { !$0.keys.isReady }.map(\.name) }
}
