#pragma once

// Clang's thread-safety analysis; nothing under other compilers.
#if defined(__clang__)
#define COMET_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define COMET_THREAD_ANNOTATION(x)
#endif

#define CAPABILITY(x) COMET_THREAD_ANNOTATION(capability(x))
#define SCOPED_CAPABILITY COMET_THREAD_ANNOTATION(scoped_lockable)
#define GUARDED_BY(x) COMET_THREAD_ANNOTATION(guarded_by(x))
#define PT_GUARDED_BY(x) COMET_THREAD_ANNOTATION(pt_guarded_by(x))
#define REQUIRES(...) COMET_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define REQUIRES_SHARED(...) COMET_THREAD_ANNOTATION(requires_shared_capability(__VA_ARGS__))
#define ACQUIRE(...) COMET_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define ACQUIRE_SHARED(...) COMET_THREAD_ANNOTATION(acquire_shared_capability(__VA_ARGS__))
#define RELEASE(...) COMET_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define RELEASE_SHARED(...) COMET_THREAD_ANNOTATION(release_shared_capability(__VA_ARGS__))
#define EXCLUDES(...) COMET_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS COMET_THREAD_ANNOTATION(no_thread_safety_analysis)
