/** What arrives, a line each: which rows are wanted, how they look, and who writes them. */
@NullMarked
package io.sluice.cli.tail;

import org.jspecify.annotations.NullMarked;
