import COpenVINO
import Foundation

/// OpenVINO's C library, loaded at run time: the only access to it.
///
/// Loaded once and never unloaded. Its functions may be called from several threads on separate objects.
public final class InferenceLibrary: Sendable {
    let coreCreate: genlock_ov_core_create
    let readModel: genlock_ov_core_read_model
    let compile: genlock_ov_core_compile
    let createRequest: genlock_ov_create_request
    let inputTensor: genlock_ov_get_tensor
    let outputTensor: genlock_ov_get_tensor
    let infer: genlock_ov_infer
    let tensorData: genlock_ov_tensor_data
    let tensorSize: genlock_ov_tensor_size
    let freeCore, freeModel, freeCompiled, freeRequest, freeTensor: genlock_ov_free
    private let lastError: genlock_ov_last_error
    /// The library's build number.
    public let version: String

    /// Loads the library at a path.
    public init(path: String) throws(InferenceError) {
        // Wider vectors are slower for networks this small, and the same instructions on all machines give the same
        // results.
        setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 0)
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            throw InferenceError(.runtimeMissing, "the inference library cannot be loaded: \(reason)")
        }
        func symbol<T>(_ name: String, _ type: T.Type) throws(InferenceError) -> T {
            guard let address = dlsym(handle, name) else {
                throw InferenceError(.runtimeMissing, "\(path) lacks the function \(name): it is too old")
            }
            return unsafeBitCast(address, to: type)
        }
        coreCreate = try symbol("ov_core_create", genlock_ov_core_create.self)
        readModel = try symbol("ov_core_read_model", genlock_ov_core_read_model.self)
        compile = try symbol("ov_core_compile_model_props", genlock_ov_core_compile.self)
        createRequest = try symbol("ov_compiled_model_create_infer_request", genlock_ov_create_request.self)
        inputTensor = try symbol("ov_infer_request_get_input_tensor_by_index", genlock_ov_get_tensor.self)
        outputTensor = try symbol("ov_infer_request_get_output_tensor_by_index", genlock_ov_get_tensor.self)
        infer = try symbol("ov_infer_request_infer", genlock_ov_infer.self)
        tensorData = try symbol("ov_tensor_data", genlock_ov_tensor_data.self)
        tensorSize = try symbol("ov_tensor_get_size", genlock_ov_tensor_size.self)
        freeCore = try symbol("ov_core_free", genlock_ov_free.self)
        freeModel = try symbol("ov_model_free", genlock_ov_free.self)
        freeCompiled = try symbol("ov_compiled_model_free", genlock_ov_free.self)
        freeRequest = try symbol("ov_infer_request_free", genlock_ov_free.self)
        freeTensor = try symbol("ov_tensor_free", genlock_ov_free.self)
        lastError = try symbol("ov_get_last_err_msg", genlock_ov_last_error.self)

        let getVersion = try symbol("ov_get_openvino_version", genlock_ov_get_version.self)
        let freeVersion = try symbol("ov_version_free", genlock_ov_version_free.self)
        var version = genlock_ov_version()
        if getVersion(&version) == 0 {
            self.version = version.build_number.map { String(cString: $0) } ?? "unknown"
            freeVersion(&version)
        } else {
            self.version = "unknown"
        }
    }

    /// Checks a status code: 0 is success.
    func check(_ name: String, _ status: Int32) throws(InferenceError) {
        guard status != 0 else { return }
        let said = lastError().map { String(cString: $0) } ?? ""
        throw InferenceError(.runtime, "\(name) failed with status \(status) \(said)")
    }

    /// Checks a status code and returns its object.
    func object(_ name: String, _ status: Int32, _ object: OpaquePointer?) throws(InferenceError) -> OpaquePointer {
        try check(name, status)
        guard let object else { throw InferenceError(.runtime, "\(name) returned nothing") }
        return object
    }
}
