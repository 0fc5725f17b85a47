import Crypto
import CryptoExtras
import LynxCedar

/// A public key that signatures are checked with.
public struct VerificationKey: Sendable {
    public let id: CedarString?
    /// What the key's set says that it is for; `nil` where it says nothing.
    let algorithm: SignatureAlgorithm?
    let use: String?
    fileprivate let material: Material

    fileprivate enum Material: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    init(id: CedarString, _ key: P256.Signing.PublicKey) {
        self.init(id: id, algorithm: .es256, use: "sig", material: .p256(key))
    }

    init(id: CedarString, _ key: Curve25519.Signing.PublicKey) {
        self.init(id: id, algorithm: .edDSA, use: "sig", material: .ed25519(key))
    }

    private init(id: CedarString?, algorithm: SignatureAlgorithm?, use: String?, material: Material) {
        self.id = id
        self.algorithm = algorithm
        self.use = use
        self.material = material
    }

    /// Whether a signature by `algorithm` can be one of this key: by the type of the key, and by what its set says.
    func fits(_ algorithm: SignatureAlgorithm) -> Bool {
        if let own = self.algorithm, own != algorithm { return false }
        return switch (material, algorithm) {
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512), (.rsa, .ps256), (.rsa, .ps384), (.rsa, .ps512): true
        case (.p256, .es256), (.p384, .es384), (.p521, .es512), (.ed25519, .edDSA): true
        default: false
        }
    }

    func isValid(_ signature: [UInt8], for signed: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
        guard fits(algorithm) else { return false }
        switch material {
        case .rsa(let key):
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            switch algorithm {
            case .rs256: return key.isValidSignature(signature, for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5)
            case .rs384: return key.isValidSignature(signature, for: SHA384.hash(data: signed), padding: .insecurePKCS1v1_5)
            case .rs512: return key.isValidSignature(signature, for: SHA512.hash(data: signed), padding: .insecurePKCS1v1_5)
            case .ps256: return key.isValidSignature(signature, for: SHA256.hash(data: signed), padding: .PSS)
            case .ps384: return key.isValidSignature(signature, for: SHA384.hash(data: signed), padding: .PSS)
            case .ps512: return key.isValidSignature(signature, for: SHA512.hash(data: signed), padding: .PSS)
            default: return false
            }
        // RFC 7518, 3.4: R and S, each of the length of the curve's order. DER is another text of the same and is not taken.
        case .p256(let key):
            guard signature.count == 64, let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(parsed, for: SHA256.hash(data: signed))
        case .p384(let key):
            guard signature.count == 96, let parsed = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(parsed, for: SHA384.hash(data: signed))
        case .p521(let key):
            guard signature.count == 132, let parsed = try? P521.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(parsed, for: SHA512.hash(data: signed))
        case .ed25519(let key):
            return signature.count == 64 && key.isValidSignature(signature, for: signed)
        }
    }
}

extension VerificationKey {
    /// Bits of an RSA modulus that are taken: fewer are too weak, more only cost time.
    private static let rsaSizes = 2048...8192

    /// Reads a JSON Web Key (RFC 7517, 4).
    ///
    /// - Returns: `nil` for a key that is not for signatures, of a type that is not known, or with a private part: such a key is not secret any more.
    init?(_ json: JSONValue) {
        guard case .object(let members) = json.kind else { return nil }
        let claims = Claims(members)
        guard claims["d"] == nil, claims["k"] == nil, let type = claims.text("kty"),
            let material = Material(type: type, claims)
        else { return nil }
        if let use = claims["use"] {
            guard case .string(let use) = use.kind, ["sig", "jwt-svid"].contains(use.string) else { return nil }
        }
        if let operations = claims["key_ops"] {
            guard case .array(let operations) = operations.kind,
                operations.contains(where: { if case .string("verify") = $0.kind { true } else { false } })
            else { return nil }
        }
        var algorithm: SignatureAlgorithm?
        if let name = claims["alg"] {
            guard case .string(let name) = name.kind, let known = SignatureAlgorithm(rawValue: name.string) else { return nil }
            algorithm = known
        }
        var id: CedarString?
        if let value = claims["kid"] {
            guard case .string(let text) = value.kind, text.string.utf8.count <= TokenHeader.maximumKeyIDSize else { return nil }
            id = text
        }
        self.init(id: id, algorithm: algorithm, use: claims.text("use"), material: material)
        // A key that says that it is for what it cannot do is for nothing.
        if let algorithm, !fits(algorithm) { return nil }
    }
}

extension VerificationKey.Material {
    fileprivate init?(type: String, _ claims: Claims) {
        switch (type, claims.text("crv")) {
        case ("RSA", nil):
            guard let modulus = claims.bytes("n"), let exponent = claims.bytes("e"), exponent.count <= 4, (exponent.last ?? 0) % 2 == 1,
                exponent != [1], let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent),
                VerificationKey.rsaSizes.contains(key.keySizeInBits)
            else { return nil }
            self = .rsa(key)
        case ("EC", "P-256"?):
            guard let point = claims.point(size: 32), let key = try? P256.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p256(key)
        case ("EC", "P-384"?):
            guard let point = claims.point(size: 48), let key = try? P384.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p384(key)
        case ("EC", "P-521"?):
            guard let point = claims.point(size: 66), let key = try? P521.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p521(key)
        case ("OKP", "Ed25519"?):
            guard let bytes = claims.bytes("x"), bytes.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
            else { return nil }
            self = .ed25519(key)
        default:
            return nil
        }
    }
}

extension Claims {
    /// A text, or `nil` where there is none.
    func text(_ name: CedarString) -> String? {
        if case .string(let text)? = self[name]?.kind { text.string } else { nil }
    }

    fileprivate func bytes(_ name: CedarString) -> [UInt8]? {
        text(name).flatMap { Base64URL.decode($0.utf8) }
    }

    /// An uncompressed point (SEC 1, 2.3.3); the coordinates have the full length (RFC 7518, 6.2.1).
    fileprivate func point(size: Int) -> [UInt8]? {
        guard let x = bytes("x"), let y = bytes("y"), x.count == size, y.count == size else { return nil }
        return [4] + x + y
    }
}
