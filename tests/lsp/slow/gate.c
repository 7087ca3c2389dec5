/*
 * Makes a folder one of a file system that does not answer: whoever asks for something below GATE_BELOW waits as long as
 * somebody holds a lock on the file GATE. For LD_PRELOAD.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The library has the calls that are waited for; its own go to the next one. */
#define NEXT(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

static void wait_below(const char *path)
{
    const char *below = getenv("GATE_BELOW"), *gate = getenv("GATE");
    int fd;

    if (path == NULL || below == NULL || gate == NULL || strncmp(path, below, strlen(below)) != 0) {
        return;
    }
    fd = NEXT(open64)(gate, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        flock(fd, LOCK_SH);
        close(fd);
    }
}

static mode_t mode_of(int flags, va_list rest)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPENS(name)                                 \
    int name(const char *path, int flags, ...)      \
    {                                               \
        va_list rest;                               \
        mode_t mode;                                \
                                                    \
        va_start(rest, flags);                      \
        mode = mode_of(flags, rest);                \
        va_end(rest);                               \
        wait_below(path);                           \
        return NEXT(name)(path, flags, mode);       \
    }

OPENS(open)
OPENS(open64)

int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict out)
{
    wait_below(path);
    return NEXT(statx)(folder, path, flags, mask, out);
}

#define STATS(name, kind)                           \
    int name(const char *path, struct kind *out)    \
    {                                               \
        wait_below(path);                           \
        return NEXT(name)(path, out);               \
    }

STATS(stat, stat)
STATS(stat64, stat64)
STATS(lstat, stat)
STATS(lstat64, stat64)

DIR *opendir(const char *path)
{
    wait_below(path);
    return NEXT(opendir)(path);
}

char *realpath(const char *restrict path, char *restrict out)
{
    wait_below(path);
    return NEXT(realpath)(path, out);
}

ssize_t readlink(const char *restrict path, char *restrict out, size_t size)
{
    wait_below(path);
    return NEXT(readlink)(path, out, size);
}
