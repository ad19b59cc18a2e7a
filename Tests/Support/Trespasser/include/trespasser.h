/* A library that is loaded before others (LD_PRELOAD) and tries what a program must not be able to do; see trespasser.c. */
#ifndef TRESPASSER_H
#define TRESPASSER_H
#endif
