/**
 * The catalog in use as a read-only Iceberg REST catalog, without HTTP itself: {@link
 * io.sluice.lake.rest.RestCatalog} answers a method and a path with a status and JSON, by the
 * Apache Iceberg REST catalog specification (version 1 paths).
 */
@NullMarked
package io.sluice.lake.rest;

import org.jspecify.annotations.NullMarked;
