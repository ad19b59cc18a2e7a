import CCurl
import Foundation

/// libcurl, loaded at run time for the first address: the only interface to it.
///
/// Its functions may be called from several threads, each with a separate handle.
public final class CurlLibrary: Sendable {
    /// The library of this machine; nil: not installed.
    public static let installed: CurlLibrary? = {
        let machine = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map { "/usr/lib/\($0)" }
        // Also by path: a package of Genlock may have loaded a library of the same name that opens no address.
        let places = [""] + (machine + ["/usr/lib64", "/usr/lib"]).map { $0 + "/" }
        for name in ["libcurl.so.4", "libcurl-gnutls.so.4"] {
            for place in places {
                if let library = CurlLibrary(path: place + name) { return library }
            }
        }
        return nil
    }()

    /// Such as "libcurl 8.14.1".
    public let version: String
    let easyInit: genlock_curl_easy_init
    let easyPerform: genlock_curl_easy_perform
    let easyCleanup: genlock_curl_easy_cleanup
    let easyStrerror: genlock_curl_easy_strerror
    let listAppend: genlock_curl_slist_append
    let listFree: genlock_curl_slist_free_all
    private let setOption, getInfo: Int

    private init?(path: String) {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { return nil }
        func symbol<T>(_ name: String, _ type: T.Type) -> T? { dlsym(handle, name).map { unsafeBitCast($0, to: type) } }
        guard let version = symbol("curl_version", genlock_curl_version.self)?(),
            let globalInit = symbol("curl_global_init", genlock_curl_global_init.self),
            let easyInit = symbol("curl_easy_init", genlock_curl_easy_init.self),
            let easyPerform = symbol("curl_easy_perform", genlock_curl_easy_perform.self),
            let easyCleanup = symbol("curl_easy_cleanup", genlock_curl_easy_cleanup.self),
            let easyStrerror = symbol("curl_easy_strerror", genlock_curl_easy_strerror.self),
            let listAppend = symbol("curl_slist_append", genlock_curl_slist_append.self),
            let listFree = symbol("curl_slist_free_all", genlock_curl_slist_free_all.self),
            let setOption = dlsym(handle, "curl_easy_setopt"), let getInfo = dlsym(handle, "curl_easy_getinfo"),
            globalInit(GENLOCK_CURL_GLOBAL_DEFAULT) == 0
        else { return nil }
        let words = String(cString: version).split(separator: " ").first.map(String.init) ?? "libcurl"
        self.version = words.replacingOccurrences(of: "/", with: " ")
        self.easyInit = easyInit
        self.easyPerform = easyPerform
        self.easyCleanup = easyCleanup
        self.easyStrerror = easyStrerror
        self.listAppend = listAppend
        self.listFree = listFree
        self.setOption = Int(bitPattern: setOption)
        self.getInfo = Int(bitPattern: getInfo)
    }

    private func function(_ address: Int) -> UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: address) }

    func set(_ handle: UnsafeMutableRawPointer, _ option: Int, _ value: Int) {
        _ = genlock_curl_set_number(function(setOption), handle, Int32(option), value)
    }

    /// libcurl copies strings.
    func set(_ handle: UnsafeMutableRawPointer, _ option: Int, _ text: String) {
        _ = text.withCString { genlock_curl_set_pointer(function(setOption), handle, Int32(option), $0) }
    }

    func set(_ handle: UnsafeMutableRawPointer, _ option: Int, pointer: UnsafeMutableRawPointer?) {
        _ = genlock_curl_set_pointer(function(setOption), handle, Int32(option), pointer)
    }

    func set(_ handle: UnsafeMutableRawPointer, _ option: Int, take: genlock_curl_take?) {
        _ = genlock_curl_set_take(function(setOption), handle, Int32(option), take)
    }

    func set(_ handle: UnsafeMutableRawPointer, _ option: Int, watch: genlock_curl_watch?) {
        _ = genlock_curl_set_watch(function(setOption), handle, Int32(option), watch)
    }

    func number(_ handle: UnsafeMutableRawPointer, _ what: Int) -> Int {
        var value = 0
        _ = genlock_curl_get_number(function(getInfo), handle, Int32(what), &value)
        return value
    }
}
