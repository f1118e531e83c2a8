// SPDX-License-Identifier: Apache-2.0
// What the C library's resolver makes of a name: its IPv4 addresses, or how it says that there are
// none.
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int count, char** arguments) {
  const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo* found = NULL;
  if (count != 2) return 2;
  const int error = getaddrinfo(arguments[1], NULL, &hints, &found);
  if (error != 0) {
    puts(error == EAI_AGAIN ? "temporary failure" : "no such name");
    return 0;
  }
  for (const struct addrinfo* address = found; address; address = address->ai_next) {
    char text[INET6_ADDRSTRLEN];
    if (getnameinfo(address->ai_addr, address->ai_addrlen, text, sizeof text, NULL, 0,
                    NI_NUMERICHOST) == 0)
      puts(text);
  }
  freeaddrinfo(found);
  return 0;
}
