import Foundation
import Testing

@testable import TimedText

/// Reads a text as a file of that name.
func read(_ text: String, _ name: String, frameRate: Double? = nil) throws -> TimedTextDocument {
    try TimedTextReader(frameRate: frameRate).read(Array(text.utf8), name: name)
}

/// The text of a document written again.
func written(_ document: TimedTextDocument, _ map: (Double, Double) -> Double) throws -> String {
    String(decoding: try document.rewritten(map).bytes, as: UTF8.self)
}

/// Start and end of every item in milliseconds.
func milliseconds(_ document: TimedTextDocument) -> [[Int]] {
    document.items.map { [Int(($0.start * 1000).rounded()), Int(($0.end * 1000).rounded())] }
}
