/** Where a batch goes: its log, and the Writer that leads it as far as is known. */
package io.sluice.acceptor.route;
