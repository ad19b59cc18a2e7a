/* Our own C, which lies in headers, at the edges of what it takes: built by `scripts/sanitize headers` with the sanitizers
 * of addresses and of undefined behaviour. Sizes and numbers are drawn from a fixed seed; room is exactly as large as
 * the headers ask for, so that a step beyond it is seen. */
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "CConfinement/shim.h"
#include "CConvolution/shim.h"
#include "CFFmpeg/shim.h"
#include "CWordPath/shim.h"

static unsigned long long state = 88172645463325252ULL;

static unsigned draw(unsigned below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 32) % below;
}

static float number(void) {
    static const float edges[] = {0, 1e30f, -1e30f, 1.0f / 0.0f, -1.0f / 0.0f, 0.0f / 0.0f};
    unsigned kind = draw(12);
    return kind < 6 ? edges[kind] : ((float)draw(2000001) - 1e6f) / 1e3f;
}

static float *numbers(size_t count) {
    float *made = malloc(count * sizeof *made);
    for (size_t i = 0; i < count; i++) made[i] = number();
    return made;
}

static void layer(void) {
    int size = 1 + draw(5), stride = 1 + draw(2), inputs = 1 + draw(9), outputs = 8 * (1 + draw(3));
    int side = 1 + draw(13), border = draw(3), padded = (side - 1) * stride + size, width = side + 2 * border;
    float *kernel = numbers((size_t)size * size * inputs * outputs), *bias = numbers(outputs);
    float *input = numbers((size_t)padded * padded * inputs), *output = numbers((size_t)width * width * outputs);
    struct genlock_layer what = {size, stride, inputs, outputs, kernel, bias};
    genlock_convolve(what, input, padded, output, side, border);
    free(kernel);
    free(bias);
    free(input);
    free(output);
}

static void words(void) {
    int states = 2 + 8 * (1 + draw(6)), columns = 1 + draw(16), frames = 1 + draw(60);
    unsigned char *classes = malloc(states);
    for (int i = 0; i < states; i++) classes[i] = draw(columns);
    float *stays = numbers(states), *skips = numbers(states), *scores = numbers((size_t)frames * columns);
    float *values = numbers(2 * states), *ends = numbers(frames);
    int *starts = calloc(2 * states, sizeof *starts), *begun = calloc(frames, sizeof *begun);
    for (int i = 0; i < 2 * states; i++) values[i] = i % states == 1 ? 0 : -1e30f;
    struct genlock_words what = {states, 2 + draw(states - 2), number(), classes, stays, skips};
    genlock_word_ends(what, scores, columns, 0, frames, values, starts, ends, begun);
    free(classes);
    free(stays);
    free(skips);
    free(scores);
    free(values);
    free(ends);
    free(starts);
    free(begun);
}

static int64_t time_of_chapter(void) {
    static const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, 1000000, INT64_MAX - 1, INT64_MAX};
    return edges[draw(8)];
}

static void chapters(void) {
    AVFormatContext *from = avformat_alloc_context(), *to = avformat_alloc_context();
    from->nb_chapters = 1 + draw(4);
    from->chapters = av_calloc(from->nb_chapters, sizeof *from->chapters);
    for (unsigned i = 0; i < from->nb_chapters; i++) {
        AVChapter *chapter = from->chapters[i] = av_mallocz(sizeof *chapter);
        chapter->time_base = (AVRational){1 + draw(3), 1 + draw(1000000000)};
        chapter->start = time_of_chapter();
        chapter->end = time_of_chapter();
    }
    if (genlock_copy_chapters(to, from, time_of_chapter()) != 0 || to->nb_chapters != from->nb_chapters) abort();
    avformat_free_context(from);
    avformat_free_context(to);
}

#if LIBAVFORMAT_VERSION_INT < AV_VERSION_INT(60, 15, 100)
/* A display matrix of any length. */
static void side_data(void) {
    AVFormatContext *file = avformat_alloc_context();
    AVStream *from = avformat_new_stream(file, NULL), *to = avformat_new_stream(file, NULL);
    size_t length = 1 + draw(48);
    memset(av_stream_new_side_data(from, AV_PKT_DATA_DISPLAYMATRIX, length), 255, length);
    const int32_t *matrix = genlock_display_matrix(from);
    if ((matrix != NULL) != (length >= 36) || (matrix && matrix[8] != -1)) abort();
    if (genlock_copy_side_data(to, from) != 0) abort();
    avformat_free_context(file);
}
#else
static void side_data(void) {}
#endif

/* Messages of any length, with a descriptor and without, taken with room for one and without. */
static void messages(int ends[2]) {
    size_t length = 1 + draw(300), room = 1 + draw(300);
    unsigned char *sent = malloc(length), *taken = malloc(room);
    for (size_t i = 0; i < length; i++) sent[i] = draw(256);
    int given = draw(2) ? STDIN_FILENO : -1, came = 7, wants = draw(2);
    if (genlock_send(ends[0], sent, length, given, 1) != (ssize_t)length) abort();
    size_t least = length < room ? length : room;
    if (genlock_receive(ends[1], taken, room, wants ? &came : NULL) != (ssize_t)least) abort();
    if (memcmp(sent, taken, least) != 0 || (wants && (came >= 0) != (given >= 0))) abort();
    if (wants && came >= 0) close(came);
    free(sent);
    free(taken);
}

/* What gave up its rights opens nothing to write and asks for no socket. */
static void confined(long landlock, int channel) {
    pid_t child = fork();
    if (child == 0) {
        int done = genlock_confine(landlock, channel);
        int is_held = open("/dev/null", O_WRONLY) < 0 && socket(AF_UNIX, SOCK_STREAM, 0) < 0;
        _exit(!(done & GENLOCK_NO_PROCESSES) || is_held ? 0 : 1);
    }
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) abort();
}

int main(void) {
    int ends[2];
    if (genlock_channel(ends) != 0) abort();
    for (long version = 0; version <= 6; version++) {
        confined(version, -1);
        confined(version, ends[0]);
    }
    const int rounds = 3000;
    for (int i = 0; i < rounds; i++) {
        layer();
        words();
        chapters();
        side_data();
        messages(ends);
    }
    printf("%d layers, paths of words, lists of chapters, matrices and messages: nothing was met\n", rounds);
    return 0;
}
