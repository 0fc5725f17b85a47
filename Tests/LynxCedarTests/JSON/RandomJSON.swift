import CedarGenerators
@testable import LynxCedar

/// Random JSON trees and Cedar values, the odd cases more often than chance would have them.
struct RandomJSON {
    var generator: SeededGenerator

    init(seed: UInt64) {
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    mutating func integer() -> Int64 {
        switch below(8) {
        case 0: .max
        case 1: .min
        case 2: 0
        default: generator.anySize()
        }
    }

    mutating func string() -> CedarString {
        let pieces = [
            "a", "B", "7", " ", "\"", "\\", "/", "\n", "\u{0}", "\u{1f}", "\u{7f}", "\u{80}", "é", "e\u{301}", "\u{2028}",
            "\u{feff}", "\u{ffff}", "😀", "\u{10ffff}", "__entity",
        ]
        return CedarString((0..<below(12)).map { _ in pieces[below(pieces.count)] }.joined())
    }

    mutating func tree(depth: Int = 5) -> JSONValue {
        switch below(depth > 0 ? 9 : 6) {
        case 0: return nil
        case 1: return JSONValue(.bool(below(2) == 0))
        case 2: return JSONValue(.integer(integer()))
        case 3: return JSONValue(.number(["-0", "1.5", "1e9", "9223372036854775808", "-1E-3"][below(5)]))
        case 4, 5: return JSONValue(.string(string()))
        case 6: return JSONValue(.array((0..<below(5)).map { _ in tree(depth: depth - 1) }))
        default:
            var names: Set<CedarString> = []
            for _ in 0..<below(12) { names.insert(string()) }
            return JSONValue(.object(names.map { JSONValue.Member($0, tree(depth: depth - 1)) }))
        }
    }

    mutating func uid() -> EntityUID {
        EntityUID(type: ["User", "Action", "App::Group", "A::B::C"][below(4)], id: string())
    }

    mutating func value(depth: Int = 4) -> Value {
        switch below(depth > 0 ? 12 : 9) {
        case 0: return .bool(below(2) == 0)
        case 1, 2: return .long(integer())
        case 3: return .string(string())
        case 4: return .entity(uid())
        case 5: return .decimal(Decimal(tenThousandths: integer()))
        case 6: return .ip(["10.0.0.1", "192.168.0.0/16", "::1", "2001:db8::/32"][below(4)])
        case 7: return .datetime(Datetime(millisecondsSinceEpoch: integer()))
        case 8: return .duration(Duration(milliseconds: integer()))
        case 9: return .set(ValueSet((0..<below(4)).map { _ in value(depth: depth - 1) }))
        default: return .record(record(depth: depth - 1))
        }
    }

    /// Never has an attribute that alone would be an escape.
    mutating func record(depth: Int = 3) -> Record {
        var record: Record = [:]
        for _ in 0..<below(4) { record["x" + string()] = value(depth: depth) }
        return record
    }

    /// `text` with some bytes changed, dropped, doubled or swapped for others that mean something in JSON.
    mutating func mutation(of text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        let telling = Array("{}[]\",:\\u0d8-+.eE/ \n\u{0}\u{1}tfnx".utf8) + [0xFF, 0xC3, 0xE2]
        for _ in 0...below(4) {
            guard !bytes.isEmpty else { break }
            let place = below(bytes.count)
            switch below(5) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(telling[below(telling.count)], at: place)
            case 2: bytes[place] = telling[below(telling.count)]
            case 3: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + below(8))], at: place)
            }
        }
        return bytes
    }
}

extension CedarString {
    static func + (lhs: String, rhs: CedarString) -> CedarString { CedarString(lhs + rhs.string) }
}
