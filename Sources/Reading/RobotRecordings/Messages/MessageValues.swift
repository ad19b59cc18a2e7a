/// One field of a message: its path and kind.
struct MessageField: Hashable {
    enum Kind { case number, numbers, text, bytes }

    /// Names from the outermost: `header.stamp.sec`.
    let path: String
    let kind: Kind
}

/// The values of one message by field; reused from message to message.
struct MessageValues {
    /// Numbers of all fields, in order.
    private(set) var numbers: [Double] = []
    private var spans: [Range<Int>] = []
    private var places: [Range<Int>?] = []
    private var owned: [Int: [UInt8]] = [:]

    /// Maximum number of numbers kept per field.
    static let mostElements = 512

    mutating func begin(fields: Int) {
        numbers.removeAll(keepingCapacity: true)
        if spans.count != fields {
            spans = [Range<Int>](repeating: 0..<0, count: fields)
            places = [Range<Int>?](repeating: nil, count: fields)
        } else {
            for index in spans.indices {
                spans[index] = 0..<0
                places[index] = nil
            }
        }
        if !owned.isEmpty { owned.removeAll() }
    }

    /// Adds a number to a field; those of one field must be consecutive.
    mutating func put(_ value: Double, _ field: Int) {
        let span = spans[field]
        if span.isEmpty {
            spans[field] = numbers.count..<numbers.count + 1
        } else {
            guard span.upperBound == numbers.count, span.count < MessageValues.mostElements else { return }
            spans[field] = span.lowerBound..<numbers.count + 1
        }
        numbers.append(value)
    }

    /// Adds all numbers of a field at once.
    mutating func put(_ count: Int, _ field: Int, _ value: (Int) -> Double) {
        guard spans[field].isEmpty else { return }
        let first = numbers.count
        for index in 0..<min(count, MessageValues.mostElements) { numbers.append(value(index)) }
        spans[field] = first..<numbers.count
    }

    mutating func put(bytes: Range<Int>, _ field: Int) { places[field] = bytes }
    mutating func put(own bytes: [UInt8], _ field: Int) { owned[field] = bytes }

    func count(_ field: Int) -> Int { spans[field].count }

    /// An element of a field; nil: out of range.
    func number(_ field: Int, _ element: Int = 0) -> Double? {
        let span = spans[field]
        return element < span.count ? numbers[span.lowerBound + element] : nil
    }

    /// Passes on the bytes of a field of the message they were found in.
    func withBytes<R>(_ field: Int, of message: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> R) -> R? {
        if let own = owned[field] { return own.withUnsafeBytes(body) }
        guard let place = places[field], place.upperBound <= message.count else { return nil }
        return body(UnsafeRawBufferPointer(rebasing: message[place]))
    }

    func text(_ field: Int, of message: UnsafeRawBufferPointer) -> String? {
        withBytes(field, of: message) { String(decoding: $0.prefix(256), as: UTF8.self) }
    }
}

/// Decodes messages of one schema.
protocol MessageDecoder: AnyObject {
    /// The possible fields. Grows with the messages if there is no schema.
    var fields: [MessageField] { get }

    /// - Returns: false if the bytes do not match the schema.
    func decode(_ bytes: UnsafeRawBufferPointer, into values: inout MessageValues) -> Bool
}
