/** The Acceptor: receive, decode, columns, route, forward; wired here. */
package io.sluice.acceptor;
