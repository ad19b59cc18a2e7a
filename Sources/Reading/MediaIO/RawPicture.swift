import CFFmpeg
import Foundation

/// Converts uncoded pixels to frames: rows of a known layout, as in robot messages.
public final class RawPictures {
    private let file: String
    private let call: FFmpegCall
    private let scaler: PictureScaler
    private var frame: UnsafeMutablePointer<AVFrame>?
    private static let mostPixels = 1 << 26

    /// - Parameter file: the name for messages.
    public init(file: String) {
        self.file = file
        call = FFmpegCall(file: file)
        scaler = PictureScaler(file: file)
    }

    deinit { av_frame_free(&frame) }

    /// Layouts by their names in ROS (`sensor_msgs/image_encodings.hpp`) and Foxglove, and bytes per pixel.
    private static let layouts: [String: (format: AVPixelFormat, bytes: Int)] = [
        "mono8": (AV_PIX_FMT_GRAY8, 1), "8uc1": (AV_PIX_FMT_GRAY8, 1), "mono16": (AV_PIX_FMT_GRAY16LE, 2),
        "rgb8": (AV_PIX_FMT_RGB24, 3), "bgr8": (AV_PIX_FMT_BGR24, 3), "8uc3": (AV_PIX_FMT_BGR24, 3),
        "rgba8": (AV_PIX_FMT_RGBA, 4), "bgra8": (AV_PIX_FMT_BGRA, 4), "8uc4": (AV_PIX_FMT_BGRA, 4),
        "yuv422": (AV_PIX_FMT_UYVY422, 2), "uyvy": (AV_PIX_FMT_UYVY422, 2),
        "yuv422_yuy2": (AV_PIX_FMT_YUYV422, 2), "yuyv": (AV_PIX_FMT_YUYV422, 2),
        "bayer_rggb8": (AV_PIX_FMT_BAYER_RGGB8, 1), "bayer_bggr8": (AV_PIX_FMT_BAYER_BGGR8, 1),
        "bayer_gbrg8": (AV_PIX_FMT_BAYER_GBRG8, 1), "bayer_grbg8": (AV_PIX_FMT_BAYER_GRBG8, 1),
    ]

    /// Whether a layout is supported.
    public static func reads(_ encoding: String) -> Bool { layouts[encoding.lowercased()] != nil }

    /// Makes a frame from rows of pixels and delivers it.
    ///
    /// - Parameters:
    ///   - step: row stride in bytes; 0: contiguous rows.
    /// - Returns: false if the bytes do not match the size.
    public func show(
        _ bytes: UnsafeRawBufferPointer, encoding: String, width: Int, height: Int, step: Int, seconds: Double,
        _ body: (Picture) throws -> Void
    ) throws -> Bool {
        guard let (format, pixel) = RawPictures.layouts[encoding.lowercased()], (1...32_768).contains(width),
            (1...32_768).contains(height), width * height <= RawPictures.mostPixels
        else { return false }
        let row = width * pixel
        let step = step == 0 ? row : step
        guard step >= row, step <= 1 << 28, bytes.count >= step * (height - 1) + row, let start = bytes.baseAddress
        else { return false }
        let frame = try room(format, width, height)
        guard let target = frame.pointee.data.0 else { return false }
        let stride = Int(frame.pointee.linesize.0)
        for line in 0..<height { memcpy(target + line * stride, start + line * step, row) }
        try body(Picture(upright: frame, seconds: seconds, scaler: scaler))
        return true
    }

    private func room(_ format: AVPixelFormat, _ width: Int, _ height: Int) throws(MediaError)
        -> UnsafeMutablePointer<AVFrame>
    {
        if let frame, frame.pointee.format == format.rawValue, Int(frame.pointee.width) == width,
            Int(frame.pointee.height) == height
        {
            return frame
        }
        av_frame_free(&frame)
        let made = try call.pointer("av_frame_alloc", av_frame_alloc())
        frame = made
        made.pointee.format = format.rawValue
        made.pointee.width = Int32(width)
        made.pointee.height = Int32(height)
        try call("av_frame_get_buffer", av_frame_get_buffer(made, 0))
        return made
    }
}
