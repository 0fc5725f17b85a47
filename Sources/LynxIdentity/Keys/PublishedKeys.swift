import Crypto
import LynxCedar
import X509

/// What an issuer has published at one moment.
struct PublishedKeys: Sendable {
    let keys: KeySet
    /// Of a trust domain's X.509-SVIDs; `nil` where the document is no trust bundle.
    let authorities: CertificateStore?
    /// Of a trust bundle.
    let sequence: Int64?
    /// How long the issuer would have it kept, in seconds; `nil` where it does not say.
    let maximumAge: Int64?
    /// The SHA-256 of the document in base64url, for records.
    let fingerprint: String
    /// Counts what was fetched that differs from what was there before.
    var version = 0

    init(_ bytes: [UInt8], maximumAge: Int64?, from location: RemoteKeySet.Location, use: String?) throws(KeyFault) {
        if case .bundle = location {
            let bundle = try TrustBundle(json: bytes)
            keys = bundle.keys
            authorities = CertificateStore(bundle.authorities)
            sequence = bundle.sequence
            self.maximumAge = bundle.refreshHint
        } else {
            keys = try KeySet(json: bytes, use: use)
            (authorities, sequence) = (nil, nil)
            self.maximumAge = maximumAge
        }
        fingerprint = Base64URL.encode(SHA256.hash(data: bytes))
    }
}
