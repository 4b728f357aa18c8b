/* SPDX-License-Identifier: Apache-2.0 */
/* echoes: a server in two phases, for one client after the other.
 *
 *	echoes GREETING [CLIENTS]
 *
 * It prints the port that it listens on, greets each client with the first bytes of the file GREETING,
 * and answers what it gets with the same, until CLIENTS (1 without) have been there. The bundle of
 * echoes.pale is compiled in; its bytes stand in the file that -DBUNDLE names. With pale installed:
 *
 *	pale compile echoes.pale
 *	od -An -v -tx1 echoes.bundle | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g' >echoes.inc
 *	cc -DBUNDLE='"echoes.inc"' -I. -o echoes echoes.c $(pkg-config --cflags --libs pale)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const unsigned char bundle[] = {
#include BUNDLE
};

static void leave(const char *what)
{
	perror(what);
	exit(1);
}

/* A socket on this machine's own network, at a port that is free; prints which. */
static int listen_somewhere(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 8) ||
	    getsockname(fd, (struct sockaddr *)&address, &size))
		leave("echoes: cannot listen");
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

/* What the phase has to have stopped; a server that is in earnest need not try it. */
static void check_fence(const char *path)
{
	if (open(path, O_RDONLY) >= 0 || errno != EACCES || socket(AF_INET, SOCK_STREAM, 0) >= 0 ||
	    errno != EACCES)
		leave("echoes: the fence has a hole");
}

static void serve(int fd, const char *greeting, size_t size)
{
	char bytes[512];
	ssize_t length;

	if (write(fd, greeting, size) != (ssize_t)size)
		leave("echoes: write");
	while ((length = read(fd, bytes, sizeof(bytes))) > 0)
		if (write(fd, bytes, (size_t)length) != length)
			break;
	close(fd);
}

int main(int argc, char **argv)
{
	int clients = argc > 2 ? atoi(argv[2]) : 1;
	struct pale_error error;
	char greeting[64];
	ssize_t size;
	int file, door;

	/* The first phase: files may be read, and a port may be opened. */
	if (pale_apply(bundle, sizeof(bundle), &error)) {
		fprintf(stderr, "echoes: no fence: %s\n", error.text);
		return 1;
	}
	file = open(argc > 1 ? argv[1] : "/dev/null", O_RDONLY);
	size = file < 0 ? -1 : read(file, greeting, sizeof(greeting));
	if (size < 0)
		leave("echoes: the greeting");
	close(file);
	door = listen_somewhere();

	/* From here on what clients send is looked at, and less is allowed. */
	if (pale_apply_phase(bundle, sizeof(bundle), "serving", NULL, 0, &error)) {
		fprintf(stderr, "echoes: no phase: %s\n", error.text);
		return 1;
	}
	check_fence(argv[1]);
	for (; clients > 0; clients--) {
		int client = accept(door, NULL, NULL);

		if (client < 0)
			leave("echoes: accept");
		serve(client, greeting, (size_t)size);
	}
	return 0;
}
