/* Makes programs that are linked with a newer glibc run with 2.34, which Lambda's provided.al2023 has.
 *
 * glibc 2.35 gave these functions new versions (they no longer set errno), and the linker takes the newest there is. The
 * old ones are still in every glibc: they are asked for by their version. ./package links this file. */
#if defined(__x86_64__)
#define OLDEST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLDEST "GLIBC_2.17"
#else
#error "the oldest glibc of this processor isn't known"
#endif

double old_hypot(double x, double y);
float old_hypotf(float x, float y);
__asm__(".symver old_hypot, hypot@" OLDEST);
__asm__(".symver old_hypotf, hypotf@" OLDEST);

double hypot(double x, double y) { return old_hypot(x, y); }
float hypotf(float x, float y) { return old_hypotf(x, y); }
