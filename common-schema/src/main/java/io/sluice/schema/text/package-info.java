/**
 * Values as text, the way attributes are stored (FORMATS, Text of numbers), written to raw memory
 * without a heap object. Addresses are the caller's to vouch for.
 */
@NullMarked
package io.sluice.schema.text;

import org.jspecify.annotations.NullMarked;
