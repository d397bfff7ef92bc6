/** Where a batch goes: its log, and the Writer that leads it. */
package io.sluice.acceptor.route;
