#ifndef GENLOCK_CSNDFILE_SHIM_H
#define GENLOCK_CSNDFILE_SHIM_H
#include <sndfile.h>
#endif
