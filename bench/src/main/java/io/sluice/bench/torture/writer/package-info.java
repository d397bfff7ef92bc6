/**
 * The Writer with a log disk, a store and a catalog that fail when the harness says so: the same
 * process in all else.
 *
 * <pre>
 * Switches        which faults are on; a file that the harness writes
 * SwitchBoard     reads that file, again and again
 * SwitchedDisk    the log's disk: slow force, EIO, ENOSPC
 * SwitchedStore   the store: fails, hangs
 * SwitchedDriver  the catalog's connections: fail, hang, lose answers
 * Main            the process
 * </pre>
 */
@NullMarked
package io.sluice.bench.torture.writer;

import org.jspecify.annotations.NullMarked;
