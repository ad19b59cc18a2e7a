import Foundation

/// The only interface to PocketSphinx, which is loaded at run time, not linked.
final class SphinxLibrary {
    typealias Decoder = OpaquePointer
    typealias Segment = OpaquePointer

    let lookUp: @convention(c) (Decoder, UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?
    let addWord: @convention(c) (Decoder, UnsafePointer<CChar>, UnsafePointer<CChar>, Int32) -> Int32
    let setGrammar: @convention(c) (Decoder, UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    let setSearch: @convention(c) (Decoder, UnsafePointer<CChar>) -> Int32
    let startUtterance: @convention(c) (Decoder) -> Int32
    let process: @convention(c) (Decoder, UnsafePointer<Int16>, Int, Int32, Int32) -> Int32
    let endUtterance: @convention(c) (Decoder) -> Int32
    let firstSegment: @convention(c) (Decoder) -> Segment?
    let nextSegment: @convention(c) (Segment) -> Segment?
    let segmentWord: @convention(c) (Segment) -> UnsafePointer<CChar>?
    let segmentFrames: @convention(c) (Segment, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Void
    let segmentScore:
        @convention(c) (Segment, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>)
            -> Int32
    private let arguments: @convention(c) () -> OpaquePointer?
    private let parse:
        @convention(c) (OpaquePointer?, OpaquePointer?, Int32, UnsafePointer<UnsafeMutablePointer<CChar>?>, Int32) ->
            OpaquePointer?
    private let initialise: @convention(c) (OpaquePointer) -> Decoder?

    /// Throws with the remedy if the library is missing or of another version.
    init() throws(AlignerError) {
        guard let handle = dlopen("libpocketsphinx.so.3", RTLD_NOW | RTLD_GLOBAL) else { throw .noLibrary }
        func find<Function>(_ name: String, _ type: Function.Type) throws(AlignerError) -> Function {
            guard let symbol = dlsym(handle, name) else { throw .otherVersion(name) }
            return unsafeBitCast(symbol, to: type)
        }
        lookUp = try find(
            "ps_lookup_word", (@convention(c) (Decoder, UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?).self)
        addWord = try find(
            "ps_add_word", (@convention(c) (Decoder, UnsafePointer<CChar>, UnsafePointer<CChar>, Int32) -> Int32).self)
        setGrammar = try find(
            "ps_set_jsgf_string", (@convention(c) (Decoder, UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32).self)
        setSearch = try find("ps_set_search", (@convention(c) (Decoder, UnsafePointer<CChar>) -> Int32).self)
        startUtterance = try find("ps_start_utt", (@convention(c) (Decoder) -> Int32).self)
        process = try find(
            "ps_process_raw", (@convention(c) (Decoder, UnsafePointer<Int16>, Int, Int32, Int32) -> Int32).self)
        endUtterance = try find("ps_end_utt", (@convention(c) (Decoder) -> Int32).self)
        firstSegment = try find("ps_seg_iter", (@convention(c) (Decoder) -> Segment?).self)
        nextSegment = try find("ps_seg_next", (@convention(c) (Segment) -> Segment?).self)
        segmentWord = try find("ps_seg_word", (@convention(c) (Segment) -> UnsafePointer<CChar>?).self)
        segmentFrames = try find(
            "ps_seg_frames",
            (@convention(c) (Segment, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Void).self)
        segmentScore = try find(
            "ps_seg_prob",
            (@convention(c) (
                Segment, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>
            ) -> Int32).self)
        arguments = try find("ps_args", (@convention(c) () -> OpaquePointer?).self)
        parse = try find(
            "cmd_ln_parse_r",
            (@convention(c) (OpaquePointer?, OpaquePointer?, Int32, UnsafePointer<UnsafeMutablePointer<CChar>?>, Int32)
                -> OpaquePointer?).self)
        initialise = try find("ps_init", (@convention(c) (OpaquePointer) -> Decoder?).self)
    }

    /// A decoder with options as on PocketSphinx's command line.
    func decoder(_ options: [String]) throws(AlignerError) -> Decoder {
        var words: [UnsafeMutablePointer<CChar>?] = (["aligner"] + options).map { strdup($0) }
        words.append(nil)
        // The strings are not freed: the library keeps pointers to them.
        guard let configuration = parse(nil, arguments(), Int32(words.count - 1), words, 1),
            let decoder = initialise(configuration)
        else { throw .noModel }
        return decoder
    }
}

/// Why alignment is impossible, with the remedy.
enum AlignerError: Error, CustomStringConvertible {
    case noLibrary
    case otherVersion(String)
    case noModel
    case refused(String)

    var description: String {
        switch self {
        case .noLibrary:
            "libpocketsphinx.so.3 is not installed. Install it with: apt install libpocketsphinx3 pocketsphinx-en-us"
        case .otherVersion(let name):
            "libpocketsphinx has no function \(name). Install version 0.8-5prealpha: apt install libpocketsphinx3"
        case .noModel: "the English model of PocketSphinx is missing. Install it with: apt install pocketsphinx-en-us"
        case .refused(let what): "PocketSphinx refused \(what)"
        }
    }
}
