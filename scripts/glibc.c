/* Lets programs that are linked with a newer glibc run with glibc 2.34, the version of Lambda's provided.al2023.
 *
 * glibc 2.35 added new versions of these functions, which no longer set errno, and the linker takes the newest version.
 * Every glibc still has the old ones, so this file requests them by version. ./package links it. */
#if defined(__x86_64__)
#define OLDEST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLDEST "GLIBC_2.17"
#else
#error "the oldest glibc version of this processor is unknown"
#endif

double old_hypot(double x, double y);
float old_hypotf(float x, float y);
__asm__(".symver old_hypot, hypot@" OLDEST);
__asm__(".symver old_hypotf, hypotf@" OLDEST);

double hypot(double x, double y) { return old_hypot(x, y); }
float hypotf(float x, float y) { return old_hypotf(x, y); }
