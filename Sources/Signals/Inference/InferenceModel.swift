import COpenVINO

/// A network ready to run: one input, several outputs, all of 32-bit floats.
///
/// Belongs to one thread. It runs on one processor core: work is spread by clip, not inside a picture.
public final class InferenceModel {
    private let library: InferenceLibrary
    private let core, model, compiled, request: OpaquePointer
    private let inputTensor: OpaquePointer
    private var outputTensors: [OpaquePointer] = []
    /// Where the input goes.
    public let input: UnsafeMutableBufferPointer<Float>
    /// What came out of the last run, by index of the output.
    public private(set) var outputs: [UnsafeBufferPointer<Float>] = []

    /// Reads and compiles a model file with so many outputs.
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

    /// Runs the network on what is in `input`.
    public func run() throws(InferenceError) {
        try library.check("ov_infer_request_infer", library.infer(request))
    }

    private static func compile(
        _ core: OpaquePointer, _ model: OpaquePointer, _ library: InferenceLibrary
    ) throws(InferenceError) -> OpaquePointer {
        // One thread, and full precision whatever the processor offers: the same picture gives the same mouth
        // everywhere. Not pinned: every worker's thread would be pinned to the same core.
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
