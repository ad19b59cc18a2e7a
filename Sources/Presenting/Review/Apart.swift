import Foundation

/// The result of work that waits for something, done on a separate thread: all responses share a few, and one that
/// waits would hold up the others.
func apart<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
}
