import SyncModel

extension Picture {
    /// The whole displayed frame in gray, with its longer side scaled to `side` pixels: width, height, and values
    /// 0...255 row by row.
    ///
    /// `scratch` is a buffer that is reused from frame to frame.
    public func luma(side: Int, scratch: inout [Float]) throws -> (width: Int, height: Int, values: [Float]) {
        let longer = max(displayWidth, displayHeight)
        let width = max(1, Int((Double(side) * displayWidth / longer).rounded()))
        let height = max(1, Int((Double(side) * displayHeight / longer).rounded()))
        let square = OrientedSquare(
            centre: PicturePoint(x: displayWidth / 2, y: displayHeight / 2), side: longer, angle: 0)
        try sample(square, size: side, into: &scratch)
        let (left, top) = ((side - width) / 2, (side - height) / 2)
        let values = [Float](unsafeUninitializedCapacity: width * height) { out, count in
            scratch.withUnsafeBufferPointer { pixels in
                for row in 0..<height {
                    var from = ((top + row) * side + left) * 3
                    for column in 0..<width {
                        // ITU-R BT.601 luma.
                        out[row * width + column] =
                            0.299 * pixels[from] + 0.587 * pixels[from + 1] + 0.114 * pixels[from + 2]
                        from += 3
                    }
                }
            }
            count = width * height
        }
        return (width, height, values)
    }
}
