# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="perl"
subject=/usr/bin/perl
prepare() {
	cat >one.pl <<-'END'
		use strict;
		my %h;
		$h{$_ % 7} += $_ for 1 .. 5000;
		open my $f, '>', 'out' or die;
		print $f "$_ $h{$_}\n" for sort keys %h;
		close $f;
		my $r = qx(echo sub);
		exit($r eq "sub\n" ? 0 : 1);
	END
	cat >two.pl <<-'END'
		use strict; use Socket; use POSIX; use File::Find; use Time::HiRes 'usleep'; use IO::Select;
		socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0) or die;
		my $pid = fork // die;
		if (!$pid) { syswrite $b, "child"; POSIX::_exit(4) }
		IO::Select->new($a)->can_read(5); sysread $a, my $got, 5; waitpid $pid, 0;
		die unless $got eq 'child' && $? >> 8 == 4;
		local $SIG{ALRM} = sub { }; alarm 1; alarm 0; usleep 1000;
		find(sub { stat $_ }, '.');
		mkdir 'pd'; rmdir 'pd'; rename 'out', 'out2' if -e 'out'; utime 1, 2, 'one.pl'; chmod 0644, 'one.pl';
		opendir my $d, '/'; readdir $d; closedir $d; my @g = getpwuid($<); kill 0, $$; umask 022;
		socket my $s, AF_INET, SOCK_STREAM, 0; bind $s, sockaddr_in(0, INADDR_LOOPBACK); listen $s, 1;
		open my $p, '-|', 'cat one.pl' or die; my @lines = <$p>; close $p; exit(@lines > 3 ? 0 : 1);
	END
}
one() { "$@" perl one.pl; }
two() { "$@" perl two.pl; }
