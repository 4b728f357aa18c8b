# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="git"
subject=/usr/bin/git
prepare() {
	cat >one.sh <<-'END'
		git init -q r && cd r || exit 1
		git config user.email a@b && git config user.name n
		echo 1 >file && git add file && git commit -qm one
		echo 2 >>file && git commit -qam two && git log --oneline | grep -q two
	END
	cat >two.sh <<-'END'
		git init -q r && cd r || exit 1
		git config user.email a@b && git config user.name n
		for i in 1 2 3; do seq $i 500 >f$i; git add .; git commit -qm $i; done
		git checkout -q -b side HEAD~1 && echo x >side && git add side && git commit -qm side
		git checkout -q - && git merge -q side -m merge && git gc -q && git fsck >/dev/null 2>&1
		git stash list && git tag v1 && git archive v1 | tar t >/dev/null
		git grep -n 499 >/dev/null; git blame f1 >/dev/null; git diff HEAD~1 --stat >/dev/null
		git clone -q . ../c && cd ../c && git fetch -q && git rebase -q HEAD~1
	END
}
one() { rm -rf r && "$@" sh one.sh; }
two() { rm -rf r c && "$@" sh two.sh >/dev/null; }
