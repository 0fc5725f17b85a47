import Crypto
import LynxCedar

/// A private key of ours with its times.
struct SigningKey: Sendable {
    let id: CedarString
    let material: Material
    /// When the key was made and first published, in seconds since 1970.
    let created: Int64
    /// When it starts to sign. It stops when the next one starts.
    let starts: Int64
    /// That of our tokens (RFC 9068, 2.1), encoded.
    let header: String

    enum Material: Sendable {
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    var algorithm: SignatureAlgorithm { SigningKey.algorithm(material) }

    private static func algorithm(_ material: Material) -> SignatureAlgorithm {
        switch material {
        case .p256: .es256
        case .ed25519: .edDSA
        }
    }

    init(_ material: Material, created: Int64, starts: Int64) {
        self.material = material
        self.created = created
        self.starts = starts
        id = CedarString(SigningKey.thumbprint(material))
        let header: JSONValue = [
            "alg": JSONValue(.string(CedarString(SigningKey.algorithm(material).rawValue))), "typ": "at+jwt", "kid": JSONValue(.string(id)),
        ]
        self.header = Base64URL.encode(header.utf8)
    }

    static func generate(_ algorithm: KeyRing.Algorithm, created: Int64, starts: Int64) -> SigningKey {
        switch algorithm {
        case .es256: SigningKey(.p256(P256.Signing.PrivateKey()), created: created, starts: starts)
        case .edDSA: SigningKey(.ed25519(Curve25519.Signing.PrivateKey()), created: created, starts: starts)
        }
    }

    func signature(for bytes: [UInt8]) throws -> [UInt8] {
        switch material {
        case .p256(let key): Array(try key.signature(for: SHA256.hash(data: bytes)).rawRepresentation)
        case .ed25519(let key): Array(try key.signature(for: bytes))
        }
    }

    var verificationKey: VerificationKey {
        switch material {
        case .p256(let key): VerificationKey(id: id, key.publicKey)
        case .ed25519(let key): VerificationKey(id: id, key.publicKey)
        }
    }

    /// The public half as a JSON Web Key.
    var json: JSONValue {
        var members = SigningKey.required(material).map { JSONValue.Member(CedarString($0), JSONValue(.string(CedarString($1)))) }
        members.append(.init("kid", JSONValue(.string(id))))
        members.append(.init("use", "sig"))
        members.append(.init("alg", JSONValue(.string(CedarString(algorithm.rawValue)))))
        return JSONValue(.object(members))
    }

    /// The members that make up the key, in the order of RFC 7638, 3.2.
    private static func required(_ material: Material) -> [(String, String)] {
        switch material {
        case .p256(let key):
            let point = Array(key.publicKey.rawRepresentation)
            return [("crv", "P-256"), ("kty", "EC"), ("x", Base64URL.encode(point.prefix(32))), ("y", Base64URL.encode(point.dropFirst(32)))]
        case .ed25519(let key):
            return [("crv", "Ed25519"), ("kty", "OKP"), ("x", Base64URL.encode(key.publicKey.rawRepresentation))]
        }
    }

    /// RFC 7638: the same key has the same id everywhere.
    private static func thumbprint(_ material: Material) -> String {
        let members = required(material).map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
        return Base64URL.encode(SHA256.hash(data: Array("{\(members)}".utf8)))
    }
}
