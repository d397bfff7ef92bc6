/**
 * The one {@code sluice} command. {@link io.sluice.cli.Main} knows the commands; each command reads
 * its settings and calls the module that does the work.
 */
@NullMarked
package io.sluice.cli;

import org.jspecify.annotations.NullMarked;
