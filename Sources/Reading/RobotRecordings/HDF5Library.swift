import Foundation

/// libhdf5, loaded at run time with the first HDF5 file: the only access to it. It is not thread-safe: only one thread
/// may use it at a time.
final class HDF5Library {
    typealias ID = Int64
    typealias Size = UInt64

    private typealias Plain = @convention(c) () -> Int32
    private typealias OfID = @convention(c) (ID) -> Int32
    private typealias GetVersion =
        @convention(c) (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>) ->
        Int32
    private typealias Register = @convention(c) (UnsafeRawPointer?) -> Int32
    private typealias FilterOfIndex =
        @convention(c) (
            ID, UInt32, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<Int>?, UnsafeMutablePointer<UInt32>?, Int,
            UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<UInt32>?
        ) -> Int32
    private typealias OfFilter = @convention(c) (Int32) -> Int32
    private typealias SetLocking = @convention(c) (ID, Bool, Bool) -> Int32
    private typealias Open = @convention(c) (UnsafePointer<CChar>?, UInt32, ID) -> ID
    private typealias OpenObject = @convention(c) (ID, UnsafePointer<CChar>?, ID) -> ID
    private typealias MakeID = @convention(c) (ID) -> ID
    private typealias Quiet = @convention(c) (ID, UnsafeRawPointer?, UnsafeRawPointer?) -> Int32
    private typealias GroupInfo = @convention(c) (ID, UnsafeMutableRawPointer?) -> Int32
    private typealias NameByIndex =
        @convention(c) (ID, UnsafePointer<CChar>?, Int32, Int32, Size, UnsafeMutablePointer<CChar>?, Int, ID) -> Int
    private typealias Extent =
        @convention(c) (ID, UnsafeMutablePointer<Size>?, UnsafeMutablePointer<Size>?) -> Int32
    private typealias Select =
        @convention(c) (
            ID, Int32, UnsafePointer<Size>?, UnsafePointer<Size>?, UnsafePointer<Size>?, UnsafePointer<Size>?
        ) -> Int32
    private typealias MakeSpace = @convention(c) (Int32, UnsafePointer<Size>?, UnsafePointer<Size>?) -> ID
    private typealias Read = @convention(c) (ID, ID, ID, ID, ID, UnsafeMutableRawPointer?) -> Int32
    private typealias Points = @convention(c) (ID) -> Int64
    private typealias SizeOf = @convention(c) (ID) -> Int
    private typealias FileName = @convention(c) (ID, UnsafeMutablePointer<CChar>?, Int) -> Int
    private typealias ByName = @convention(c) (ID, UnsafePointer<CChar>?) -> Int32
    private typealias OpenAttribute = @convention(c) (ID, UnsafePointer<CChar>?, ID) -> ID
    private typealias ReadAttribute = @convention(c) (ID, ID, UnsafeMutableRawPointer?) -> Int32

    private let fileOpen: Open
    private let fileClose, objectClose, dataClose, spaceClose, typeClose, dimensions, typeClass, kind: OfID
    private let listClose, external, attributeClose: OfID
    private let objectOpen, dataOpen: OpenObject
    private let dataSpace, dataType, dataList, superType, copyType: MakeID
    private let groupInfo: GroupInfo
    private let nameByIndex: NameByIndex
    private let extent: Extent
    private let select: Select
    private let makeSpace: MakeSpace
    private let dataRead: Read
    private let typeSize: SizeOf
    private let fileName: FileName
    private let attributeExists: ByName
    private let attributeOpen: OpenAttribute
    private let attributeRead: ReadAttribute
    private let attributeType, attributeSpace: MakeID
    private let points: Points
    private let isVariable: OfID
    /// Type ids of native 64-bit floats and bytes.
    private let double, byte: ID
    /// How files are opened.
    private let access: ID
    private let filterCount: OfID?
    private let filterOfIndex: FilterOfIndex?
    private let isFilterThere: OfFilter?

    static let package = "libhdf5-103-1 (Debian 13: libhdf5-310)"

    /// The version that is installed; nil: none.
    static var version: String? {
        guard let handle = opened, let symbol = dlsym(handle, "H5get_libversion") else { return nil }
        var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
        guard unsafeBitCast(symbol, to: GetVersion.self)(&major, &minor, &release) >= 0 else { return nil }
        return "\(major).\(minor).\(release)"
    }

    private static var opened: UnsafeMutableRawPointer? {
        let names = [
            "libhdf5_serial.so.103", "libhdf5.so.103", "libhdf5_serial.so.310", "libhdf5.so.310", "libhdf5.so.200",
        ]
        return names.lazy.compactMap { SharedLibrary.open($0) }.first
    }

