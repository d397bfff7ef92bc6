/** A real S3 server on loopback, for tests and figures. */
@NullMarked
package io.sluice.s3server;

import org.jspecify.annotations.NullMarked;
