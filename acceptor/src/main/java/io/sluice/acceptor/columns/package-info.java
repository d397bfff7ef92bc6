/**
 * Arrow columns being filled: growable off-heap buffers in the layout of the wire schema, without
 * vectors and without a heap object per row. {@link WireColumns} holds one table's; the typed views
 * ({@link SpanColumns} and others) name them for the decoder.
 */
@NullMarked
package io.sluice.acceptor.columns;

import org.jspecify.annotations.NullMarked;
