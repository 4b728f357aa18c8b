/* SPDX-License-Identifier: Apache-2.0 */
/* Names for the errors that pale-run's own calls can end with. */
#include "runtime/shim.h"

/* clang-format off */
#define ERRNO_NAMES(NAME)                                                                          \
	NAME(EPERM) NAME(ENOENT) NAME(ESRCH) NAME(EINTR) NAME(EIO) NAME(ENXIO) NAME(E2BIG)         \
	NAME(ENOEXEC) NAME(EBADF) NAME(ECHILD) NAME(EAGAIN) NAME(ENOMEM) NAME(EACCES)              \
	NAME(EFAULT) NAME(EBUSY) NAME(EEXIST) NAME(ENODEV) NAME(ENOTDIR) NAME(EISDIR)              \
	NAME(EINVAL) NAME(ENFILE) NAME(EMFILE) NAME(ETXTBSY) NAME(EFBIG) NAME(ENOSPC)              \
	NAME(EROFS) NAME(ENAMETOOLONG) NAME(ENOSYS) NAME(ELOOP) NAME(EOVERFLOW) NAME(ELIBBAD)      \
	NAME(EUSERS) NAME(EOPNOTSUPP) NAME(EAFNOSUPPORT) NAME(EDQUOT) NAME(ESTALE)
/* clang-format on */

const char *errno_name(int error)
{
	switch (error) {
#define NAME(name)                                                                                 \
	case name:                                                                                 \
		return #name;
		ERRNO_NAMES(NAME)
#undef NAME
	default:
		return NULL;
	}
}
