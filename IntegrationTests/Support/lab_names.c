/* A resolver for the stories, loaded before the C library's (LD_PRELOAD): names that end in .lab.test are answered from
 * the files of the folder in LAB_NAMES, each named like the name. A file holds an address, or `none`, and after it, if it
 * takes time, milliseconds. It is read anew at each question, so a name can lose its address, and get it back. Every other
 * name goes to the system's resolver.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*resolver)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    static const char domain[] = ".lab.test";
    const resolver system = (resolver)dlsym(RTLD_NEXT, "getaddrinfo");
    const char *folder = getenv("LAB_NAMES");
    const size_t length = name ? strlen(name) : 0;
    if (!folder || length < sizeof domain || strcmp(name + length - (sizeof domain - 1), domain) != 0)
        return system(name, service, hints, found);

    char path[4096], address[64] = "none";
    long milliseconds = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file) {
        if (fscanf(file, "%63s %ld", address, &milliseconds) < 1)
            strcpy(address, "none");
        fclose(file);
    }
    if (milliseconds > 0)
        usleep((useconds_t)milliseconds * 1000);
    return strcmp(address, "none") == 0 ? EAI_NONAME : system(address, service, hints, found);
}
