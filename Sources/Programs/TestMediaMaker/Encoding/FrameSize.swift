/// Width and height of a video frame in pixels; both even, as 4:2:0 video requires.
struct FrameSize: Codable, Equatable, Sendable {
    var width: Int
    var height: Int

    init(width: Int, height: Int) {
        precondition(width > 0 && height > 0 && width % 2 == 0 && height % 2 == 0, "4:2:0 video has even sides")
        self.width = width
        self.height = height
    }
}