    /// nil: not installed.
    init?() {
        guard let handle = HDF5Library.opened else { return nil }
        func symbol<T>(_ name: String, _ type: T.Type) -> T? { dlsym(handle, name).map { unsafeBitCast($0, to: type) } }
        guard let begin = symbol("H5open", Plain.self), begin() >= 0,
            let quiet = symbol("H5Eset_auto2", Quiet.self),
            let fileOpen = symbol("H5Fopen", Open.self), let fileClose = symbol("H5Fclose", OfID.self),
            let objectOpen = symbol("H5Oopen", OpenObject.self), let objectClose = symbol("H5Oclose", OfID.self),
            let dataOpen = symbol("H5Dopen2", OpenObject.self), let dataClose = symbol("H5Dclose", OfID.self),
            let dataSpace = symbol("H5Dget_space", MakeID.self), let spaceClose = symbol("H5Sclose", OfID.self),
            let dataType = symbol("H5Dget_type", MakeID.self), let typeClose = symbol("H5Tclose", OfID.self),
            let dataList = symbol("H5Dget_create_plist", MakeID.self), let listClose = symbol("H5Pclose", OfID.self),
            let external = symbol("H5Pget_external_count", OfID.self),
            let superType = symbol("H5Tget_super", MakeID.self), let copyType = symbol("H5Tcopy", MakeID.self),
            let dimensions = symbol("H5Sget_simple_extent_ndims", OfID.self),
            let extent = symbol("H5Sget_simple_extent_dims", Extent.self),
            let select = symbol("H5Sselect_hyperslab", Select.self),
            let makeSpace = symbol("H5Screate_simple", MakeSpace.self), let dataRead = symbol("H5Dread", Read.self),
            let typeClass = symbol("H5Tget_class", OfID.self), let typeSize = symbol("H5Tget_size", SizeOf.self),
            let kind = symbol("H5Iget_type", OfID.self), let groupInfo = symbol("H5Gget_info", GroupInfo.self),
            let nameByIndex = symbol("H5Lget_name_by_idx", NameByIndex.self),
            let fileName = symbol("H5Fget_name", FileName.self),
            let attributeExists = symbol("H5Aexists", ByName.self),
            let attributeOpen = symbol("H5Aopen", OpenAttribute.self),
            let attributeClose = symbol("H5Aclose", OfID.self),
            let attributeRead = symbol("H5Aread", ReadAttribute.self),
            let attributeType = symbol("H5Aget_type", MakeID.self),
            let attributeSpace = symbol("H5Aget_space", MakeID.self),
            let points = symbol("H5Sget_simple_extent_npoints", Points.self),
            let isVariable = symbol("H5Tis_variable_str", OfID.self),
            let double = dlsym(handle, "H5T_NATIVE_DOUBLE_g"), let byte = dlsym(handle, "H5T_NATIVE_UCHAR_g")
        else { return nil }
        // By default it prints every error.
        _ = quiet(0, nil, nil)
        (self.fileOpen, self.fileClose, self.objectOpen, self.objectClose) = (
            fileOpen, fileClose, objectOpen, objectClose
        )
        (self.dataOpen, self.dataClose, self.dataSpace, self.spaceClose) = (dataOpen, dataClose, dataSpace, spaceClose)
        (self.dataType, self.typeClose, self.dataList, self.listClose) = (dataType, typeClose, dataList, listClose)
        (self.external, self.superType, self.copyType, self.dimensions) = (external, superType, copyType, dimensions)
        (self.extent, self.select, self.makeSpace, self.dataRead) = (extent, select, makeSpace, dataRead)
        (self.typeClass, self.typeSize, self.kind, self.groupInfo) = (typeClass, typeSize, kind, groupInfo)
        (self.nameByIndex, self.fileName) = (nameByIndex, fileName)
        (self.attributeExists, self.attributeOpen, self.attributeClose) = (
            attributeExists, attributeOpen, attributeClose
        )
        (self.attributeRead, self.attributeType, self.isVariable) = (attributeRead, attributeType, isVariable)
        (self.attributeSpace, self.points) = (attributeSpace, points)
        self.double = double.assumingMemoryBound(to: ID.self).pointee
        self.byte = byte.assumingMemoryBound(to: ID.self).pointee
        if let register = symbol("H5Zregister", Register.self) { LZFFilter.register(register) }
        filterCount = symbol("H5Pget_nfilters", OfID.self)
        filterOfIndex = symbol("H5Pget_filter2", FilterOfIndex.self)
        isFilterThere = symbol("H5Zfilter_avail", OfFilter.self)
        // Files are only read, and many network file systems, like a confined worker, have no locks.
        if let fileAccess = dlsym(handle, "H5P_CLS_FILE_ACCESS_ID_g"), let create = symbol("H5Pcreate", MakeID.self),
            let setLocking = symbol("H5Pset_file_locking", SetLocking.self)
        {
            let list = create(fileAccess.assumingMemoryBound(to: ID.self).pointee)
            access = list >= 0 && setLocking(list, false, true) >= 0 ? list : 0
        } else {
            // Before 1.10.7; by default.
            access = 0
        }
    }

