// SPDX-License-Identifier: Apache-2.0

// What Go's own resolver makes of a name: its addresses, or how it says that there are none.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
)

func main() {
	resolver := net.Resolver{PreferGo: true}
	addresses, err := resolver.LookupHost(context.Background(), os.Args[1])
	var problem *net.DNSError
	switch {
	case errors.As(err, &problem) && !problem.IsNotFound:
		fmt.Println("temporary failure")
	case err != nil:
		fmt.Println("no such name")
	}
	for _, address := range addresses {
		fmt.Println(address)
	}
}
