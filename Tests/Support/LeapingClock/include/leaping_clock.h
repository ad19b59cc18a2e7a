/* A library that is loaded before others (LD_PRELOAD) and makes the clock of the day leap; see leaping_clock.c. */
#ifndef LEAPING_CLOCK_H
#define LEAPING_CLOCK_H
#endif
