/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of libseccomp that are used, by name; for compiler/backend/ alone. */
#ifndef PALE_BACKEND_SECCOMP_FUNCTIONS_H
#define PALE_BACKEND_SECCOMP_FUNCTIONS_H

#include <seccomp.h>

#define SECCOMP_FUNCTIONS(F)                                                                       \
	F(seccomp_version)                                                                         \
	F(seccomp_api_set)                                                                         \
	F(seccomp_init)                                                                            \
	F(seccomp_release)                                                                         \
	F(seccomp_merge)                                                                           \
	F(seccomp_arch_native)                                                                     \
	F(seccomp_arch_resolve_name)                                                               \
	F(seccomp_arch_add)                                                                        \
	F(seccomp_arch_remove)                                                                     \
	F(seccomp_attr_set)                                                                        \
	F(seccomp_syscall_resolve_num_arch)                                                        \
	F(seccomp_syscall_resolve_name)                                                            \
	F(seccomp_rule_add_array)                                                                  \
	F(seccomp_export_bpf)

struct seccomp_functions {
#define SECCOMP_FUNCTION(name) __typeof__(name) *name;
	SECCOMP_FUNCTIONS(SECCOMP_FUNCTION)
#undef SECCOMP_FUNCTION
};

#endif
