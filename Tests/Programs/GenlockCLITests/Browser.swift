import Foundation
import Testing

/// A headless Chromium that is driven as a person at a keyboard would, through its own pipe: no port, no other program.
final class Browser {
    static let path: String? = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private let scratch = Scratch()
    private let process = Process()
    private let input: Int32
    private let output: Int32
    private var number = 0
    private var session: String?
    private var rest: [UInt8] = []
    /// What the page's script failed with.
    private(set) var faults: [String] = []

    init() throws {
        for name in ["in", "out"] { try #require(mkfifo(scratch.path(name), 0o600) == 0) }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            exec '\(Browser.path ?? "")' --headless=new --no-sandbox --disable-gpu --no-first-run \
            --autoplay-policy=no-user-gesture-required --window-size=1360,860 \
            --user-data-dir='\(scratch.path("profile"))' \
            --remote-debugging-pipe about:blank 3<'\(scratch.path("in"))' 4>'\(scratch.path("out"))'
            """,
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        input = open(scratch.path("in"), O_WRONLY | O_CLOEXEC)
        output = open(scratch.path("out"), O_RDONLY | O_CLOEXEC)
        try #require(input >= 0 && output >= 0)
        let targets = try call("Target.getTargets")["targetInfos"] as? [[String: Any]] ?? []
        let page = try #require(targets.first { $0["type"] as? String == "page" }?["targetId"] as? String)
        session = try call("Target.attachToTarget", ["targetId": page, "flatten": true])["sessionId"] as? String
        try call("Runtime.enable")
        try call("Page.enable")
    }

    deinit {
        close(input)
        close(output)
        process.terminate()
        process.waitUntilExit()
    }

    struct Failed: Error { let what: String }

    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        number += 1
        var message: [String: Any] = ["id": number, "method": method, "params": parameters]
        message["sessionId"] = session
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: message)) + [0]
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { write(input, $0.baseAddress?.advanced(by: sent), bytes.count - sent) }
            guard count > 0 else { throw Failed(what: "the browser is gone") }
            sent += count
        }
        while true {
            let answer = try next()
            if let exception = (answer["params"] as? [String: Any])?["exceptionDetails"] as? [String: Any] {
                faults.append("\(exception)")
            }
            guard (answer["id"] as? Int) == number else { continue }
            guard let result = answer["result"] as? [String: Any] else { throw Failed(what: "\(method): \(answer)") }
            return result
        }
    }

    private func next() throws -> [String: Any] {
        while true {
            if let end = rest.firstIndex(of: 0) {
                let line = Data(rest[..<end])
                rest.removeSubrange(...end)
                return try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
            }
            var block = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(output, &block, block.count)
            guard count > 0 else { throw Failed(what: "the browser is gone") }
            rest += block[0..<count]
        }
    }

    func visit(_ address: String) throws { try call("Page.navigate", ["url": address]) }

    /// What an expression says, as JSON has it.
    func value(_ expression: String) throws -> Any? {
        let result = try call("Runtime.evaluate", ["expression": expression, "returnByValue": true])
        return (result["result"] as? [String: Any])?["value"]
    }

    func text(_ expression: String) throws -> String { try value(expression) as? String ?? "" }

    /// Waits until an expression is true.
    func wait(_ expression: String, seconds: Double = 60, _ place: SourceLocation = #_sourceLocation) throws {
        let deadline = Date().addingTimeInterval(seconds)
        while try value("!!(\(expression))") as? Bool != true {
            guard Date() < deadline else {
                let said = try text("document.body ? document.body.innerText.slice(0, 600) : ''")
                Issue.record("\(expression) did not come: \(said)", sourceLocation: place)
                throw Failed(what: expression)
            }
            usleep(10_000)
        }
    }

    private static let codes: [String: (code: String, number: Int, text: String?)] = [
        "ArrowDown": ("ArrowDown", 40, nil), "ArrowUp": ("ArrowUp", 38, nil), "ArrowLeft": ("ArrowLeft", 37, nil),
        "ArrowRight": ("ArrowRight", 39, nil), "Home": ("Home", 36, nil), "End": ("End", 35, nil),
        "Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, nil), "Tab": ("Tab", 9, nil), " ": ("Space", 32, " "),
    ]

    /// Presses a key, and lets it go.
    func press(_ key: String, shift: Bool = false, control: Bool = false) throws {
        let known = Browser.codes[key]
        var parameters: [String: Any] = [
            "key": key, "code": known?.code ?? "Key" + key.uppercased(),
            "windowsVirtualKeyCode": known?.number ?? Int(key.uppercased().utf8.first ?? 0),
            "modifiers": (shift ? 8 : 0) + (control ? 2 : 0),
        ]
        if !control, let text = known == nil ? key : known?.text { parameters["text"] = text }
        parameters["type"] = parameters["text"] == nil ? "rawKeyDown" : "keyDown"
        try call("Input.dispatchKeyEvent", parameters)
        parameters["type"] = "keyUp"
        parameters["text"] = nil
        try call("Input.dispatchKeyEvent", parameters)
    }

    /// Types a text where the cursor is.
    func type(_ text: String) throws { try call("Input.insertText", ["text": text]) }

    /// A picture of the page as PNG.
    func picture() throws -> Data {
        Data(base64Encoded: try call("Page.captureScreenshot")["data"] as? String ?? "") ?? Data()
    }
}
