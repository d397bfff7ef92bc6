/**
 * Fuzzing by command ({@code bench/fuzz}) and, shorter, in tests: inputs made from a corpus by a
 * seed, fed to one edge of the product after the other, and what must hold afterwards.
 */
@NullMarked
package io.sluice.bench.fuzz;

import org.jspecify.annotations.NullMarked;
