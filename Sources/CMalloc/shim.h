// What Swift's module of glibc leaves out: the allocator's own calls.
#include <malloc.h>
