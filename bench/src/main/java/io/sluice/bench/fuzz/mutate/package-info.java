/**
 * Inputs made from good ones: each a function of a corpus and a random source, so that a seed
 * replays it. Knows formats, and breaks them on purpose; sends nothing.
 */
@NullMarked
package io.sluice.bench.fuzz.mutate;

import org.jspecify.annotations.NullMarked;
