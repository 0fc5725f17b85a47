import FuzzSupport
import LynxCedar

/// Texts as JSON, and as all that has a JSON format: no trap, useful errors, and what is read writes as what reads back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let source = attempt({ () throws(ParseError) in try SourceText(utf8: input(start, count)) }) else { return 0 }
    if let json = attempt({ () throws(ParseError) in try JSONValue(parsing: source) }) {
        for text in [json.description, json.formatted()] {
            let read = expectReadable(text) { () throws(ParseError) in try JSONValue(parsing: SourceText(text)) }
            expect(read == json, "\(text) is read as \(read)")
        }
    }
    expectSame(attempt { () throws(ParseError) in try Value(json: source) })
    expectSame(attempt { () throws(ParseError) in try Record(json: source) })
    expectSame(attempt { () throws(ParseError) in try EntityUID(json: source) })
    expectSame(entities(source))
    expectSame(attempt { () throws(ParseError) in try Request(json: source) })
    if let set = attempt({ () throws(ParseError) in try PolicySet(json: source) }) {
        expectRoundTrips(set)
        if let read = attempt({ () throws(ParseError) in try PolicySet(json: set.json) }) {
            expect(read.json == set.json, "\(set) is written as JSON that is read as \(read)")
        }
    }
    if let expression = attempt({ () throws(ParseError) in try Expression(json: source) }) { expectRoundTrips(expression) }
    return 0
}

/// The entities of a text, which must be those of its tree.
private func entities(_ source: SourceText) -> Entities? {
    let entities = attempt { () throws(ParseError) in try Entities(json: source) }
    let ofTree = attempt { () throws(ParseError) in try Entities(json: JSONValue(parsing: source), source: source) }
    expect(entities == ofTree, "\(source.text) is read as \(String(describing: entities)), and its tree as \(String(describing: ofTree))")
    return entities
}

private func expectSame<Format: JSONRepresentable & Equatable>(_ value: Format?) {
    guard let value else { return }
    guard let json = try? value.json else {
        expect(false, "\(value) was read from JSON and cannot be written")
        return
    }
    let read = expectReadable("\(json)") { () throws(ParseError) in try Format(json: json) }
    expect(read == value, "\(json) is read as \(read)")
}
