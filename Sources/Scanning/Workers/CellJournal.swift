import Foundation

/// What the cells of one command came to, step by step, in memory that they share with their warden: where one dies,
/// the next takes the steps that were done as they are, and goes on behind the one at which it died.
///
/// What stands in it may come from media that took a cell over. The warden reads one number of it, and another cell
/// believes it as far as it would believe a clip.
///
/// Layout, little endian as the machine is: the number of the step that is being done, counted from 1, 0 for none; the
/// bytes used; then the steps' values, each behind its number and its length.
struct CellJournal {
    /// Results beyond this are not kept; such steps are done again.
    private static let bytes = 64 << 20
    private static let head = 16
    private let base: UnsafeMutableRawPointer

    /// nil: there is no memory for it.
    init?() {
        let flags = MAP_SHARED | MAP_ANONYMOUS | Int32(MAP_NORESERVE)
        guard let base = mmap(nil, CellJournal.bytes, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED else {
            return nil
        }
        self.base = base
    }

    /// The step that is being done, counted from 0; nil: none.
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

    /// Keeps what a step came to, where there is room.
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

    /// Everything that was kept, by step. Called before anything that could change it is opened.
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
