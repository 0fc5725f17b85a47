import FuzzSupport
import LynxCedar

/// Texts as policies, as an expression and as an entity uid: no trap, useful errors, and what parses prints and writes as what reads back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPolicies(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let source = attempt({ () throws(ParseError) in try SourceText(utf8: input(start, count)) }) else { return 0 }
    if let set = attempt({ () throws(ParseError) in try PolicySet(cedar: source) }) {
        expectRoundTrips(set)
        // `has` with a path is written out in JSON, which can make it nest deeper than is read.
        if let read = attempt({ () throws(ParseError) in try PolicySet(json: set.json) }) {
            expectRoundTrips(read)
            expect(read.json == set.json, "\(set) is written as JSON that is read as \(read)")
        }
    }
    if let expression = attempt({ () throws(ParseError) in try Expression(cedar: source) }) { expectRoundTrips(expression) }
    if let uid = attempt({ () throws(ParseError) in try EntityUID(cedar: source.text) }) {
        let printed = expectReadable("\(uid)") { () throws(ParseError) in try EntityUID(cedar: uid.description) }
        expect(printed == uid, "\(uid) prints as another uid")
    }
    return 0
}
