// The context of the request, of which only what is asked for is made flat.

extension Machine {
    func wholeContext() -> FlatValue {
        var size = context.count * 32
        for attribute in context { size += FlatSize.of(attribute.name) + FlatSize.of(attribute.value, writesTexts: true) }
        let block = scratch.pointee.allocate(byteCount: size)
        var writer = FlatWriter(into: block + context.count * 32)
        var numbers = numbers
        for (index, attribute) in context.enumerated() {
            writer.write(attribute.name, &numbers).store(index * 2, to: block)
            writer.write(attribute.value, &numbers).store(index * 2 + 1, to: block)
        }
        return FlatValue(.record, at: block, count: FlatValue.sort(block, count: context.count, width: 2))
    }

    func contextAttribute(_ symbol: UInt32) -> FlatValue {
        guard let index = contextIndex(symbol), let start = context.baseAddress else { return .error }
        // Read in place: a copy would count references.
        let attribute = start + index
        switch attribute.pointee.value {
        case .bool(let value): return .bool(value)
        case .long(let value): return .long(value)
        case .datetime(let value): return FlatValue(.datetime, UInt64(bitPattern: value.millisecondsSinceEpoch))
        case .decimal(let value): return FlatValue(.decimal, UInt64(bitPattern: value.tenThousandths))
        case .string(let text):
            if let symbol = numbers.symbol(text.string) { return .string(symbol) }
        case .ip(let address):
            return flat(address)
        default: break
        }
        let size = FlatSize.of(attribute.pointee.value, writesTexts: true)
        var writer = FlatWriter(into: scratch.pointee.allocate(byteCount: size))
        var numbers = numbers
        return writer.write(attribute.pointee.value, &numbers)
    }

    /// Where in the context, which is in the order of names, an attribute is.
    func contextIndex(_ symbol: UInt32) -> Int? {
        guard let start = context.baseAddress else { return nil }
        if context.count <= 12 {
            let name = numbers.symbols.short(symbol)
            for index in 0..<context.count {
                if let name, let other = numbers.symbols.small.text((start + index).pointee.name.string) {
                    if name == other { return index }
                } else if numbers.symbols.isSymbol(symbol, (start + index).pointee.name.string) {
                    return index
                }
            }
            return nil
        }
        let name = numbers.symbols.bytes(of: symbol)
        var low = 0
        var high = context.count
        while low < high {
            let middle = (low + high) / 2
            if (start + middle).pointee.name.string.withBytes({ $0.precedes(name) }) { low = middle + 1 } else { high = middle }
        }
        return low < context.count && numbers.symbols.isSymbol(symbol, (start + low).pointee.name.string) ? low : nil
    }
}
