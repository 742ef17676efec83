#include <stddef.h>
#include <stdint.h>

// libFuzzer as a library: it calls `target` with one input after another, and returns the process' exit status.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*target)(const uint8_t *, size_t));
