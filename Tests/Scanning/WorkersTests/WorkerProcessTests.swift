import Foundation
import Testing

@testable import Workers

@Suite("A worker's process")
struct WorkerProcessTests {
    @Test("it inherits no connection: the other side sees the end when it is closed here")
    func inheritsNoConnection() throws {
        var pair: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        let process = try WorkerProcess(executable: "/bin/cat", arguments: [], environment: [:])
        close(pair[0])
        defer { close(pair[1]) }
        var byte: UInt8 = 0
        let count = withExtendedLifetime(process) { recv(pair[1], &byte, 1, Int32(MSG_DONTWAIT)) }
        #expect(count == 0)
    }
}
