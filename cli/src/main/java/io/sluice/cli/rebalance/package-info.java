/** Brings logs to the Writers on which they are placed, one step at a time. */
@NullMarked
package io.sluice.cli.rebalance;

import org.jspecify.annotations.NullMarked;
