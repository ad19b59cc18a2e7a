/* A library that is loaded before others (LD_PRELOAD) and makes one call to the file system fail; see faulty_disk.c. */
#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H
#endif
