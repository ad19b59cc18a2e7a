#ifndef GENLOCK_CCURL_SHIM_H
#define GENLOCK_CCURL_SHIM_H

/*
 * The part of libcurl's interface that is used: the library is loaded at run time, so that nothing of it is needed to
 * build. Numbers as in curl/curl.h; they are fixed for every libcurl.so.4. Its functions for options take a variable
 * list of arguments, which Swift cannot call: these call them.
 */
#include <stddef.h>
#include <stdint.h>

enum {
    GENLOCK_CURL_GLOBAL_DEFAULT = 3,

    GENLOCK_CURLOPT_LOW_SPEED_LIMIT = 19,
    GENLOCK_CURLOPT_LOW_SPEED_TIME = 20,
    GENLOCK_CURLOPT_NOPROGRESS = 43,
    GENLOCK_CURLOPT_NOBODY = 44,
    GENLOCK_CURLOPT_NETRC = 51,
    GENLOCK_CURLOPT_FOLLOWLOCATION = 52,
    GENLOCK_CURLOPT_MAXREDIRS = 68,
    GENLOCK_CURLOPT_CONNECTTIMEOUT = 78,
    GENLOCK_CURLOPT_NOSIGNAL = 99,
    GENLOCK_CURLOPT_PROTOCOLS = 181,
    GENLOCK_CURLOPT_REDIR_PROTOCOLS = 182,
    GENLOCK_CURLOPT_WRITEDATA = 10001,
    GENLOCK_CURLOPT_URL = 10002,
    GENLOCK_CURLOPT_RANGE = 10007,
    GENLOCK_CURLOPT_ERRORBUFFER = 10010,
    GENLOCK_CURLOPT_USERAGENT = 10018,
    GENLOCK_CURLOPT_HTTPHEADER = 10023,
    GENLOCK_CURLOPT_HEADERDATA = 10029,
    GENLOCK_CURLOPT_XFERINFODATA = 10057,
    GENLOCK_CURLOPT_CAINFO = 10065,
    GENLOCK_CURLOPT_WRITEFUNCTION = 20011,
    GENLOCK_CURLOPT_HEADERFUNCTION = 20079,
    GENLOCK_CURLOPT_XFERINFOFUNCTION = 20219,

    /* Bits of the two options for protocols. */
    GENLOCK_CURLPROTO_HTTP = 1,
    GENLOCK_CURLPROTO_HTTPS = 2,
    GENLOCK_CURL_NETRC_OPTIONAL = 1,

    GENLOCK_CURLINFO_RESPONSE_CODE = 0x200002,

    /* Results: all others are failures of the connection, which may pass. */
    GENLOCK_CURLE_OK = 0,
    GENLOCK_CURLE_UNSUPPORTED_PROTOCOL = 1,
    GENLOCK_CURLE_URL_MALFORMAT = 3,
    GENLOCK_CURLE_COULDNT_RESOLVE_HOST = 6,
    GENLOCK_CURLE_WRITE_ERROR = 23,
    GENLOCK_CURLE_ABORTED_BY_CALLBACK = 42,
    GENLOCK_CURLE_TOO_MANY_REDIRECTS = 47,
    GENLOCK_CURLE_PEER_FAILED_VERIFICATION = 60,

    GENLOCK_CURL_ERROR_SIZE = 256,
};

typedef const char *(*genlock_curl_version)(void);
typedef int (*genlock_curl_global_init)(long flags);
typedef void *(*genlock_curl_easy_init)(void);
typedef int (*genlock_curl_easy_perform)(void *handle);
typedef void (*genlock_curl_easy_cleanup)(void *handle);
typedef const char *(*genlock_curl_easy_strerror)(int code);
typedef void *(*genlock_curl_slist_append)(void *list, const char *text);
typedef void (*genlock_curl_slist_free_all)(void *list);

/* Takes bytes that came, or a line of the answer's head; fewer than size * count end the transfer. */
typedef size_t (*genlock_curl_take)(char *bytes, size_t size, size_t count, void *receiver);
/* Called often; not 0 ends the transfer. */
typedef int (*genlock_curl_watch)(void *receiver, int64_t, int64_t, int64_t, int64_t);

typedef int (*genlock_curl_variadic)(void *handle, int option, ...);

static inline int genlock_curl_set_number(void *function, void *handle, int option, long value) {
    return ((genlock_curl_variadic)function)(handle, option, value);
}

static inline int genlock_curl_set_pointer(void *function, void *handle, int option, const void *value) {
    return ((genlock_curl_variadic)function)(handle, option, value);
}

static inline int genlock_curl_set_take(void *function, void *handle, int option, genlock_curl_take value) {
    return ((genlock_curl_variadic)function)(handle, option, value);
}

static inline int genlock_curl_set_watch(void *function, void *handle, int option, genlock_curl_watch value) {
    return ((genlock_curl_variadic)function)(handle, option, value);
}

static inline int genlock_curl_get_number(void *function, void *handle, int what, long *value) {
    return ((genlock_curl_variadic)function)(handle, what, value);
}

#endif
