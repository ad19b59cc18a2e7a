import Foundation
import Testing

@testable import HTMLReport

/// Chromium, where it is installed: `bench/page` looks at more.
private let chromium: String? = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite("A page in a browser")
struct BrowserTests {
    /// The document as it stands after its scripts have run.
    private func document(of page: String) throws -> String {
        let folder = NSTemporaryDirectory() + "genlock-page-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try page.write(toFile: folder + "/page.html", atomically: true, encoding: .utf8)
        _ = FileManager.default.createFile(atPath: folder + "/out", contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: chromium ?? "")
        process.arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + folder + "/profile", "--dump-dom",
            "file://" + folder + "/page.html",
        ]
        process.standardOutput = FileHandle(forWritingAtPath: folder + "/out")
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try String(contentsOfFile: folder + "/out", encoding: .utf8)
    }

    @Test(
        "its script runs: every clip can be opened, verdicts can be chosen, hostile names are text",
        .enabled(if: chromium != nil, "needs Chromium"))
    func runs() throws {
        let after = try document(of: try Made.page(Made.content(groupBy: "camera")))
        #expect(after.components(separatedBy: "class=\"open\"").count == 10)
        #expect(after.components(separatedBy: "type=\"checkbox\"").count == 7)
        #expect(after.contains("9 clips</output>"))
        #expect(!after.contains("<img"))
    }

    @Test(
        "nothing is left of the list where there are no clips, and the script does not mind",
        .enabled(if: chromium != nil, "needs Chromium"))
    func empty() throws {
        let after = try document(of: try Made.page(Made.content([])))
        #expect(after.contains("No clips") && !after.contains("id=\"list\""))
    }
}
