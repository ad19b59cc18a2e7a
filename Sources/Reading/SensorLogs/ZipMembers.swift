import SyncModel

/// The members of a ZIP archive from `numpy.savez` (PKWARE APPNOTE 6.3.10): stored or deflated, without encryption.
struct ZipMembers {
    let members: [(name: String, data: [UInt8])]

    init(_ bytes: [UInt8], file: String) throws(ClipFailure) {
        func bad(_ what: String) -> ClipFailure {
            ClipFailure(
                code: "bad-npz", message: "\(file.printable): \(what)", remedy: "save it again with numpy.savez")
        }
        func number(_ place: Int, _ size: Int) throws(ClipFailure) -> Int {
            guard place >= 0, place + size <= bytes.count else { throw bad("it is truncated") }
            var value: UInt64 = 0
            for index in 0..<size { value |= UInt64(bytes[place + index]) << (8 * UInt64(index)) }
            guard value < 1 << 62 else { throw bad("its directory is damaged") }
            return Int(value)
        }
        let tail: [UInt8] = [0x50, 0x4B, 5, 6]
        var end = bytes.count - 22
        while end >= 0, end > bytes.count - 65_600, Array(bytes[end..<end + 4]) != tail { end -= 1 }
        guard end >= 0, bytes.count >= 22, Array(bytes[end..<end + 4]) == tail else {
            throw bad("it is not a ZIP archive")
        }
        var place = try number(end + 16, 4)
        let count = try number(end + 10, 2)
        var found: [(name: String, data: [UInt8])] = []
        for _ in 0..<count {
            guard try number(place, 4) == 0x0201_4B50 else { throw bad("its directory is damaged") }
            let method = try number(place + 10, 2)
            var packed = try number(place + 20, 4)
            let nameLength = try number(place + 28, 2)
            let extraLength = try number(place + 30, 2)
            let commentLength = try number(place + 32, 2)
            var unpacked = try number(place + 24, 4)
            let local = try number(place + 42, 4)
            guard place + 46 + nameLength + extraLength <= bytes.count else { throw bad("its directory is truncated") }
            let name = String(decoding: bytes[place + 46..<place + 46 + nameLength], as: UTF8.self)
            // ZIP64 lengths are in an extra field; the plain ones are all ones.
            if packed == 0xFFFF_FFFF || unpacked == 0xFFFF_FFFF {
                var extra = place + 46 + nameLength
                let last = extra + extraLength
                while extra + 4 <= last {
                    let (kind, size) = (try number(extra, 2), try number(extra + 2, 2))
                    if kind == 1 {
                        var inner = extra + 4
                        if unpacked == 0xFFFF_FFFF {
                            unpacked = try number(inner, 8)
                            inner += 8
                        }
                        if packed == 0xFFFF_FFFF { packed = try number(inner, 8) }
                    }
                    extra += 4 + size
                }
            }
            let start = local + 30 + (try number(local + 26, 2)) + (try number(local + 28, 2))
            guard packed >= 0, start + packed <= bytes.count else { throw bad("member \(name.printable) is truncated") }
            let body = bytes[start..<start + packed]
            switch method {
            case 0: found.append((name, Array(body)))
            case 8:
                guard let data = Inflate.unpack(body, most: unpacked), data.count == unpacked else {
                    throw bad("member \(name.printable) cannot be unpacked")
                }
                found.append((name, data))
            default: throw bad("member \(name.printable) has an unsupported compression")
            }
            place += 46 + nameLength + extraLength + commentLength
        }
        members = found
    }
}
