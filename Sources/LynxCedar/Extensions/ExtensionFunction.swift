/// The functions and methods of Cedar's extension types (language reference, "Operators and functions").
public enum ExtensionFunction: String, CaseIterable, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    case decimal
    case lessThan, lessThanOrEqual, greaterThan, greaterThanOrEqual
    case ip
    case isIpv4, isIpv6, isLoopback, isMulticast, isInRange
    case datetime
    case offset, durationSince, toDate, toTime
    case duration
    case toMilliseconds, toSeconds, toMinutes, toHours, toDays

    /// How calls are written.
    public enum Style: Hashable, Sendable {
        /// `ip("10.0.0.1")`
        case function
        /// `address.isLoopback()`: the receiver is the first argument.
        case method
    }

    public var style: Style {
        switch self {
        case .decimal, .ip, .datetime, .duration: .function
        default: .method
        }
    }

    /// How many arguments a call takes, the receiver included.
    public enum Arity: Hashable, Sendable, CustomStringConvertible {
        case exactly(Int)
        case atLeast(Int)

        public func accepts(_ count: Int) -> Bool {
            switch self {
            case .exactly(let expected): count == expected
            case .atLeast(let minimum): count >= minimum
            }
        }

        public var description: String {
            switch self {
            case .exactly(let count): "\(count)"
            case .atLeast(let count): "at least \(count)"
            }
        }
    }

    /// How many arguments Cedar 4.5 takes.
    public var arity: Arity { arity(with: []) }

    /// How many arguments are taken with some features on.
    public func arity(with features: LanguageFeatures) -> Arity {
        switch self {
        case .decimal, .ip, .datetime, .duration,
            .isIpv4, .isIpv6, .isLoopback, .isMulticast,
            .toDate, .toTime, .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays:
            .exactly(1)
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .offset, .durationSince:
            .exactly(2)
        case .isInRange:
            features.contains(.variadicIsInRange) ? .atLeast(2) : .exactly(2)
        }
    }

    /// The kinds of the arguments; the last stands for all that follow it.
    public var parameterKinds: [Value.Kind] {
        switch self {
        case .decimal, .ip, .datetime, .duration: [.string]
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: [.decimal, .decimal]
        case .isIpv4, .isIpv6, .isLoopback, .isMulticast: [.ip]
        case .isInRange: [.ip, .ip]
        case .offset: [.datetime, .duration]
        case .durationSince: [.datetime, .datetime]
        case .toDate, .toTime: [.datetime]
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: [.duration]
        }
    }

    /// The kind of a call's value.
    public var resultKind: Value.Kind {
        switch self {
        case .decimal: .decimal
        case .ip: .ip
        case .datetime, .offset, .toDate: .datetime
        case .duration, .durationSince, .toTime: .duration
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual,
            .isIpv4, .isIpv6, .isLoopback, .isMulticast, .isInRange:
            .bool
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: .long
        }
    }

    public var description: String { rawValue }
}
