#ifndef GENLOCK_COPENVINO_SHIM_H
#define GENLOCK_COPENVINO_SHIM_H

/*
 * The part of OpenVINO's C interface that is used, as types of function pointers: the library is loaded at run time,
 * so that nothing of it is needed to build. Names and layouts as in openvino/c/*.h of OpenVINO 2026.
 */
#include <stddef.h>
#include <stdint.h>

typedef struct genlock_ov_opaque genlock_ov_object;

typedef struct {
    int64_t rank;
    int64_t *dims;
} genlock_ov_shape;

typedef struct {
    const char *key;
    const char *value;
} genlock_ov_property;

typedef struct {
    const char *build_number;
    const char *description;
} genlock_ov_version;

typedef int (*genlock_ov_get_version)(genlock_ov_version *version);
typedef void (*genlock_ov_version_free)(genlock_ov_version *version);
typedef const char *(*genlock_ov_last_error)(void);
typedef int (*genlock_ov_core_create)(genlock_ov_object **core);
typedef int (*genlock_ov_core_read_model)(const genlock_ov_object *core, const char *path, const char *weights,
                                          genlock_ov_object **model);
typedef int (*genlock_ov_core_compile)(const genlock_ov_object *core, const genlock_ov_object *model,
                                       const char *device, size_t count, const genlock_ov_property *properties,
                                       genlock_ov_object **compiled);
typedef int (*genlock_ov_create_request)(const genlock_ov_object *compiled, genlock_ov_object **request);
typedef int (*genlock_ov_get_tensor)(const genlock_ov_object *request, size_t index, genlock_ov_object **tensor);
typedef int (*genlock_ov_infer)(genlock_ov_object *request);
typedef int (*genlock_ov_tensor_data)(const genlock_ov_object *tensor, void **data);
typedef int (*genlock_ov_tensor_size)(const genlock_ov_object *tensor, size_t *elements);
typedef void (*genlock_ov_free)(genlock_ov_object *object);

#endif
