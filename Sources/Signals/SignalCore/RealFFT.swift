import CFFTW
import Foundation

/// The Fourier transform of real signals of one length, by FFTW in single precision.
///
/// Plans are created once per length and shared. Creating them is locked, since FFTW's planner is not thread-safe;
/// running them is. The spectrum of `n` real samples is `n / 2 + 1` complex numbers, stored as real, imaginary, real,
/// ...
public final class RealFFT: @unchecked Sendable {
    // Unchecked: the plans are immutable, and fftwf_execute_dft_* may run them from any thread on separate arrays.
    private let forwardPlan: fftwf_plan
    private let inversePlan: fftwf_plan

    /// Samples of the real signal.
    public let length: Int
    /// Complex numbers of the spectrum.
    public var bins: Int { length / 2 + 1 }

    private static let lock = NSLock()
    nonisolated(unsafe) private static var made: [Int: RealFFT] = [:]

    /// The transform of a length, created on first use and cached.
    public static func of(length: Int) -> RealFFT {
        lock.withLock {
            if let known = made[length] { return known }
            let fresh = RealFFT(length: length)
            made[length] = fresh
            return fresh
        }
    }

    /// The smallest power of two that is at least `count`.
    public static func paddedLength(_ count: Int) -> Int {
        var length = 1
        while length < count { length <<= 1 }
        return length
    }

    private init(length: Int) {
        precondition(length > 0, "a transform has at least one sample")
        self.length = length
        var samples = [Float](repeating: 0, count: length)
        var spectrum = [Float](repeating: 0, count: 2 * (length / 2 + 1))
        let flags = genlock_fftw_estimate | UInt32(FFTW_UNALIGNED)
        (forwardPlan, inversePlan) = samples.withUnsafeMutableBufferPointer { samples in
            spectrum.withUnsafeMutableBytes { spectrum in
                let complex = spectrum.bindMemory(to: fftwf_complex.self).baseAddress
                return (
                    fftwf_plan_dft_r2c_1d(Int32(length), samples.baseAddress, complex, flags),
                    fftwf_plan_dft_c2r_1d(
                        Int32(length), complex, samples.baseAddress, flags | UInt32(FFTW_PRESERVE_INPUT))
                )
            }
        }
    }

    deinit {
        RealFFT.lock.withLock {
            fftwf_destroy_plan(forwardPlan)
            fftwf_destroy_plan(inversePlan)
        }
    }

    /// The spectrum of at most `length` samples, with zeros appended.
    public func forward(_ samples: some Collection<Float>) -> [Float] {
        precondition(samples.count <= length, "more samples than the transform takes")
        var input = [Float](unsafeUninitializedCapacity: length) { buffer, count in
            _ = buffer.initialize(from: samples)
            for index in samples.count..<length { buffer[index] = 0 }
            count = length
        }
        return [Float](unsafeUninitializedCapacity: 2 * bins) { buffer, count in
            input.withUnsafeMutableBufferPointer { input in
                UnsafeMutableRawBufferPointer(buffer).withMemoryRebound(to: fftwf_complex.self) { spectrum in
                    fftwf_execute_dft_r2c(forwardPlan, input.baseAddress, spectrum.baseAddress)
                }
            }
            count = 2 * bins
        }
    }

    /// The signal of a spectrum, divided by `length`: the inverse of `forward`.
    public func inverse(_ spectrum: [Float]) -> [Float] {
        precondition(spectrum.count == 2 * bins, "a spectrum has length / 2 + 1 complex numbers")
        var input = spectrum
        let scale = 1 / Float(length)
        return [Float](unsafeUninitializedCapacity: length) { buffer, count in
            input.withUnsafeMutableBytes { input in
                fftwf_execute_dft_c2r(
                    inversePlan, input.bindMemory(to: fftwf_complex.self).baseAddress, buffer.baseAddress)
            }
            for index in 0..<length { buffer[index] *= scale }
            count = length
        }
    }
}

/// Products of spectra.
public enum Spectrum {
    /// Adds conj(u) * v to `sum`, complex number by complex number.
    public static func addConjugateProduct(_ u: [Float], _ v: [Float], to sum: inout [Float]) {
        precondition(u.count == v.count && u.count == sum.count, "spectra of one length")
        u.withUnsafeBufferPointer { u in
            v.withUnsafeBufferPointer { v in
                sum.withUnsafeMutableBufferPointer { sum in
                    var index = 0
                    while index < u.count {
                        let (a, b, c, d) = (u[index], u[index + 1], v[index], v[index + 1])
                        sum[index] += a * c + b * d
                        sum[index + 1] += a * d - b * c
                        index += 2
                    }
                }
            }
        }
    }
}
