/** A prompt for SQL: lines, history, completion, and what runs them. */
@NullMarked
package io.sluice.cli.prompt;

import org.jspecify.annotations.NullMarked;
