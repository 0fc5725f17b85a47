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
        guard let index = contextIndex(symbol) else { return .error }
        return flat(context[index].value)
    }

    private func flat(_ value: Value) -> FlatValue {
        switch value {
        case .bool(let value): return .bool(value)
        case .long(let value): return .long(value)
        default:
            let size = FlatSize.of(value, writesTexts: true)
            var writer = FlatWriter(into: scratch.pointee.allocate(byteCount: size))
            var numbers = numbers
            return writer.write(value, &numbers)
        }
    }

    /// Where in the context, which is in the order of names, an attribute is.
    func contextIndex(_ symbol: UInt32) -> Int? {
        let name = numbers.symbols.bytes(of: symbol)
        if context.count <= 12 {
            for index in context.indices where isName(index, name) { return index }
            return nil
        }
        var low = 0
        var high = context.count
        while low < high {
            let middle = (low + high) / 2
            if context[middle].name.string.withBytes({ $0.precedes(name) }) { low = middle + 1 } else { high = middle }
        }
        return low < context.count && isName(low, name) ? low : nil
    }

    @inline(__always)
    private func isName(_ index: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        context[index].name.string.utf8.count == name.count && context[index].name.string.withBytes { $0.isEqual(to: name) }
    }
}
