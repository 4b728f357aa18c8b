# SPDX-License-Identifier: Apache-2.0
# Rules of GNU make that compile policies. Include it behind the first rule:
#
#	include $(shell pkg-config --variable=pkgdatadir pale)/pale.mk
#
# NAME.pale becomes NAME_filter.h, NAME_filter.o, NAME.bundle or NAME.bpf, whichever is asked for, and
# is compiled again where a file that it includes changes. The names in C begin with the policy's name,
# or with NAME where it has none.
PALE ?= pale
# As in PALEFLAGS = --arch x86_64,x86 -I policies
PALEFLAGS ?=

%_filter.h: %.pale
	$(PALE) compile $(PALEFLAGS) --format c -M $@.d -o $@ $<
%_filter.o: %.pale
	$(PALE) compile $(PALEFLAGS) --format elf -M $@.d -o $@ $<
%.bundle: %.pale
	$(PALE) compile $(PALEFLAGS) -M $@.d -o $@ $<
%.bpf: %.pale
	$(PALE) compile $(PALEFLAGS) --format raw -M $@.d -o $@ $<

-include $(wildcard *_filter.h.d *_filter.o.d *.bundle.d *.bpf.d)
