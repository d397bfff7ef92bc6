/**
 * The numbers to reach, as ratios taken in one run, each side in turn with the other, so that a
 * noisy machine moves both. {@link io.sluice.bench.figures.Figures} prints them; docs/benchmarks.md
 * keeps them. The benchmarks named ...Benchmark are JMH's, for looking at one side alone.
 */
@NullMarked
package io.sluice.bench.figures;

import org.jspecify.annotations.NullMarked;
