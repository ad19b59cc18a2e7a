import Foundation
import Plan

/// Work on several clips that a cell does one after another.
extension Cell {
    /// How a step went.
    public enum Step<Value> {
        /// It was done in this cell.
        case done(Value)
        /// It was done in a cell that died later.
        case before(Value)
        /// The cell that did it came to its end.
        case died(End)
    }

    /// Does the next step. Where the cell dies in it, another one is told so, and goes on with what follows.
    ///
    /// Steps are counted: a command takes the same ones in the same order whenever it begins anew, on one thread.
    /// Outside a cell it does the work and nothing else.
    public static func step<Value: Codable>(_ work: () throws -> Value) rethrows -> Step<Value> {
        guard let journal else { return .done(try work()) }
        let number = nextStep
        nextStep += 1
        if let end = died[number] { return .died(end) }
        if let data = earlier[number], let value = try? WireJSON.decode(Value.self, data) { return .before(value) }
        journal.current = number
        defer { journal.current = nil }
        let value = try work()
        if let data = try? WireJSON.encode(value) { journal.keep(data, step: number) }
        return .done(value)
    }
}
