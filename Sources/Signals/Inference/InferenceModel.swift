import COpenVINO

/// A compiled network: one input, several outputs, all 32-bit floats.
///
/// Belongs to one thread, and runs on one CPU core: work is parallel across clips, not within a frame.
public final class InferenceModel {
    private let library: InferenceLibrary
    private let core, model, compiled, request: OpaquePointer
    private let inputTensor: OpaquePointer
    private var outputTensors: [OpaquePointer] = []
    /// The input buffer.
    public let input: UnsafeMutableBufferPointer<Float>
    /// Results of the last run, by output index.
    public private(set) var outputs: [UnsafeBufferPointer<Float>] = []

    /// Reads and compiles a model file with this many outputs.
    public init(path: String, outputs count: Int, library: InferenceLibrary) throws(InferenceError) {
        self.library = library
        var object: OpaquePointer?
        core = try library.object("ov_core_create", library.coreCreate(&object), object)
        object = nil
        model = try library.object("ov_core_read_model(\(path))", library.readModel(core, path, nil, &object), object)
        object = nil
        compiled = try InferenceModel.compile(core, model, library)
        request = try library.object(
            "ov_compiled_model_create_infer_request", library.createRequest(compiled, &object), object)
        object = nil
        inputTensor = try library.object(
            "ov_infer_request_get_input_tensor", library.inputTensor(request, 0, &object), object)
        let data = try InferenceModel.floats(of: inputTensor, library)
        input = UnsafeMutableBufferPointer(mutating: data)
        try library.check("ov_infer_request_infer", library.infer(request))
        for index in 0..<count {
            object = nil
            let tensor = try library.object(
                "ov_infer_request_get_output_tensor", library.outputTensor(request, index, &object), object)
            outputTensors.append(tensor)
            outputs.append(try InferenceModel.floats(of: tensor, library))
        }
    }

    deinit {
        for tensor in outputTensors { library.freeTensor(tensor) }
        library.freeTensor(inputTensor)
        library.freeRequest(request)
        library.freeCompiled(compiled)
        library.freeModel(model)
        library.freeCore(core)
    }

    /// Runs the network on `input`.
    public func run() throws(InferenceError) {
        try library.check("ov_infer_request_infer", library.infer(request))
    }

    private static func compile(
        _ core: OpaquePointer, _ model: OpaquePointer, _ library: InferenceLibrary
    ) throws(InferenceError) -> OpaquePointer {
        // One thread and full precision on every processor, so that a frame gives the same result everywhere. Not
        // pinned: all workers' threads would be pinned to the same core.
        let settings: [(StaticString, StaticString)] = [
            ("INFERENCE_NUM_THREADS", "1"), ("NUM_STREAMS", "1"), ("INFERENCE_PRECISION_HINT", "f32"),
            ("ENABLE_CPU_PINNING", "NO"),
        ]
        let properties = settings.map { key, value in
            genlock_ov_property(
                key: UnsafeRawPointer(key.utf8Start).assumingMemoryBound(to: CChar.self),
                value: UnsafeRawPointer(value.utf8Start).assumingMemoryBound(to: CChar.self))
        }
        var compiled: OpaquePointer?
        let status = library.compile(core, model, "CPU", properties.count, properties, &compiled)
        return try library.object("ov_core_compile_model_props", status, compiled)
    }

    private static func floats(
        of tensor: OpaquePointer, _ library: InferenceLibrary
    ) throws(InferenceError) -> UnsafeBufferPointer<Float> {
        var data: UnsafeMutableRawPointer?
        var count = 0
        try library.check("ov_tensor_data", library.tensorData(tensor, &data))
        try library.check("ov_tensor_get_size", library.tensorSize(tensor, &count))
        guard let data else { throw InferenceError(.runtime, "ov_tensor_data returned nothing") }
        return UnsafeBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count)
    }
}
