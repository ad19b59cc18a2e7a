#ifndef GENLOCK_CESPEAK_H
#define GENLOCK_CESPEAK_H

#include <espeak-ng/speak_lib.h>

#endif
