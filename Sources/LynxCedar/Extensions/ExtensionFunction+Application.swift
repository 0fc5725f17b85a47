extension ExtensionFunction {
    /// Calls the function.
    ///
    /// - Parameters:
    ///   - arguments: the values of the arguments; a method's receiver is the first.
    ///   - features: what is on beyond the released language.
    /// - Throws: ``EvaluationError/Kind/argumentCount(_:actual:)``, then ``EvaluationError/Kind/type(expected:actual:)``
    ///   for the first argument of another kind than the function takes, then what the function itself finds: text that is
    ///   not of its type, or a result that does not fit in 64 bits.
    func apply(_ arguments: [Value], features: LanguageFeatures = []) throws(EvaluationError) -> Value {
        // Every function has a first argument, and those with a second have an arity that says so: the accesses below are in
        // bounds.
        guard arity(with: features).accepts(arguments.count) else {
            throw EvaluationError(.argumentCount(self, actual: arguments.count))
        }
        let first = arguments[0]
        switch self {
        case .decimal: return .decimal(try Decimal(try first.asText))
        case .ip: return .ip(try IPAddress(try first.asText))
        case .datetime: return .datetime(try Datetime(try first.asText))
        case .duration: return .duration(try Duration(try first.asText))

        case .lessThan: return .bool(try first.asDecimal < arguments[1].asDecimal)
        case .lessThanOrEqual: return .bool(try first.asDecimal <= arguments[1].asDecimal)
        case .greaterThan: return .bool(try first.asDecimal > arguments[1].asDecimal)
        case .greaterThanOrEqual: return .bool(try first.asDecimal >= arguments[1].asDecimal)

        case .isIpv4: return .bool(try first.asIP.isIPv4)
        case .isIpv6: return .bool(try first.asIP.isIPv6)
        case .isLoopback: return .bool(try first.asIP.isLoopback)
        case .isMulticast: return .bool(try first.asIP.isMulticast)
        case .isInRange:
            let address = try first.asIP
            var isInRange = false
            // RFC 99: a match does not excuse the ranges after it from being addresses.
            for argument in arguments.dropFirst() {
                let range = try argument.asIP
                isInRange = isInRange || address.isInRange(range)
            }
            return .bool(isInRange)

        case .offset: return .datetime(try first.asDatetime.offset(by: try arguments[1].asDuration))
        case .durationSince: return .duration(try first.asDatetime.durationSince(try arguments[1].asDatetime))
        case .toDate: return .datetime(try first.asDatetime.toDate())
        case .toTime: return .duration(try first.asDatetime.toTime())

        case .toMilliseconds: return .long(try first.asDuration.toMilliseconds())
        case .toSeconds: return .long(try first.asDuration.toSeconds())
        case .toMinutes: return .long(try first.asDuration.toMinutes())
        case .toHours: return .long(try first.asDuration.toHours())
        case .toDays: return .long(try first.asDuration.toDays())
        }
    }
}

extension Value {
    fileprivate var asText: String {
        get throws(EvaluationError) {
            guard case .string(let text) = self else { throw .type(self, expected: .string) }
            return text.string
        }
    }

    fileprivate var asDecimal: Decimal {
        get throws(EvaluationError) {
            guard case .decimal(let decimal) = self else { throw .type(self, expected: .decimal) }
            return decimal
        }
    }

    fileprivate var asIP: IPAddress {
        get throws(EvaluationError) {
            guard case .ip(let address) = self else { throw .type(self, expected: .ip) }
            return address
        }
    }

    fileprivate var asDatetime: Datetime {
        get throws(EvaluationError) {
            guard case .datetime(let datetime) = self else { throw .type(self, expected: .datetime) }
            return datetime
        }
    }

    fileprivate var asDuration: Duration {
        get throws(EvaluationError) {
            guard case .duration(let duration) = self else { throw .type(self, expected: .duration) }
            return duration
        }
    }
}
