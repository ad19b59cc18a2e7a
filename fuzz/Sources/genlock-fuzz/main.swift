import CFuzzer
import Foundation

// genlock-fuzz TARGET [options and folders of libFuzzer]; alone it lists the targets. Processes of -fork get options
// without the target, and takes it from the environment.
let inherited = "GENLOCK_FUZZ_TARGET"
var options = CommandLine.arguments.dropFirst()
let name = options.first.flatMap { Targets.all[$0] == nil ? nil : options.removeFirst() }
guard let name = name ?? ProcessInfo.processInfo.environment[inherited], let target = Targets.all[name] else {
    print(Targets.all.keys.sorted().joined(separator: "\n"))
    exit(CommandLine.arguments.count > 1 ? 64 : 0)
}
setenv(inherited, name, 1)
Targets.chosen = target
var words: [UnsafeMutablePointer<CChar>?] =
    ([CommandLine.arguments[0]] + options).map { strdup($0) } + [nil]
var count = Int32(words.count - 1)
let status = words.withUnsafeMutableBufferPointer { buffer -> Int32 in
    var base = buffer.baseAddress
    return withUnsafeMutablePointer(to: &base) { place in
        place.withMemoryRebound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1) {
            LLVMFuzzerRunDriver(&count, $0) { bytes, length in
                Targets.chosen([UInt8](UnsafeBufferPointer(start: bytes, count: length)))
                return 0
            }
        }
    }
}
exit(status)
