/* The library through which espeak-ng would play sound, for packages whose programs never play any: it says that there is
   no device. */

struct audio_object;

struct audio_object *create_audio_device_object(const char *device, const char *application, const char *description) {
    (void)device;
    (void)application;
    (void)description;
    return 0;
}

int audio_object_open(struct audio_object *object, int format, unsigned rate, unsigned char channels) {
    (void)object;
    (void)format;
    (void)rate;
    (void)channels;
    return -1;
}

void audio_object_close(struct audio_object *object) { (void)object; }
void audio_object_destroy(struct audio_object *object) { (void)object; }

int audio_object_write(struct audio_object *object, const void *data, unsigned long bytes) {
    (void)object;
    (void)data;
    (void)bytes;
    return -1;
}

int audio_object_drain(struct audio_object *object) {
    (void)object;
    return 0;
}

int audio_object_flush(struct audio_object *object) {
    (void)object;
    return 0;
}

const char *audio_object_strerror(struct audio_object *object, int error) {
    (void)object;
    (void)error;
    return "this package plays no sound";
}
