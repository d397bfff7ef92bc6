/**
 * The table as Iceberg sees it: {@link io.sluice.lake.Lake} opens the catalog and makes the tables,
 * {@link io.sluice.lake.LakeTable} commits files together with a log's mark and reads both as one.
 */
@NullMarked
package io.sluice.lake;

import org.jspecify.annotations.NullMarked;
