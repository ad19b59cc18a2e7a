/* What FoundationNetworking would ask of libcurl, for a program with the Swift runtime inside that opens no URL: the server of
   'genlock review' brings that module along, and nothing calls it. Each answers that there is nothing: a null pointer, or
   CURLE_FAILED_INIT where a status is asked for. */

#define NOTHING(name) \
    void *name(void) { return 0; }
#define FAILS(name) \
    int name(void) { return 2; }

NOTHING(curl_easy_cleanup)
FAILS(curl_easy_getinfo)
NOTHING(curl_easy_init)
FAILS(curl_easy_pause)
FAILS(curl_easy_setopt)
NOTHING(curl_easy_strerror)
NOTHING(curl_free)
FAILS(curl_global_init)
FAILS(curl_multi_add_handle)
FAILS(curl_multi_assign)
FAILS(curl_multi_cleanup)
NOTHING(curl_multi_info_read)
NOTHING(curl_multi_init)
FAILS(curl_multi_remove_handle)
FAILS(curl_multi_setopt)
FAILS(curl_multi_socket_action)
NOTHING(curl_slist_append)
NOTHING(curl_slist_free_all)
NOTHING(curl_url)
FAILS(curl_url_get)
FAILS(curl_url_set)
NOTHING(curl_version)
NOTHING(curl_version_info)
