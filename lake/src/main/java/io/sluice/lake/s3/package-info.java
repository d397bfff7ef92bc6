/** Tables' files in an object store that speaks S3. */
@NullMarked
package io.sluice.lake.s3;

import org.jspecify.annotations.NullMarked;
