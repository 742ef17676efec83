// What Swift cannot import from libcurl: its variadic functions, one wrapper for each type of argument.
#ifndef CLIBCURL_SHIM_H
#define CLIBCURL_SHIM_H

#include <curl/curl.h>
#include <sys/prctl.h>

// curl_easy_setopt is variadic: options that take a long.
static inline CURLcode clibcurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

// curl_easy_setopt is variadic: options that take a curl_off_t.
static inline CURLcode clibcurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

// curl_easy_setopt is variadic: options that take a string, which libcurl copies.
static inline CURLcode clibcurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

// curl_easy_setopt is variadic: options that take a context pointer, a list or a buffer, which libcurl does not copy.
static inline CURLcode clibcurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

// curl_easy_setopt is variadic: options that take a blob; CURL_BLOB_COPY makes libcurl own a copy.
static inline CURLcode clibcurl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}

// curl_easy_setopt is variadic: the write, header and read callbacks have one type in common.
static inline CURLcode clibcurl_set_data_callback(CURL *handle, CURLoption option, curl_write_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

// curl_easy_setopt is variadic: CURLOPT_SOCKOPTFUNCTION.
static inline CURLcode clibcurl_set_socket_opened(CURL *handle, curl_sockopt_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, callback);
}

// curl_easy_setopt is variadic: CURLOPT_CLOSESOCKETFUNCTION.
static inline CURLcode clibcurl_set_socket_closing(CURL *handle, curl_closesocket_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, callback);
}

// curl_easy_getinfo is variadic: CURLINFO_PRIVATE.
static inline void *clibcurl_private(CURL *handle) {
    char *value = NULL;
    (void)curl_easy_getinfo(handle, CURLINFO_PRIVATE, &value);
    return value;
}

// curl_easy_getinfo is variadic: facts of type long; 0 where unknown.
static inline long clibcurl_long(CURL *handle, CURLINFO fact) {
    long value = 0;
    (void)curl_easy_getinfo(handle, fact, &value);
    return value;
}

// curl_easy_getinfo is variadic: facts of type curl_off_t; 0 where unknown.
static inline curl_off_t clibcurl_offset(CURL *handle, CURLINFO fact) {
    curl_off_t value = 0;
    (void)curl_easy_getinfo(handle, fact, &value);
    return value;
}

// curl_multi_setopt is variadic: options that take a long.
static inline CURLMcode clibcurl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

// prctl is variadic: names the calling thread, as `ps -L` and debuggers show it; Linux keeps 15 bytes.
static inline void clibcurl_name_thread(const char *name) {
    (void)prctl(PR_SET_NAME, name);
}

#endif
