import Files
import SyncModel

/// A file that is written completely or not at all, in chunks; errors are reported at the end. A device or a pipe is
/// written to directly.
final class OutputFile {
    private let path: String
    private var staged: Result<StagedFile, StagedFileError>
    private var buffer: [UInt8] = []

    init(_ path: String) {
        self.path = path
        do throws(StagedFileError) { staged = .success(try StagedFile(path, writesThrough: true)) } catch {
            staged = .failure(error)
        }
    }

    func write(_ text: String) {
        buffer += text.utf8
        if buffer.count >= 1 << 18 { flush() }
    }

    /// - Throws: `ClipFailure` naming the file; then nothing of it is left.
    func finish() throws {
        flush()
        do throws(StagedFileError) { try staged.get().finish(replacing: true) } catch {
            throw ClipFailure(
                code: "not-written", message: "\(path.printable) cannot be written (\(error.reason))",
                remedy: "check that its folder exists and has room")
        }
    }

    private func flush() {
        do throws(StagedFileError) { try staged.get().write(buffer) } catch { staged = .failure(error) }
        buffer.removeAll(keepingCapacity: true)
    }
}