    // MARK: Files and groups

    func open(_ path: String) -> ID? { path.withCString { known(fileOpen($0, 0, access)) } }
    func close(file: ID) { _ = fileClose(file) }

    private func known(_ id: ID) -> ID? { id < 0 ? nil : id }

    enum Kind { case group, data }

    /// The kind of an object in a file; nil: neither group nor data, missing, or a link to another file.
    func kind(of path: String, in file: ID) -> Kind? {
        guard let object = path.withCString({ known(objectOpen(file, $0, 0)) }) else { return nil }
        defer { _ = objectClose(object) }
        guard name(of: object) == name(of: file) else { return nil }
        switch kind(object) {
        case 2: return .group
        case 5: return .data
        default: return nil
        }
    }

    private func name(of id: ID) -> String {
        var buffer = [CChar](repeating: 0, count: 4097)
        let count = fileName(id, &buffer, 4096)
        return count < 0
            ? "" : String(decoding: buffer.prefix(Int(min(count, 4096))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Names in a group, in order, limited in number.
    func names(in path: String, of file: ID, most: Int) -> [String] {
        guard let object = path.withCString({ known(objectOpen(file, $0, 0)) }) else { return [] }
        defer { _ = objectClose(object) }
        // H5G_info_t: the kind of storage, the number of links, the highest order of creation, whether it is mounted.
        var info = [UInt64](repeating: 0, count: 8)
        guard groupInfo(object, &info) >= 0 else { return [] }
        let count = min(info[1], UInt64(most))
        var result: [String] = []
        for index in 0..<count {
            var buffer = [CChar](repeating: 0, count: 1025)
            let length = ".".withCString { nameByIndex(object, $0, 0, 0, index, &buffer, 1024, 0) }
            guard length > 0, length < 1024 else { continue }
            result.append(String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return result
    }

    /// A number or a text attribute of an object; nil: missing, or of another kind.
    enum Attribute {
        case number(Double)
        case text(String)
    }

    /// - Parameter areSound: whether the file's texts of any length can be read; see `HDF5Heaps`.
    func attribute(_ name: String, of path: String, in file: ID, trusting areSound: () -> Bool) -> Attribute? {
        guard let object = path.withCString({ known(objectOpen(file, $0, 0)) }) else { return nil }
        defer { _ = objectClose(object) }
        guard name.withCString({ attributeExists(object, $0) }) > 0,
            let attribute = name.withCString({ known(attributeOpen(object, $0, 0)) })
        else { return nil }
        defer { _ = attributeClose(attribute) }
        guard let type = known(attributeType(attribute)) else { return nil }
        defer { _ = typeClose(type) }
        switch typeClass(type) {
        case 0, 1:
            var value = [Double](repeating: .nan, count: 1)
            guard count(of: attribute) == 1, attributeRead(attribute, double, &value) >= 0 else { return nil }
            return .number(value[0])
        case 3 where isVariable(type) > 0:
            var pointer: UnsafeMutablePointer<CChar>?
            guard count(of: attribute) == 1, areSound(), attributeRead(attribute, type, &pointer) >= 0, let pointer
            else {
                return nil
            }
            defer { free(pointer) }
            return .text(String(cString: pointer))
        case 3:
            let size = typeSize(type)
            guard size > 0, size <= 1 << 20, count(of: attribute) == 1 else { return nil }
            var buffer = [UInt8](repeating: 0, count: size + 1)
            guard attributeRead(attribute, type, &buffer) >= 0 else { return nil }
            return .text(String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self))
        default: return nil
        }
    }

    /// Number of values in an attribute.
    private func count(of attribute: ID) -> Int64 {
        guard let space = known(attributeSpace(attribute)) else { return 0 }
        defer { _ = spaceClose(space) }
        return points(space)
    }

    // MARK: Data

    /// An open array of a file.
    final class DataSet {
        let library: HDF5Library
        let id: ID
        /// Rows first.
        let shape: [Int]
        let isFloating: Bool
        /// Bytes per element; 0 for lists of variable length.
        let width: Int
        let isLists: Bool
        private let listType: ID?

        fileprivate init?(_ library: HDF5Library, _ id: ID) {
            self.library = library
            self.id = id
            guard let space = library.known(library.dataSpace(id)), let type = library.known(library.dataType(id)),
                let list = library.known(library.dataList(id))
            else { return nil }
            defer {
                _ = library.spaceClose(space)
                _ = library.typeClose(type)
                _ = library.listClose(list)
            }
            let count = Int(library.dimensions(space))
            // Data in external files is not read.
            guard (1...8).contains(count), library.external(list) == 0 else { return nil }
            var sizes = [Size](repeating: 0, count: count)
            guard library.extent(space, &sizes, nil) >= 0 else { return nil }
            let shape = sizes.compactMap { Int(exactly: $0) }
            guard shape.count == count, shape.allSatisfy({ $0 < 1 << 31 }) else { return nil }
            self.shape = shape
            let kind = library.typeClass(type)
            width = library.typeSize(type)
            isFloating = kind == 1
            isLists = kind == 9
            if kind == 9 {
                guard let inner = library.known(library.superType(type)) else { return nil }
                defer { _ = library.typeClose(inner) }
                guard library.typeClass(inner) == 0, library.typeSize(inner) == 1 else { return nil }
                listType = library.known(library.copyType(type))
            } else {
                guard kind == 0 || kind == 1 || kind == 8 else { return nil }
                listType = nil
            }
        }

        deinit {
            if let listType { _ = library.typeClose(listType) }
            _ = library.dataClose(id)
        }

        /// The name or number of a compression without which it cannot be read; nil: none is missing.
        var missingFilter: String? {
            guard let list = library.known(library.dataList(id)) else { return nil }
            defer { _ = library.listClose(list) }
            guard let count = library.filterCount?(list), count > 0, let filter = library.filterOfIndex,
                let isThere = library.isFilterThere
            else { return nil }
            for index in 0..<UInt32(min(count, 32)) {
                var (flags, values, config): (UInt32, Int, UInt32) = (0, 0, 0)
                var name = [CChar](repeating: 0, count: 65)
                let number = filter(list, index, &flags, &values, nil, 64, &name, &config)
                guard number > 0, isThere(number) == 0 else { continue }
                let words = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return words.isEmpty ? "number \(number)" : words
            }
            return nil
        }

        /// Elements per row.
        var across: Int {
            var product = 1
            for size in shape.dropFirst() {
                let (next, isTooLarge) = product.multipliedReportingOverflow(by: size)
                if isTooLarge || next > 1 << 30 { return Int.max }
                product = next
            }
            return product
        }

        private func read(_ rows: Range<Int>, type: ID, into room: UnsafeMutableRawPointer?) -> Bool {
            guard let space = library.known(library.dataSpace(id)) else { return false }
            defer { _ = library.spaceClose(space) }
            var start = [Size](repeating: 0, count: shape.count)
            var count = shape.map { Size($0) }
            start[0] = Size(rows.lowerBound)
            count[0] = Size(rows.count)
            guard library.select(space, 0, start, nil, count, nil) >= 0,
                let memory = library.known(library.makeSpace(Int32(shape.count), count, nil))
            else { return false }
            defer { _ = library.spaceClose(memory) }
            return library.dataRead(id, type, memory, space, 0, room) >= 0
        }

        /// Rows as numbers, concatenated; nil: damaged.
        func numbers(_ rows: Range<Int>) -> [Double]? {
            var values = [Double](repeating: .nan, count: rows.count * across)
            return values.withUnsafeMutableBytes({ read(rows, type: library.double, into: $0.baseAddress) })
                ? values : nil
        }

        /// Rows of bytes, concatenated.
        func bytes(_ rows: Range<Int>) -> [UInt8]? {
            var values = [UInt8](repeating: 0, count: rows.count * across)
            return values.withUnsafeMutableBytes({ read(rows, type: library.byte, into: $0.baseAddress) })
                ? values : nil
        }

        /// One row that is a list of bytes.
        func list(_ row: Int, most: Int) -> [UInt8]? {
            guard let listType, shape.count == 1 else { return nil }
            // hvl_t: a length and a pointer.
            var entry: (count: Int, start: UnsafeMutableRawPointer?) = (0, nil)
            guard withUnsafeMutableBytes(of: &entry, { read(row..<row + 1, type: listType, into: $0.baseAddress) }),
                let start = entry.start
            else { return nil }
            defer { free(start) }
            guard (0...most).contains(entry.count) else { return nil }
            return [UInt8](UnsafeRawBufferPointer(start: start, count: entry.count))
        }
    }

    func data(_ path: String, in file: ID) -> DataSet? {
        guard let id = path.withCString({ known(dataOpen(file, $0, 0)) }) else { return nil }
        return DataSet(self, id)
    }
}
