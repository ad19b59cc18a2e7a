import Foundation

/// Results of the cells of one command by step, in memory shared with their warden: if one dies, the next reuses the
/// completed steps, and continues after the one at which it died.
///
/// Its content may come from a compromised cell. The warden reads one number of it, and another cell trusts it no more
/// than a clip.
///
/// Layout, little endian as the machine is: the number of the current step, counted from 1, 0 for none; the bytes used;
/// then the steps' values, each after its number and its length.
struct CellJournal {
    /// Larger results are not kept; such steps are repeated.
    private static let bytes = 64 << 20
    private static let head = 16
    private let base: UnsafeMutableRawPointer

    /// nil: the memory cannot be allocated.
    init?() {
        let flags = MAP_SHARED | MAP_ANONYMOUS | Int32(MAP_NORESERVE)
        guard let base = mmap(nil, CellJournal.bytes, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED else {
            return nil
        }
        self.base = base
    }

    /// The current step, counted from 0; nil: none.
    var current: Int? {
        get {
            let number = base.load(as: UInt64.self)
            return number == 0 ? nil : Int(clamping: number - 1)
        }
        nonmutating set { base.storeBytes(of: newValue.map { UInt64($0) + 1 } ?? 0, as: UInt64.self) }
    }

    private var used: Int {
        get { min(Int(clamping: base.load(fromByteOffset: 8, as: UInt64.self)), CellJournal.bytes - CellJournal.head) }
        nonmutating set { base.storeBytes(of: UInt64(newValue), toByteOffset: 8, as: UInt64.self) }
    }

    /// Stores the result of a step, if there is space.
    func keep(_ value: Data, step: Int) {
        let start = CellJournal.head + used
        guard value.count <= CellJournal.bytes - start - 16 else { return }
        base.storeBytes(of: UInt64(step), toByteOffset: start, as: UInt64.self)
        base.storeBytes(of: UInt64(value.count), toByteOffset: start + 8, as: UInt64.self)
        value.withUnsafeBytes { bytes in
            if let from = bytes.baseAddress { memcpy(base + start + 16, from, bytes.count) }
        }
        used += 16 + value.count
    }

    /// All results, by step. Called before media are opened that could change it.
    func kept() -> [Int: Data] {
        var result: [Int: Data] = [:]
        var place = CellJournal.head
        let end = place + used
        while end - place >= 16 {
            let step = base.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let length = base.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self)
            place += 16
            guard length <= UInt64(end - place) else { break }
            result[Int(clamping: step)] = Data(bytes: base + place, count: Int(length))
            place += Int(length)
        }
        return result
    }
}
