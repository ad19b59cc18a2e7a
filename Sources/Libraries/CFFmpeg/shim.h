#ifndef GENLOCK_CFFMPEG_SHIM_H
#define GENLOCK_CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/common.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/md5.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Macros that Swift cannot import, as constants. */
static const int genlock_averror_eagain = AVERROR(EAGAIN);
static const int genlock_averror_enomem = AVERROR(ENOMEM);
static const int genlock_averror_eof = AVERROR_EOF;
static const int genlock_averror_invaliddata = AVERROR_INVALIDDATA;
static const int genlock_averror_decoder_not_found = AVERROR_DECODER_NOT_FOUND;
static const int genlock_averror_exit = AVERROR_EXIT;
static const int64_t genlock_nopts = AV_NOPTS_VALUE;
static const int64_t genlock_time_base = AV_TIME_BASE;

/* Writing to a descriptor, which stays the caller's: FFmpeg opens no file by its name. */
#if LIBAVFORMAT_VERSION_MAJOR >= 61
static int genlock_output_write(void *file, const uint8_t *bytes, int count) {
#else
static int genlock_output_write(void *file, uint8_t *bytes, int count) {
#endif
    int done = 0;
    while (done < count) {
        ssize_t written = write((int)(intptr_t)file, bytes + done, (size_t)(count - done));
        if (written > 0) done += (int)written;
        else if (written == 0) return AVERROR(EIO);
        else if (errno != EINTR) return AVERROR(errno);
    }
    return count;
}

static int64_t genlock_output_seek(void *file, int64_t place, int whence) {
    if (whence == AVSEEK_SIZE) {
        struct stat now;
        return fstat((int)(intptr_t)file, &now) ? AVERROR(errno) : (S_ISREG(now.st_mode) ? now.st_size : AVERROR(ENOSYS));
    }
    off_t result = lseek((int)(intptr_t)file, place, whence & ~AVSEEK_FORCE);
    return result < 0 ? AVERROR(errno) : result;
}

/* NULL: no memory. */
static inline AVIOContext *genlock_output_begin(int file) {
    const int size = 1 << 18;
    uint8_t *buffer = (uint8_t *)av_malloc((size_t)size);
    if (!buffer) return NULL;
    AVIOContext *output = avio_alloc_context(
        buffer, size, 1, (void *)(intptr_t)file, NULL, genlock_output_write, genlock_output_seek);
    if (!output) av_free(buffer);
    return output;
}

static inline void genlock_output_end(AVIOContext **output) {
    if (!*output) return;
    avio_flush(*output);
    av_freep(&(*output)->buffer);
    avio_context_free(output);
}

/* The text of an FFmpeg error code. `buffer` holds at least AV_ERROR_MAX_STRING_SIZE (64) bytes. */
static inline void genlock_error_text(int code, char *buffer, size_t size) {
    av_strerror(code, buffer, size);
}

/* Scalers to RGBA, behind a pointer without a type: FFmpeg 7.1 made the context a public structure and the flags an
   enumeration, and so changed how Swift sees both. SWS_AREA averages where it reduces and centres its pixels.
   SWS_FAST_BILINEAR costs as much, aligns pixels by their left edges and takes chroma from up to two converted pixels
   away. Without SWS_FULL_CHR_H_INP the last column of an RGB picture of odd width is mixed with what lies beyond it. */
static inline void *genlock_scaler_make(int source_width, int source_height, enum AVPixelFormat source, int width, int height) {
    return sws_getContext(
        source_width, source_height, source, width, height, AV_PIX_FMT_RGBA, SWS_AREA | SWS_FULL_CHR_H_INP,
        NULL, NULL, NULL);
}

/* Sets the YUV matrix (SWS_CS_...) and range of the source; the target is RGB of full range. */
static inline void genlock_scaler_set_colours(void *scaler, int matrix, int is_full) {
    sws_setColorspaceDetails(
        (struct SwsContext *)scaler, sws_getCoefficients(matrix), is_full, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0,
        1 << 16, 1 << 16);
}

static inline int genlock_scaler_run(
    void *scaler, const uint8_t *const planes[], const int strides[], int rows, uint8_t *const target[],
    const int target_strides[]) {
    return sws_scale((struct SwsContext *)scaler, planes, strides, 0, rows, target, target_strides);
}

static inline void genlock_scaler_free(void *scaler) {
    sws_freeContext((struct SwsContext *)scaler);
}

/* The display matrix (nine 16.16 numbers) of a stream, or NULL. FFmpeg 6.1 moved the side data of streams. */
static inline const int32_t *genlock_display_matrix(const AVStream *stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
#else
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}

/* What a stream says beside its parameters: display matrix, stereo mode and the like. 0, or an error code. */
static inline int genlock_copy_side_data(AVStream *to, const AVStream *from) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    (void)to;
    (void)from; /* a part of the parameters there, and copied with them */
#else
    for (int index = 0; index < from->nb_side_data; index++) {
        const AVPacketSideData *data = &from->side_data[index];
        uint8_t *copy = av_stream_new_side_data(to, data->type, data->size);
        if (!copy) return AVERROR(ENOMEM);
        memcpy(copy, data->data, data->size);
    }
#endif
    return 0;
}

/* The chapters of a file, moved by so many microseconds; none beyond what its numbers hold. 0, or an error code. */
static inline int genlock_copy_chapters(AVFormatContext *to, const AVFormatContext *from, int64_t shift) {
    if (from->nb_chapters == 0) return 0;
    AVChapter **list = (AVChapter **)av_calloc(from->nb_chapters, sizeof *list);
    if (!list) return AVERROR(ENOMEM);
    to->chapters = list;
    to->nb_chapters = 0;
    for (unsigned index = 0; index < from->nb_chapters; index++) {
        const AVChapter *old = from->chapters[index];
        AVChapter *copy = (AVChapter *)av_mallocz(sizeof *copy);
        if (!copy) return AVERROR(ENOMEM);
        int64_t ticks = av_rescale_q(shift, (AVRational){1, AV_TIME_BASE}, old->time_base);
        copy->id = old->id;
        copy->time_base = old->time_base;
        copy->start = av_sat_add64(old->start, ticks);
        copy->end = av_sat_add64(old->end, ticks);
        list[to->nb_chapters++] = copy;
        int code = av_dict_copy(&copy->metadata, old->metadata, 0);
        if (code < 0) return code;
    }
    return 0;
}

/* The sample formats that an encoder takes, up to AV_SAMPLE_FMT_NONE; NULL: any. */
static inline const enum AVSampleFormat *genlock_sample_formats(const AVCodec *codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *list = NULL;
    int count = 0;
    int code = avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_SAMPLE_FORMAT, 0, &list, &count);
    return code >= 0 ? (const enum AVSampleFormat *)list : NULL;
#else
    return codec->sample_fmts;
#endif
}

#endif
