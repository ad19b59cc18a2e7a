#ifndef GENLOCK_CFFTW_SHIM_H
#define GENLOCK_CFFTW_SHIM_H
#include <fftw3.h>

/* Planning by estimate only: measured plans differ from run to run, and with them the last bits of a result. */
static const unsigned genlock_fftw_estimate = FFTW_ESTIMATE;
#endif
