/** The spans of one trace as a waterfall. */
@NullMarked
package io.sluice.cli.trace;

import org.jspecify.annotations.NullMarked;
