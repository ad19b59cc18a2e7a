#ifndef GENLOCK_CFFMPEG_SHIM_H
#define GENLOCK_CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

/* Macros that Swift cannot import, as constants. */
static const int genlock_averror_eagain = AVERROR(EAGAIN);
static const int genlock_averror_enomem = AVERROR(ENOMEM);
static const int genlock_averror_eof = AVERROR_EOF;
static const int genlock_averror_invaliddata = AVERROR_INVALIDDATA;
static const int genlock_averror_decoder_not_found = AVERROR_DECODER_NOT_FOUND;
static const int genlock_averror_exit = AVERROR_EXIT;
static const int64_t genlock_nopts = AV_NOPTS_VALUE;
static const int64_t genlock_time_base = AV_TIME_BASE;

/* The text of an FFmpeg error code. `buffer` holds at least AV_ERROR_MAX_STRING_SIZE (64) bytes. */
static inline void genlock_error_text(int code, char *buffer, size_t size) {
    av_strerror(code, buffer, size);
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

#endif
