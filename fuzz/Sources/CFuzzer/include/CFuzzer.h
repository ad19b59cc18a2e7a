// The driver of libFuzzer, which -sanitize=fuzzer links in: a program with a main of its own calls it.
#ifndef C_FUZZER_H
#define C_FUZZER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*one)(const uint8_t *bytes, size_t length));

#endif
