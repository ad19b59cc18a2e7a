/// A part of a file that a request asks for (RFC 9110).
public enum ByteRange: Sendable, Hashable {
    case whole
    case part(Range<Int>)
    /// Starts beyond the end of the file.
    case unsatisfiable

    /// - Parameter header: such as `bytes=0-499`, `bytes=500-`, `bytes=-500`; several ranges, or a malformed one, mean
    ///   the whole file.
    public init(_ header: String?, size: Int) {
        self = .whole
        guard let header, header.hasPrefix("bytes=") else { return }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, !header.contains(",") else { return }
        let (first, last) = (Int(ends[0]), Int(ends[1]))
        if ends[0].isEmpty {
            guard let last, last >= 0 else { return }
            self = last == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - last)..<size)
        } else if let first, first >= 0, ends[1].isEmpty || last.map({ $0 >= first }) == true {
            guard first < size else {
                self = .unsatisfiable
                return
            }
            self = .part(first..<min(size, (last ?? size - 1) < Int.max ? (last ?? size - 1) + 1 : size))
        }
    }
}
